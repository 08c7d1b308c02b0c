"""Show what a threshold would find on some files: candidates by their exact similarity."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.corpus.dedup.documents import StoredDocuments
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.run import open_run, start_pool
from cleaner.corpus.dedup.sketching import sketch_shards
from cleaner.dedup import keeper, lsh
from cleaner.dedup.jaccard import compare_items
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.search import group_identical, overlap_mask
from cleaner.local.pool import ignore
from cleaner.model import Scheme, Span
from cleaner.options import DedupOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

BINS = 20
MOST_CANDIDATES = 200_000
"""Candidates that are compared; of more, evenly spread ones are."""
EXCERPT = 80
"""Characters of a text that are shown."""
EXCERPT_SOURCE = 200
"""Characters that they are taken from, as white space is run together."""


class PairSample(Struct, frozen=True):
    """Two items that were compared, each as id, passage number, and its first characters."""

    jaccard: float
    left: tuple[str, int, str]
    right: tuple[str, int, str]


class TuningResult(Struct, frozen=True):
    """The similarities of candidates. `histogram[i]` counts those from `i / BINS` up to the next.

    `identical`: items that have the same shingles as one before them; they are not among the candidates.
    """

    unit: str
    threshold: float
    scheme: Scheme
    items: int
    identical: int
    candidates: int
    histogram: list[int]
    above: list[PairSample]
    below: list[PairSample]


class Candidates(NamedTuple):
    """Arrays (pairs,): two items and their similarity."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    jaccard: NDArray[np.float64]


def tune(job: DedupJob, samples: int, workers: int | None = None) -> TuningResult:
    """Sketch all sources, compare what shares a bucket, and take the pairs nearest to the threshold on either side."""
    with (
        TemporaryDirectory(prefix="cleaner-") as folder,
        open_run(job, Path(folder)) as run,
        start_pool(run, workers, ignore) as pool,
    ):
        pool.work(sketch_shards, run)
        return _compare_candidates(StoredDocuments(run), job.options, samples)


def _compare_candidates(documents: StoredDocuments, options: DedupOptions, samples: int) -> TuningResult:
    items = documents.sketches
    rank, best = _rank_distinct(documents)
    left, right = _candidates(items, rank[best])
    step = -(-len(left) // MOST_CANDIDATES) or 1
    count = len(left)
    left, right = left[::step], right[::step]
    jaccard = compare_items(items, left, right, documents.fetch_shingles).jaccard
    candidates = Candidates(left, right, jaccard)
    is_above = jaccard >= options.threshold
    return TuningResult(
        unit=options.unit,
        threshold=options.threshold,
        scheme=derive_scheme(options),
        items=len(rank),
        identical=len(rank) - len(best),
        candidates=count,
        histogram=(np.histogram(jaccard, bins=BINS, range=(0, 1))[0] * step).tolist(),
        above=_nearest(documents, candidates, np.flatnonzero(is_above), options.threshold, samples),
        below=_nearest(documents, candidates, np.flatnonzero(~is_above), options.threshold, samples),
    )


def _rank_distinct(documents: StoredDocuments) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all items with shingles by id, and the indices there of those that are like none before them."""
    items, ids = documents.sketches, documents.ids
    with_shingles = np.flatnonzero(items.sizes > 0)
    penalties = np.zeros(len(ids), np.int64)
    rank = keeper.rank_items(items, with_shingles, "first", penalties, keeper.id_order(ids))
    return rank, group_identical(items.prints[rank])[0]


def _candidates(items: Sketches, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of two documents, or of two passages that do not overlap, that share a bucket."""
    left, right = lsh.candidate_pairs(np.asarray(key)[rows] for key in items.keys)
    left, right = rows[left], rows[right]
    fits = ((items.numbers[left] > 0) == (items.numbers[right] > 0)) & ~overlap_mask(items, left, right)
    return left[fits], right[fits]


def _nearest(
    documents: StoredDocuments, candidates: Candidates, rows: NDArray[np.int64], threshold: float, count: int
) -> list[PairSample]:
    """Return the pairs among `rows` that are nearest to the threshold."""
    nearest = rows[np.argsort(np.abs(candidates.jaccard[rows] - threshold), kind="stable")][:count]
    columns = (column[nearest].tolist() for column in candidates)
    return [
        PairSample(jaccard, _excerpt(documents, left), _excerpt(documents, right))
        for left, right, jaccard in zip(*columns, strict=True)
    ]


def _excerpt(documents: StoredDocuments, item: int) -> tuple[str, int, str]:
    items = documents.sketches
    document = int(items.documents[item])
    span = Span(int(items.starts[item]), int(items.stops[item]))
    text = documents.rows.text(document)[span.start : min(span.stop, span.start + EXCERPT_SOURCE)]
    return documents.ids[document], int(items.numbers[item]), " ".join(text.split())[:EXCERPT]
