"""What a threshold would find on some files: candidates by their exact similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.corpus.dedup import sketching
from cleaner.dedup import jaccard as check
from cleaner.dedup import keeper, lsh
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.search import group_identical, overlap_mask
from cleaner.model import Scheme, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.corpus.dedup.sketching import Corpus, Job
    from cleaner.dedup.sketches import Sketches

BINS = 20
MOST = 200_000
"""Candidates that are compared; of more, evenly spread ones are."""


class Sample(Struct, frozen=True):
    """Two items that were compared, each as id, passage number, and its first characters."""

    jaccard: float
    left: tuple[str, int, str]
    right: tuple[str, int, str]


class Tuned(Struct, frozen=True):
    """What a run of tuning saw. `histogram[i]`: candidates with a similarity of at least `i / BINS`, below the next.

    `identical`: items that have the same shingles as one before them; they are not among the candidates.
    """

    unit: str
    threshold: float
    scheme: Scheme
    items: int
    identical: int
    candidates: int
    histogram: list[int]
    above: list[Sample]
    below: list[Sample]


def run(job: Job, workers: int, samples: int) -> Tuned:
    """Sketch all sources, compare what shares a bucket, and take the pairs nearest to the threshold on either side."""
    corpus = sketching.corpus(job, workers)
    items, options = corpus.sketches, job.options
    rank, best = _ranked(corpus)
    left, right = _candidates(items, rank[best])
    every = -(-len(left) // MOST) or 1
    some = Compared(left[::every], right[::every], np.empty(0))
    alike = check.compare_items(items, some.left, some.right, corpus.collection.fetch)
    some = some._replace(jaccard=alike.jaccard)
    true = some.jaccard >= options.threshold
    return Tuned(
        unit=options.unit,
        threshold=options.threshold,
        scheme=derive_scheme(options),
        items=len(rank),
        identical=len(rank) - len(best),
        candidates=len(left),
        histogram=(np.histogram(some.jaccard, bins=BINS, range=(0, 1))[0] * every).tolist(),
        above=_nearest(corpus, some, np.flatnonzero(true), options.threshold, samples),
        below=_nearest(corpus, some, np.flatnonzero(~true), options.threshold, samples),
    )


class Compared(NamedTuple):
    """Arrays (pairs,): two items and their similarity."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    jaccard: NDArray[np.float64]


def _ranked(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All items with ink by id, and the places there of those that are like none before them."""
    items, collection = corpus.sketches, corpus.collection
    inked = np.flatnonzero(items.sizes > 0)
    rank = keeper.rank_items(
        items, inked, "first", np.zeros(len(collection.ids), np.int64), keeper.id_order(collection.ids)
    )
    return rank, group_identical(items.prints[rank])[0]


def _candidates(items: Sketches, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of two documents, or of two passages that do not overlap, that share a bucket."""
    left, right = lsh.candidate_pairs(np.asarray(key)[chosen] for key in items.keys)
    left, right = chosen[left], chosen[right]
    fit = ((items.numbers[left] > 0) == (items.numbers[right] > 0)) & ~overlap_mask(items, left, right)
    return left[fit], right[fit]


def _nearest(corpus: Corpus, found: Compared, rows: NDArray[np.int64], threshold: float, count: int) -> list[Sample]:
    """The pairs among `rows` that are nearest to the threshold."""
    near = rows[np.argsort(np.abs(found.jaccard[rows] - threshold), kind="stable")][:count]
    columns = (found.jaccard[near].tolist(), found.left[near].tolist(), found.right[near].tolist())
    return [Sample(alike, _shown(corpus, a), _shown(corpus, b)) for alike, a, b in zip(*columns, strict=True)]


def _shown(corpus: Corpus, item: int) -> tuple[str, int, str]:
    items: Sketches = corpus.sketches
    document = int(items.documents[item])
    (text,) = corpus.texts([document])
    span = Span(int(items.starts[item]), int(items.stops[item]))
    words = " ".join(text[span.start : min(span.stop, span.start + 200)].split())
    return corpus.collection.ids[document], int(items.numbers[item]), words[:80]
