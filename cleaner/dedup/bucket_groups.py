"""Which items meet in a bucket at all, and in what groups: what is in no group has no near-duplicate.

Items that are joined by a chain of shared buckets are always in one group, and so are a window and its passage, as
what is said of the one depends on the other. So groups can be searched one by one, by any
process, with the result of one search over all. Band keys are sorted a part at a time, so memory does not grow with
their number; what does is four bytes an item.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PART = 1 << 23
"""About how many keys are sorted at one time."""
GROUP = 1 << 15
"""Items of a group, where no chain of buckets is longer."""
FEW = 1 << 16
"""Items that make one group, as starting processes for more takes longer than it saves."""


class BandKeys(Protocol):
    """The band keys of stored items, numbered through, a shard at a time."""

    @property
    def bands(self) -> int:
        """Bands of the scheme."""

    def __len__(self) -> int:
        """Number of items."""

    def band(self, number: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """Yield for each shard the number of its first item, and the keys of one band."""

    def windows(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield for each shard the items that are windows, and the passages they are cut from."""


def groups(stored: BandKeys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Items that share a bucket with another, by groups, ascending in each; and where each group begins and ends."""
    items, chain = _chained(_labels(stored))
    order = np.argsort(chain, kind="stable")
    items, chain = items[order], chain[order]
    first = np.flatnonzero(np.diff(chain, prepend=-1))
    most = min(GROUP, len(items) if len(items) <= FEW else len(items) // 16)
    starts = first[np.diff(first // most, prepend=-1) > 0] if len(items) else first
    bounds = np.append(starts, len(items))
    for start, stop in pairwise(bounds.tolist()):
        items[start:stop].sort()
    return items, bounds


def _chained(label: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The items that are joined with others, and their labels."""
    moved = np.flatnonzero(label != np.arange(len(label), dtype=label.dtype))
    joined = np.zeros(len(label), dtype=np.bool_)
    joined[moved] = joined[label[moved]] = True
    items = np.flatnonzero(joined)
    return items, label[items]


def _labels(stored: BandKeys) -> NDArray[Any]:
    """For each item the first one that a chain of buckets joins it with."""
    label = np.arange(len(stored), dtype=np.int32 if len(stored) < 1 << 31 else np.int64)
    for band in range(stored.bands):
        for left, right in _neighbours(stored, band):
            _join(label, left, right)
    moved = label != np.arange(len(label), dtype=label.dtype)
    meets = moved.copy()
    meets[label[moved]] = True
    for window, passage in stored.windows():
        both = meets[window] & meets[passage]
        _join(label, window[both], passage[both])
    everything = np.arange(len(label), dtype=label.dtype)
    for start in range(0, len(label), PART):
        label[start : start + PART] = _root(label, everything[start : start + PART])
    return label


def _neighbours(stored: BandKeys, band: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Items of one bucket, each with the next. Keys are cut to make room for the item's number, and equal for all
    that: two of 2**40 differ only below the cut, and pairs are compared in full later."""
    count = len(stored)
    bits, width = np.uint64(max(count // PART, 0).bit_length()), np.uint64(count.bit_length())
    low = (np.uint64(1) << width) - np.uint64(1)
    for part in range(1 << int(bits)):
        mine = [_packed(first, keys, part, bits, low) for first, keys in stored.band(band)]
        packed = np.concatenate([np.empty(0, dtype=np.uint64), *mine])
        del mine
        packed.sort()
        same = np.flatnonzero((packed[1:] ^ packed[:-1]) <= low)
        yield (packed[same] & low).astype(np.int64), (packed[same + 1] & low).astype(np.int64)


def _packed(first: int, keys: NDArray[np.uint64], part: int, bits: Any, low: Any) -> NDArray[Any]:
    """The keys of a shard that belong to a part by their uppermost bits: the bits below, then the item's number."""
    items = np.arange(first, first + len(keys), dtype=np.uint64)
    if bits:
        mine = np.flatnonzero(keys >> (np.uint64(64) - bits) == part)
        items, keys = items[mine], keys[mine] << bits
    found: NDArray[Any] = keys & ~low
    found |= items
    return found


def _join(label: NDArray[Any], left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
    """Give items that meet one label, the lower one."""
    while len(left):
        a, b = _root(label, left), _root(label, right)
        apart = a != b
        left, right, a, b = left[apart], right[apart], a[apart], b[apart]
        np.minimum.at(label, np.maximum(a, b), np.minimum(a, b))


def _root(label: NDArray[Any], items: NDArray[Any]) -> NDArray[Any]:
    """The items that labels lead to from some; the way there becomes shorter."""
    at: NDArray[Any] = label[items]
    while True:
        above = label[at]
        if np.array_equal(above, at):
            return at
        label[items] = at = above
