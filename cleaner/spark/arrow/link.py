"""Near-duplicates as stages: Arrow record batches in, Arrow record batches out, whoever carries them out and wherever.

Items go by rank, the best keeper first. A sorted run is never held: a carry row or two stand for what came before.
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

CHUNK = 1 << 21
"""Characters whose shingles are held at one time."""

TWINS = arrow.schema([("rank", arrow.int64()), ("best", arrow.int64()), ("keys", arrow.list_(arrow.int64()))])
PAIRS = arrow.schema([("left", arrow.int64()), ("right", arrow.int64())])
LABELS = arrow.schema([("item", arrow.int64()), ("label", arrow.int64())])
COMPARED = arrow.schema([*PAIRS, ("jaccard", arrow.float64()), ("containment", arrow.float64())])


def twins(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Of items sorted by print and rank (`print`, `rank`, `keys`): the first that is the same; keys of that alone."""
    last, best = None, 0
    for batch in filter(_is_filled, batches):
        prints, ranks = _array(batch, "print"), _array(batch, "rank")
        fresh = np.append(prints[0] != last, prints[1:] != prints[:-1])
        bests = np.append(best, ranks[fresh])[np.cumsum(fresh)]
        last, best = prints[-1], bests[-1]
        keys = compute.if_else(arrow.array(ranks == bests), batch.column("keys"), None)
        yield arrow.RecordBatch.from_arrays([arrow.array(ranks), arrow.array(bests), keys], schema=TWINS)


def met(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Of items sorted by `band`, `key` and `rank`: the pairs that buckets make, repeated where several do."""
    held = [np.empty(0, dtype=np.int64)] * 3
    for batch in filter(_is_filled, batches):
        carried = len(held[0])
        given = (_array(batch, name) for name in ("band", "key", "rank"))
        band, key, rank = (np.append(old, new) for old, new in zip(held, given, strict=True))
        fresh = np.append(True, (band[1:] != band[:-1]) | (key[1:] != key[:-1]))
        left, right = lsh.bucket_pairs(fresh)
        now = right >= carried
        yield _pairs(rank[left[now]], rank[right[now]])
        first = int(np.flatnonzero(fresh)[-1])
        kept = [first, *range(max(first + 1, len(rank) - lsh.NEIGHBOURS), len(rank))]
        held = [column[kept] for column in (band, key, rank)]


@dataclass(frozen=True)
class Check:
    """The exact check of pairs that come with their texts (`left`, `right`, `left_text`, `right_text`)."""

    shingle: int

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Similarity, and the share of the right's shingles that the left has."""
        _kernels.load()
        for batch in batches:
            sizes = sum(compute.binary_length(batch.column(f"{side}_text")).to_numpy() for side in ("left", "right"))
            held = np.cumsum(sizes) // CHUNK
            for start, stop in _runs(held):
                yield self._compared(batch.slice(start, stop - start))

    def _compared(self, batch: arrow.RecordBatch) -> arrow.RecordBatch:
        left, right = _array(batch, "left"), _array(batch, "right")
        _, first, places = np.unique(np.append(left, right), return_index=True, return_inverse=True)
        columns = [batch.column("left_text"), batch.column("right_text")]
        data = [columns[at >= len(left)][at % len(left)].as_py() for at in first.tolist()]
        texts = [text.decode("utf-8", "surrogatepass") for text in data]
        found = jaccard.compare_texts(texts, places[: len(left)], places[len(left) :], self.shingle)
        arrays = map(arrow.array, (left, right, found.jaccard, found.right_share))
        return arrow.RecordBatch.from_arrays(list(arrays), schema=COMPARED)


@dataclass(frozen=True)
class Join:
    """Clusters of all pairs, `left` and `right`, which are held at one time: for each copy, the rank of its keeper."""

    chain: bool = True

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Items that are no keepers."""
        held = [(_array(batch, "left"), _array(batch, "right")) for batch in batches]
        if not held:
            return
        left, right = (np.concatenate(side) for side in zip(*held, strict=True))
        ranks, places = np.unique(np.append(left, right), return_inverse=True)
        make = clusters.connected_components if self.chain else clusters.star_clusters
        keeper = make(len(ranks), places[: len(left)], places[len(left) :])
        copies = np.flatnonzero(keeper != np.arange(len(ranks)))
        yield arrow.RecordBatch.from_arrays(
            [arrow.array(ranks[copies]), arrow.array(ranks[keeper[copies]])], schema=LABELS
        )


def _runs(group: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The ranges in which a number stays the same."""
    edges = np.flatnonzero(np.diff(group)) + 1
    if len(group):
        yield from zip([0, *edges.tolist()], [*edges.tolist(), len(group)], strict=True)


def _is_filled(batch: arrow.RecordBatch) -> bool:
    return bool(batch.num_rows)


def _array(batch: arrow.RecordBatch, name: str) -> NDArray[np.int64]:
    found: NDArray[np.int64] = batch.column(name).to_numpy(zero_copy_only=False)
    return found


def _pairs(left: NDArray[np.int64], right: NDArray[np.int64]) -> arrow.RecordBatch:
    return arrow.RecordBatch.from_arrays([arrow.array(left), arrow.array(right)], schema=PAIRS)
