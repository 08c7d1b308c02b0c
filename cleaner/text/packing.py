"""Pairs of integers below 2**32 packed into one of 64 bits, so that pairs sort and compare as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BITS = 32
_LOW = (1 << _BITS) - 1


def pack_pairs(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pack two arrays, `left` below 2**31 and `right` below 2**32, into one that sorts by `left`, then by `right`."""
    pairs: NDArray[np.int64] = left << _BITS | right
    return pairs


def unpack_pairs(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the left and the right numbers of packed pairs."""
    return pairs >> _BITS, pairs & _LOW
