"""Groups of items that share LSH buckets, each of which can be searched by itself.

A pair of near-duplicates is always in one group. So is a window with its passage, as report and rank of the one depend
on the other. So groups can be searched independently, by any process, with the result of one search over all. Band keys
are sorted a slice at a time, so memory grows with the number of items only, by four bytes each.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cleaner.dedup.clusters import find_roots, join
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEYS_PER_SORT = 1 << 23
"""About how many keys are sorted at one time; they take 64 MiB."""
GROUP_ITEMS = 1 << 15
"""Items of a group, where no chain of buckets is longer."""
SINGLE_GROUP_ITEMS = 1 << 16
"""Items that make one group, as starting processes for more takes longer than it saves."""
GROUPS = 16
"""Groups that any larger number of items is cut into, at least, so that several processes have work."""
_KEY_BITS = 64


class BandKeys(Protocol):
    """The band keys of stored items, numbered through, a shard at a time."""

    @property
    def bands(self) -> int:
        """Bands of the scheme."""

    def __len__(self) -> int:
        """Count the items."""

    def band(self, number: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """Yield for each shard the number of its first item, and the keys of one band."""

    def windows(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield for each shard the items that are windows, and the passages they are cut from."""


def candidate_groups(keys: BandKeys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group items into connected components of shared LSH buckets.

    Items that share no bucket are in no group, but passages whose windows do: they have no near-duplicate.

    Returns:
        items: (n,) int64, ascending in each group; several small components make one group.
        bounds: (groups + 1,) int64, where each group begins in `items`, and the end of the last.
    """
    items, labels = _select_joined(_label(keys))
    order = np.argsort(labels, kind="stable")
    items, labels = items[order], labels[order]
    first = run_starts(labels)
    limit = min(GROUP_ITEMS, len(items) if len(items) <= SINGLE_GROUP_ITEMS else len(items) // GROUPS)
    starts = first[run_starts(first // limit)] if len(items) else first
    bounds = np.append(starts, len(items))
    for start, stop in pairwise(bounds.tolist()):
        items[start:stop].sort()
    return items, bounds


def _select_joined(labels: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Select the items that share a label with others, and their labels."""
    items = np.flatnonzero(_is_joined(labels))
    return items, labels[items]


def _is_joined(labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell for each item whether it shares its label with another."""
    followers = np.flatnonzero(labels != np.arange(len(labels), dtype=labels.dtype))
    is_joined = np.zeros(len(labels), dtype=np.bool_)
    is_joined[followers] = is_joined[labels[followers]] = True
    return is_joined


def _label(keys: BandKeys) -> NDArray[Any]:
    """Label each item with the first one that a chain of buckets joins it with."""
    labels = np.arange(len(keys), dtype=np.int32 if len(keys) < 1 << 31 else np.int64)
    for band in range(keys.bands):
        for left, right in _neighbours(keys, band):
            join(labels, left, right)
    has_neighbour = _is_joined(labels)
    for windows, passages in keys.windows():
        rows = has_neighbour[windows]
        join(labels, windows[rows], passages[rows])
    for start in range(0, len(labels), KEYS_PER_SORT):
        find_roots(labels, slice(start, start + KEYS_PER_SORT))
    return labels


def _neighbours(keys: BandKeys, band: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield items of one bucket, each with the next.

    Keys are cut to make room for the item's number, and compared without the bits that are cut off: two of 2**40 differ
    only there, and pairs are compared in full later.
    """
    count = len(keys)
    prefix_bits, width = np.uint64(max(count // KEYS_PER_SORT, 0).bit_length()), np.uint64(count.bit_length())
    low_bits = (np.uint64(1) << width) - np.uint64(1)
    for prefix in range(1 << int(prefix_bits)):
        entries = [_tag_keys(first, shard, prefix, prefix_bits, low_bits) for first, shard in keys.band(band)]
        tagged_keys = np.concatenate([np.empty(0, dtype=np.uint64), *entries])
        del entries
        tagged_keys.sort()
        equal = np.flatnonzero((tagged_keys[1:] ^ tagged_keys[:-1]) <= low_bits)
        yield (tagged_keys[equal] & low_bits).astype(np.int64), (tagged_keys[equal + 1] & low_bits).astype(np.int64)


def _tag_keys(first: int, keys: NDArray[np.uint64], prefix: int, prefix_bits: Any, low_bits: Any) -> NDArray[Any]:
    """Select the keys of a shard with a prefix, and number them.

    The item's number goes into the low bits of what follows the prefix.
    """
    items = np.arange(first, first + len(keys), dtype=np.uint64)
    if prefix_bits:
        rows = np.flatnonzero(keys >> (np.uint64(_KEY_BITS) - prefix_bits) == prefix)
        items, keys = items[rows], keys[rows] << prefix_bits
    tagged_keys: NDArray[Any] = keys & ~low_bits
    tagged_keys |= items
    return tagged_keys
