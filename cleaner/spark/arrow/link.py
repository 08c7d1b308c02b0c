"""Stages that search for near-duplicates.

Items go by rank, the best keeper first. A sorted run is never in memory as a whole: a few rows are
carried from batch to batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from cleaner import _kernels
from cleaner.dedup import clusters, jaccard, lsh
from cleaner.spark.arrow.batches import split_by_size, to_array, to_texts
from cleaner.text.segments import run_start_mask

TWIN_SCHEMA = arrow.schema([("rank", arrow.int64()), ("best", arrow.int64()), ("keys", arrow.list_(arrow.int64()))])
PAIR_SCHEMA = arrow.schema([("left", arrow.int64()), ("right", arrow.int64())])
LABEL_SCHEMA = arrow.schema([("item", arrow.int64()), ("label", arrow.int64())])
COMPARISON_SCHEMA = arrow.schema([*PAIR_SCHEMA, ("jaccard", arrow.float64()), ("containment", arrow.float64())])


def link_identical(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Give each item the best one with the same print, and drop the keys of the others.

    Args:
        batches: items sorted by `print` and `rank`, with `keys`.
    """
    last, best = None, 0
    for batch in filter(_is_filled, batches):
        prints, ranks = to_array(batch, "print"), to_array(batch, "rank")
        is_first = run_start_mask(prints)
        is_first[0] = prints[0] != last
        bests = np.append(best, ranks[is_first])[np.cumsum(is_first)]
        last, best = prints[-1], bests[-1]
        keys = compute.if_else(arrow.array(ranks == bests), batch.column("keys"), None)
        yield arrow.RecordBatch.from_arrays([arrow.array(ranks), arrow.array(bests), keys], schema=TWIN_SCHEMA)


def pair_bucket_items(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Pair the items of each bucket; a pair of several buckets is repeated.

    Args:
        batches: items sorted by `band`, `key` and `rank`.
    """
    carry = [np.empty(0, dtype=np.int64)] * 3
    for batch in filter(_is_filled, batches):
        carry_size = len(carry[0])
        columns = (to_array(batch, name) for name in ("band", "key", "rank"))
        band, key, rank = (np.append(before, column) for before, column in zip(carry, columns, strict=True))
        is_first = run_start_mask(band, key)
        left, right = lsh.bucket_pairs(is_first)
        is_new = right >= carry_size
        yield _pair_batch(rank[left[is_new]], rank[right[is_new]])
        first = int(np.flatnonzero(is_first)[-1])
        last_rows = [first, *range(max(first + 1, len(rank) - lsh.NEIGHBOURS), len(rank))]
        carry = [column[last_rows] for column in (band, key, rank)]


@dataclass(frozen=True)
class CompareStage:
    """Compares pairs that come with their texts (`left`, `right`, `left_text`, `right_text`)."""

    shingle: int

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield the pairs with their similarity, and the share of the right's shingles that the left has."""
        _kernels.load()
        for batch in batches:
            for part in split_by_size(batch, "left_text", "right_text"):
                yield self._compare(part)

    def _compare(self, batch: arrow.RecordBatch) -> arrow.RecordBatch:
        left, right = to_array(batch, "left"), to_array(batch, "right")
        _, first, indices = np.unique(np.append(left, right), return_index=True, return_inverse=True)
        columns = arrow.chunked_array([batch.column("left_text"), batch.column("right_text")])
        texts = to_texts(columns.take(arrow.array(first)))
        similarities = jaccard.compare_texts(texts, indices[: len(left)], indices[len(left) :], self.shingle)
        arrays = map(arrow.array, (left, right, similarities.jaccard, similarities.right_share))
        return arrow.RecordBatch.from_arrays(list(arrays), schema=COMPARISON_SCHEMA)


@dataclass(frozen=True)
class ClusterStage:
    """Clusters all pairs, `left` and `right`, in memory at one time.

    Yields for each copy the rank of its keeper.
    """

    chain: bool = True

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield the items that are no keepers."""
        pairs = [(to_array(batch, "left"), to_array(batch, "right")) for batch in batches]
        if not pairs:
            return
        left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
        ranks, indices = np.unique(np.append(left, right), return_inverse=True)
        cluster = clusters.connected_components if self.chain else clusters.star_clusters
        keeper = cluster(len(ranks), indices[: len(left)], indices[len(left) :])
        copies = np.flatnonzero(keeper != np.arange(len(ranks)))
        yield arrow.RecordBatch.from_arrays(
            [arrow.array(ranks[copies]), arrow.array(ranks[keeper[copies]])], schema=LABEL_SCHEMA
        )


def _is_filled(batch: arrow.RecordBatch) -> bool:
    return bool(batch.num_rows)


def _pair_batch(left: NDArray[np.int64], right: NDArray[np.int64]) -> arrow.RecordBatch:
    return arrow.RecordBatch.from_arrays([arrow.array(left), arrow.array(right)], schema=PAIR_SCHEMA)
