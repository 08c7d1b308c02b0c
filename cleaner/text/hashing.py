"""64-bit hashes of ranges of a text, many at once. Equal ranges have equal hashes; unlike ones as good as never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Indices = NDArray[np.int64]
    Codes = NDArray[np.uint32]
    Value = TypeVar("Value", bound=np.generic)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio in 64 bits: Fibonacci hashing (Knuth, TAOCP 3, 6.4)."""
_PROBES = 4
"""Code points from either end by which ranges are told apart before any is read in full."""


def spread(values: NDArray[Any]) -> Hashes:
    """Spread small numbers over 64 bits, so that sums of them tell their terms apart."""
    products = (values.astype(np.uint64) + np.uint64(1)) * _GOLDEN
    return np.asarray(products ^ (products >> np.uint64(29)))


def hash_heads(codes: Codes, starts: Indices, width: int) -> Hashes:
    """Hash the `width` code points from each start on; past the end of the text the last one stands for all."""
    powers = np.cumprod(np.full(width, _GOLDEN, dtype=np.uint64))
    hashes = np.zeros(len(starts), dtype=np.uint64)
    for step, power in enumerate(powers):
        hashes += codes.take(starts + step, mode="clip") * power
    return hashes


def hash_ranges(codes: Codes, starts: Indices, stops: Indices) -> Hashes:
    """Hash each range of `codes`."""
    begins, ends, values = gather_ranges(codes, starts, stops)
    places = np.arange(len(values)) - np.repeat(begins, ends - begins)
    return sum_ranges(spread_at(values, places.astype(np.uint64)), begins, ends)


def hash_bags(codes: Codes, starts: Indices, stops: Indices) -> Hashes:
    """Hash the code points of each range, in any order."""
    begins, ends, values = gather_ranges(codes, starts, stops)
    return sum_ranges(spread(values), begins, ends)


def hash_by_group(codes: Codes, starts: Indices, stops: Indices, groups: Indices) -> tuple[Hashes, Indices]:
    """Hash each range together with its group's number, reading in full only ranges that may equal another one.

    Returns:
        Hashes (ranges,), and the indices (n,) of ranges among which are all that equal another one of their group.
    """
    group = spread(groups)
    hashes = spread(stops - starts)
    for step in range(_PROBES):
        hashes = (hashes + codes[np.minimum(starts + step, stops - 1)]) * _GOLDEN
        hashes = (hashes + codes[np.maximum(stops - 1 - step, starts)]) * _GOLDEN
    candidates = is_repeated(hashes + group).nonzero()[0]
    hashes[candidates] = hash_ranges(codes, starts[candidates], stops[candidates])
    return hashes + group, candidates


def is_repeated(keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark keys that stand more than once, (n,)."""
    order = np.argsort(keys)
    twins = (keys[order[1:]] == keys[order[:-1]]).nonzero()[0]
    repeated_keys = np.zeros(len(keys), dtype=np.bool_)
    repeated_keys[order[twins]] = repeated_keys[order[twins + 1]] = True
    return repeated_keys


def gather_ranges(values: NDArray[Value], starts: Indices, stops: Indices) -> tuple[Indices, Indices, NDArray[Value]]:
    """Put the ranges' values behind each other: where each range begins and ends among them, and they."""
    lengths = stops - starts
    ends = lengths.cumsum()
    begins = ends - lengths
    positions = np.repeat(starts - begins, lengths) + np.arange(int(lengths.sum()))
    return begins, ends, values[positions]


def spread_at(codes: Codes, places: Hashes) -> Hashes:
    """Spread code points over 64 bits, each with its place in its range."""
    return spread(codes.astype(np.uint64) * (places * np.uint64(2) + np.uint64(1)) * _GOLDEN)


def sum_ranges(values: Hashes, begins: Indices, ends: Indices) -> Hashes:
    """Add up each range of values."""
    total = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=total[1:])
    return np.asarray(total[ends] - total[begins])
