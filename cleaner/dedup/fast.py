"""The same signatures and set sizes compiled by numba, the `[fast]` extra. Bit-identical to the numpy ways."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@cache
def available() -> bool:
    """Whether numba is installed and not switched off by `CLEANER_FAST=0`."""
    return os.environ.get("CLEANER_FAST", "1") != "0" and importlib.util.find_spec("numba") is not None


def signatures(
    mixed: NDArray[np.uint32],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """Signatures of ranges of mixed hashes, shape (ranges, permutations)."""
    out = np.full((len(starts), len(a)), 0xFFFFFFFF, dtype=np.uint32)
    _kernels()[0](mixed, starts, stops, a, b, out)
    return out


def shared(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int:
    """How many values two sorted sets have in common."""
    return int(_kernels()[1](left, right))


@cache
def _kernels() -> tuple[Any, Any]:
    import numba

    def minima(mixed: Any, starts: Any, stops: Any, a: Any, b: Any, out: Any) -> None:
        for i in range(len(starts)):
            row = out[i]
            for t in range(starts[i], stops[i]):
                h = mixed[t]
                for k in range(len(a)):
                    row[k] = min(row[k], np.uint32(h * a[k] + b[k]))

    def common(left: Any, right: Any) -> int:
        i = j = found = 0
        while i < len(left) and j < len(right):
            x, y = left[i], right[j]
            found += x == y
            i += x <= y
            j += y <= x
        return found

    compiled = numba.njit(cache=True, nogil=True)
    return compiled(minima), compiled(common)
