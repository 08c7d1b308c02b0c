"""The exact check: shingle sets of candidates, compared in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup import shingles
from cleaner.dedup.clusters import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingled
    from cleaner.dedup.sketches import Sketches


Fetch = Callable[[Any, Any, Any], "Shingled"]
"""Gives the shingles of parts of documents by arrays (parts,): rows of the collection, starts, stops."""

CHUNK = 1 << 18
"""Characters whose shingles are held at one time: so many stay in the caches."""


class Compared(NamedTuple):
    """Arrays (pairs,): exact Jaccard similarity, and the shares of the left's and of the right's shingles in common.

    Exact but for two different shingles with one 64-bit hash.
    """

    jaccard: NDArray[np.float64]
    left_share: NDArray[np.float64]
    right_share: NDArray[np.float64]


def compare(items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64], fetch: Fetch) -> Compared:
    """Compare items by pairs, each item fetched once where its pairs lie together."""
    found = np.zeros((3, len(left)))
    for rows in _chunks(items, left, right):
        used, places = np.unique(np.concatenate((left[rows], right[rows])), return_inverse=True)
        shingled = fetch(items.documents[used], items.starts[used], items.stops[used])
        found[:, rows] = _compared(shingled, places[: len(rows)], places[len(rows) :])
    return Compared(*found)


def compare_texts(
    texts: Sequence[str], left: NDArray[np.int64], right: NDArray[np.int64], shingle: int = 5
) -> Compared:
    """Compare texts by pairs of their places, all in memory at one time."""
    return _compared(shingles.whole(texts, shingle), left, right)


def cut(texts: Callable[[list[int]], Sequence[str]], shingle: int) -> Fetch:
    """A way to the shingles of parts from one to whole texts, by their rows; each is asked for once at a time."""

    def fetch(rows: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Shingled:
        documents, places = np.unique(rows, return_inverse=True)
        whole = texts(documents.tolist())
        spans = zip(places.tolist(), starts.tolist(), stops.tolist(), strict=True)
        return shingles.whole([whole[at][start:stop] for at, start, stop in spans], shingle)

    return fetch


def _compared(shingled: Shingled, left: NDArray[np.int64], right: NDArray[np.int64]) -> Compared:
    both, one, other = _counted(shingled, left, right)
    return Compared(_ratio(both, one + other - both), _ratio(both, one), _ratio(both, other))


def _counted(shingled: Shingled, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many different shingles each pair shares, and how many its left and its right have, (3, pairs)."""
    counts = np.empty((3, len(left)), dtype=np.int64)
    if _kernels.loaded:
        most = int((shingled.stops - shingled.starts).max(initial=0))
        _kernels.loaded.common(*shingled, left, right, 1 << (3 * most).bit_length(), counts)
        return counts
    sets = [shingled.of(place) for place in range(len(shingled.starts))]
    sizes = np.array([len(found) for found in sets], dtype=np.int64)
    counts[0] = [_shared(sets[i], sets[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    counts[1], counts[2] = sizes[left], sizes[right]
    return counts


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _chunks(items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows of pairs in runs of about `CHUNK` characters; pairs that hang together stay together."""
    label = components(len(items.documents), left, right)[left]
    order = np.lexsort((right, left, label))
    fresh = np.append(True, left[order][1:] != left[order][:-1])
    held = np.cumsum(items.sizes[right[order]] + np.where(fresh, items.sizes[left[order]], 0)) // CHUNK
    yield from (rows for rows in np.split(order, np.flatnonzero(np.diff(held)) + 1) if len(rows))


def _shared(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int:
    merged = np.concatenate((left, right))
    merged.sort(kind="stable")
    return int(np.count_nonzero(merged[1:] == merged[:-1]))
