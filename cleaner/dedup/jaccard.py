"""The exact check: shingle sets of candidates, compared in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup.clusters import connected_components
from cleaner.dedup.shingles import shingle_texts
from cleaner.text.segments import run_start_mask, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingles
    from cleaner.dedup.sketches import Sketches


FetchShingles = Callable[[Any, Any, Any], "Shingles"]
"""Shingles spans of documents, given as arrays (spans,): rows of the collection, starts, stops."""

SIDE_CHARACTERS = 1 << 18
"""Characters of the left and of the right items whose shingles are in memory at one time; they stay in the caches."""


class Similarities(NamedTuple):
    """Arrays (pairs,): how two shingle sets compare.

    `jaccard`: exact similarity. `left_share`, `right_share`: the shares of the left's and of the right's shingles in
    common.

    Exact but for two different shingles with one 64-bit hash.
    """

    jaccard: NDArray[np.float64]
    left_share: NDArray[np.float64]
    right_share: NDArray[np.float64]


def compare_items(
    items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64], fetch: FetchShingles
) -> Similarities:
    """Compare items by pairs, each item fetched once where its pairs lie together.

    Args:
        items: documents and passages.
        left: (pairs,) rows of `items`.
        right: (pairs,) rows of `items`.
        fetch: shingles items.
    """
    columns = np.zeros((3, len(left)))
    for rows in _batches(items, left, right):
        members, indices = np.unique(np.concatenate((left[rows], right[rows])), return_inverse=True)
        shingles = fetch(items.documents[members], items.starts[members], items.stops[members])
        columns[:, rows] = compare_sets(shingles, indices[: len(rows)], indices[len(rows) :])
    return Similarities(*columns)


def compare_texts(
    texts: Sequence[str], left: NDArray[np.int64], right: NDArray[np.int64], shingle: int = 5
) -> Similarities:
    """Compare texts by pairs of their indices, all in memory at one time."""
    return compare_sets(shingle_texts(texts, shingle), left, right)


def shingle_fetcher(read_texts: Callable[[list[int]], Sequence[str]], shingle: int) -> FetchShingles:
    """Return a function that shingles spans of documents.

    It reads each document once per call.

    Args:
        read_texts: returns the texts of document rows.
        shingle: length in code points.
    """

    def fetch(rows: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Shingles:
        documents, indices = np.unique(rows, return_inverse=True)
        texts = read_texts(documents.tolist())
        spans = zip(indices.tolist(), starts.tolist(), stops.tolist(), strict=True)
        return shingle_texts([texts[index][start:stop] for index, start, stop in spans], shingle)

    return fetch


def compare_sets(shingles: Shingles, left: NDArray[np.int64], right: NDArray[np.int64]) -> Similarities:
    """Compare sets of shingles by pairs of their indices."""
    common, one, other = _count_common(shingles, left, right)
    return Similarities(_ratio(common, one + other - common), _ratio(common, one), _ratio(common, other))


def _count_common(shingles: Shingles, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the different shingles of each pair.

    Returns counts (3, pairs): in common, of its left, of its right.
    """
    counts = np.empty((3, len(left)), dtype=np.int64)
    if _kernels.active:
        longest = int((shingles.stops - shingles.starts).max(initial=0))
        _kernels.active.count_common(*shingles, left, right, 1 << (3 * longest).bit_length(), counts)
        return counts
    sets = [shingles.distinct_hashes(index) for index in range(len(shingles.starts))]
    sizes = np.array([len(hashes) for hashes in sets], dtype=np.int64)
    counts[0] = [_count_equal(sets[i], sets[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    counts[1], counts[2] = sizes[left], sizes[right]
    return counts


def _ratio(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(counts, totals, out=np.zeros(len(counts)), where=totals > 0)


def _batches(items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield rows of pairs, those of a few left and of a few right items together: `SIDE_CHARACTERS` of each.

    Items of one component are neighbours, so that each is fetched few times, however many pairs it is in.
    """
    if not len(left):
        return
    places, blocks = _place_items(items, left, right)
    order = np.lexsort((places[right], blocks[left]))
    is_new = run_start_mask(blocks[left[order]], right[order])
    right_blocks = np.cumsum(np.where(is_new, items.sizes[right[order]], 0)) // SIDE_CHARACTERS
    for rows in np.split(order, run_starts(blocks[left[order]], right_blocks)[1:]):
        yield rows[np.lexsort((right[rows], left[rows]))]


def _place_items(
    items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each item its place among all, component by component, and its block of `SIDE_CHARACTERS`."""
    labels = connected_components(len(items.documents), left, right)
    order = np.argsort(labels, kind="stable")
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    sizes = np.zeros(len(order), dtype=np.int64)
    sizes[left] = items.sizes[left]
    blocks = np.cumsum(sizes[order]) // SIDE_CHARACTERS
    return places, blocks[places]


def _count_equal(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int:
    hashes = np.concatenate((left, right))
    hashes.sort(kind="stable")
    return int(np.count_nonzero(hashes[1:] == hashes[:-1]))
