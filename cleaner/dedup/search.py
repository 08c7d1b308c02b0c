"""The whole search over sketches: identical items, bands, exact check, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import jaccard, lsh
from cleaner.dedup.clusters import connected_components, star_clusters
from cleaner.dedup.shingles import sort_unique
from cleaner.text.packing import pack_pairs, unpack_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.jaccard import FetchShingles
    from cleaner.dedup.sketches import Sketches
    from cleaner.options import DedupOptions

ROUNDS = 8
"""How many times an item's best open candidate is checked alone before all open ones are."""


class SearchResult(NamedTuple):
    """Arrays (copies,): each copy with its keeper and their similarity.

    `copies` and `keepers` are rows of the sketches.

    `containment`: the share of the copy's shingles that the keeper has.
    """

    copies: NDArray[np.int64]
    keepers: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]


def find_copies(items: Sketches, rank: NDArray[np.int64], fetch: FetchShingles, options: DedupOptions) -> SearchResult:
    """Find every copy with its keeper.

    Args:
        items: documents and passages, with their band keys.
        rank: (items,) the rows to search, the best keeper first.
        fetch: shingles items for the exact check.
        options: options of the comparison.
    """
    rank = rank[items.sizes[rank] > 0]
    best, twin = group_identical(items.prints[rank])
    originals = items.select(rank[best])
    candidates = lsh.candidate_pairs(np.asarray(key)[rank[best]] for key in items.keys)
    comparisons = _compare_candidates(originals, *candidates, fetch, options)
    cluster = connected_components if options.chain else star_clusters
    keeper = cluster(len(best), *comparisons.near_duplicates(options.threshold))
    copies = np.flatnonzero(keeper != np.arange(len(best)))
    comparisons = comparisons.add(keeper[copies], copies, originals, fetch)
    return _extend_to_twins(rank, best, twin, keeper, comparisons)


def group_identical(prints: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group items by print.

    Args:
        prints: (items,) by rank.

    Returns:
        The best item of each group, ascending, and for each item the index of its group's best there.
    """
    _, first, group = np.unique(prints, return_index=True, return_inverse=True)
    best = np.sort(first)
    return best, np.searchsorted(best, first[group])


class _Comparisons(NamedTuple):
    """Pairs that were compared, packed, the better item first, sorted, with the result."""

    pairs: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]

    def near_duplicates(self, threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs at or above a threshold."""
        return unpack_pairs(self.pairs[self.jaccard >= threshold])

    def add(
        self, left: NDArray[np.int64], right: NDArray[np.int64], items: Sketches, fetch: FetchShingles
    ) -> _Comparisons:
        """Compare more pairs, those that are not here yet, and return all."""
        additions = sort_unique(pack_pairs(left, right))
        if len(self.pairs):
            nearest = np.minimum(np.searchsorted(self.pairs, additions), len(self.pairs) - 1)
            additions = additions[self.pairs[nearest] != additions]
        if not len(additions):
            return self
        similarities = jaccard.compare_items(items, *unpack_pairs(additions), fetch)
        pairs = np.concatenate((self.pairs, additions))
        order = np.argsort(pairs)
        return _Comparisons(
            pairs[order],
            np.concatenate((self.jaccard, similarities.jaccard))[order],
            np.concatenate((self.containment, similarities.right_share))[order],
        )


def _compare_candidates(
    items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64], fetch: FetchShingles, options: DedupOptions
) -> _Comparisons:
    """Compare candidates. Where chains count, those that would join nothing new are left out."""
    is_separate = ~overlap_mask(items, left, right)
    left, right = left[is_separate], right[is_separate]
    comparisons = _Comparisons(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    for _ in range(ROUNDS if options.chain else 0):
        _, first = np.unique(right, return_index=True)
        comparisons = comparisons.add(left[first], right[first], items, fetch)
        labels = connected_components(len(items.documents), *comparisons.near_duplicates(options.threshold))
        is_open = labels[left] != labels[right]
        is_open[first] = False
        left, right = left[is_open], right[is_open]
    return comparisons.add(left, right, items, fetch)


def overlap_mask(items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which pairs share text of one document.

    A passage and its own window are no duplicates.
    """
    mask: NDArray[np.bool_] = items.documents[left] == items.documents[right]
    mask &= items.starts[left] < items.stops[right]
    mask &= items.starts[right] < items.stops[left]
    return mask


def _extend_to_twins(
    rank: NDArray[np.int64],
    best: NDArray[np.int64],
    twin: NDArray[np.int64],
    keeper: NDArray[np.int64],
    comparisons: _Comparisons,
) -> SearchResult:
    """Give each item, through its identical best one, the keeper and the comparison of that."""
    copies = np.flatnonzero(best[keeper[twin]] != np.arange(len(rank)))
    left, right = keeper[twin[copies]], twin[copies]
    similarity, containment = np.ones(len(copies)), np.ones(len(copies))
    differs = left != right
    indices = np.searchsorted(comparisons.pairs, pack_pairs(left[differs], right[differs]))
    similarity[differs], containment[differs] = comparisons.jaccard[indices], comparisons.containment[indices]
    return SearchResult(rank[copies], rank[best[left]], similarity, containment)
