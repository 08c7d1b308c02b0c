"""The whole search over sketches: identical items, bands, exact check, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import clusters, lsh
from cleaner.dedup import jaccard as check
from cleaner.dedup.shingles import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

ROUNDS = 8
"""How many times an item's best open candidate is checked alone before all open ones are."""


class Found(NamedTuple):
    """Arrays (copies,), items by their place in the sketches: each copy with its keeper and how they compare.

    `containment`: the share of the copy's shingles that the keeper has.
    """

    copies: NDArray[np.int64]
    keepers: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]


class Settings(NamedTuple):
    """What decides whether two items are near-duplicates."""

    threshold: float = 0.8
    chain: bool = True


def search(items: Sketches, rank: NDArray[np.int64], fetch: check.Fetch, settings: Settings) -> Found:
    """Every copy in `items` with its keeper. `rank` (items,): all items, the best keeper first."""
    rank = rank[items.sizes[rank] > 0]
    best, twin = identical(items.prints[rank])
    ranked = items.only(rank[best])
    met = lsh.candidates(np.asarray(key)[rank[best]] for key in items.keys)
    checked = _confirmed(ranked, *met, fetch, settings)
    make = clusters.components if settings.chain else clusters.stars
    keeper = make(len(best), *checked.true(settings.threshold))
    own = np.arange(len(best))
    checked = checked.with_pairs(keeper[keeper != own], own[keeper != own], ranked, fetch, settings)
    return _to_keepers(rank, best, twin, keeper, checked)


def identical(prints: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of items by rank: the first of each different print, ascending, and for each item the place of its own there."""
    _, first, group = np.unique(prints, return_index=True, return_inverse=True)
    best = np.sort(first)
    return best, np.searchsorted(best, first[group])


class _Checked(NamedTuple):
    """Pairs `left < right` that were compared, sorted, with the result."""

    pairs: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]

    def true(self, threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        alike = self.pairs[self.jaccard >= threshold]
        return alike >> 32, alike & 0xFFFFFFFF

    def with_pairs(
        self,
        left: NDArray[np.int64],
        right: NDArray[np.int64],
        items: Sketches,
        fetch: check.Fetch,
        settings: Settings,
    ) -> _Checked:
        fresh = distinct(left << 32 | right)
        if len(self.pairs):
            near = np.minimum(np.searchsorted(self.pairs, fresh), len(self.pairs) - 1)
            fresh = fresh[self.pairs[near] != fresh]
        if not len(fresh):
            return self
        done = check.compare(items, fresh >> 32, fresh & 0xFFFFFFFF, fetch)
        pairs = np.concatenate((self.pairs, fresh))
        order = np.argsort(pairs)
        jaccard = np.concatenate((self.jaccard, done.jaccard))[order]
        return _Checked(pairs[order], jaccard, np.concatenate((self.containment, done.right_share))[order])


def _confirmed(
    items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64], fetch: check.Fetch, settings: Settings
) -> _Checked:
    """Compare candidates. Where chains count, those that would join nothing new are left out."""
    apart = ~overlap(items, left, right)
    left, right = left[apart], right[apart]
    checked = _Checked(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    for _ in range(ROUNDS if settings.chain else 0):
        _, first = np.unique(right, return_index=True)
        checked = checked.with_pairs(left[first], right[first], items, fetch, settings)
        label = clusters.components(len(items.documents), *checked.true(settings.threshold))
        open_ = label[left] != label[right]
        open_[first] = False
        left, right = left[open_], right[open_]
    return checked.with_pairs(left, right, items, fetch, settings)


def overlap(items: Sketches, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether two items share a part of one document: a passage and its own window are no duplicates."""
    meets: NDArray[np.bool_] = items.documents[left] == items.documents[right]
    meets &= items.starts[left] < items.stops[right]
    meets &= items.starts[right] < items.stops[left]
    return meets


def _to_keepers(
    rank: NDArray[np.int64],
    best: NDArray[np.int64],
    twin: NDArray[np.int64],
    keeper: NDArray[np.int64],
    checked: _Checked,
) -> Found:
    """Give each item, through its identical best one, the keeper and the comparison of that."""
    copies = np.flatnonzero(best[keeper[twin]] != np.arange(len(rank)))
    left, right = keeper[twin[copies]], twin[copies]
    jaccard, containment = np.ones(len(copies)), np.ones(len(copies))
    unlike = left != right
    at = np.searchsorted(checked.pairs, left[unlike] << 32 | right[unlike])
    jaccard[unlike], containment[unlike] = checked.jaccard[at], checked.containment[at]
    return Found(rank[copies], rank[best[left]], jaccard, containment)
