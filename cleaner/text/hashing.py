"""64-bit hashes of pieces of a text, many at once. Equal pieces have equal hashes; unlike ones as good as never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Indices = NDArray[np.int64]
    Codes = NDArray[np.uint32]

_MIX = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio in 64 bits: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
_PEEK = 4


def spread(values: NDArray[Any]) -> Hashes:
    """Small numbers spread over 64 bits, so that sums of them tell their terms apart."""
    mixed = (values.astype(np.uint64) + np.uint64(1)) * _MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def heads(codes: Codes, starts: Indices, width: int) -> Hashes:
    """Of the `width` code points from each start on; behind the end of the text the last one stands for all."""
    powers = np.cumprod(np.full(width, _MIX, dtype=np.uint64))
    hashes = np.zeros(len(starts), dtype=np.uint64)
    for step, power in enumerate(powers):
        hashes += codes.take(starts + step, mode="clip") * power
    return hashes


def ranges(codes: Codes, starts: Indices, stops: Indices) -> Hashes:
    """Of each range of `codes`."""
    begins, lengths, inside = _gathered(codes, starts, stops)
    place = np.arange(len(inside)) - np.repeat(begins, lengths)
    return _sums(spread(inside * (place.astype(np.uint64) * np.uint64(2) + np.uint64(1)) * _MIX), begins, lengths)


def bags(codes: Codes, starts: Indices, stops: Indices) -> Hashes:
    """Of the code points of each range, in any order."""
    begins, lengths, inside = _gathered(codes, starts, stops)
    return _sums(spread(inside), begins, lengths)


def within(codes: Codes, starts: Indices, stops: Indices, groups: Indices) -> tuple[Hashes, Indices]:
    """Of each range and its group's number, and the ranges (n,) among which all are that equal another one.

    Only those are read in full.
    """
    group = spread(groups)
    hashes = spread(stops - starts)
    for step in range(_PEEK):
        hashes = (hashes + codes[np.minimum(starts + step, stops - 1)]) * _MIX
        hashes = (hashes + codes[np.maximum(stops - 1 - step, starts)]) * _MIX
    again = np.flatnonzero(repeated(hashes + group))
    hashes[again] = ranges(codes, starts[again], stops[again])
    return hashes + group, again


def repeated(keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Which keys stand more than once."""
    order = np.argsort(keys)
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    found = np.zeros(len(keys), dtype=np.bool_)
    found[order[same]] = found[order[same + 1]] = True
    return found


def _gathered(codes: Codes, starts: Indices, stops: Indices) -> tuple[Indices, Indices, Hashes]:
    """The ranges' code points behind each other, as uint64, where each range begins among them, and its length."""
    lengths = stops - starts
    begins = np.cumsum(lengths) - lengths
    at = np.repeat(starts - begins, lengths) + np.arange(int(lengths.sum()))
    return begins, lengths, codes[at].astype(np.uint64)


def _sums(values: Hashes, begins: Indices, lengths: Indices) -> Hashes:
    total = np.concatenate(([np.uint64(0)], np.cumsum(values)))
    return np.asarray(total[begins + lengths] - total[begins])
