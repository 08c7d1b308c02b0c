"""Near-duplicate passages for a page: some clusters, each copy aligned with its keeper."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner.dedup.pairs import Pair
from cleaner.errors import UsageError
from cleaner.report.alignment.comparison import compare_texts
from cleaner.report.alignment.rows import AlignedRow
from cleaner.report.alignment.visible import shorten
from cleaner.report.sampling.excerpts import LONGEST_ID
from cleaner.report.sampling.reservoirs import draw_number

CLUSTERS, COPIES = 20, 3
"""Clusters that are shown, and copies of each."""
LONGEST_PASSAGE = 1200
"""Characters of a passage that are shown."""


class ClusterPairs(Struct):
    """A cluster with the pairs of its first copies. `count`: of all its copies."""

    pairs: list[Pair]
    count: int = 0


class CopyFacts(Struct, frozen=True):
    """A copy beside its keeper; no rows where the output does not have their texts any more."""

    document: str
    jaccard: float
    rows: tuple[AlignedRow, ...]


class ClusterFacts(Struct, frozen=True):
    """A cluster: its keeper, some copies, and the number of all."""

    keeper: str
    kind: str
    count: int
    copies: tuple[CopyFacts, ...]


def sample_clusters(path: Path, seed: int) -> list[ClusterPairs]:
    """Read all pairs once; return some clusters, those with the least numbers drawn, and their first copies."""
    clusters: dict[str, ClusterPairs] = {}
    heap: list[tuple[int, str]] = []
    for pair in _read_pairs(path):
        if pair.cluster not in clusters:
            rank = -draw_number(seed, pair.cluster)
            if len(heap) == CLUSTERS and rank <= heap[0][0]:
                continue
            if len(heap) == CLUSTERS:
                del clusters[heapq.heappop(heap)[1]]
            heapq.heappush(heap, (rank, pair.cluster))
            clusters[pair.cluster] = ClusterPairs([])
        cluster = clusters[pair.cluster]
        cluster.count += 1
        if len(cluster.pairs) < COPIES:
            cluster.pairs.append(pair)
    return sorted(clusters.values(), key=lambda cluster: (-cluster.count, cluster.pairs[0].cluster))


def _read_pairs(path: Path) -> Iterator[Pair]:
    decoder = msgspec.json.Decoder(Pair)
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError as error:
                    raise UsageError(f"{path}:{number}: not a near-duplicate pair ({error}); it was altered") from error
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); clean into this output again") from error


def describe_cluster(cluster: ClusterPairs, text_of: dict[str, str], budget: int) -> ClusterFacts:
    """Describe a cluster with its texts aligned.

    Args:
        cluster: with the pairs to show.
        text_of: clean texts of documents by id, of those that are there.
        budget: bytes of the page for each copy.
    """
    first = cluster.pairs[0]
    copies = tuple(CopyFacts(_name(pair), pair.jaccard, _align(pair, text_of, budget)) for pair in cluster.pairs)
    return ClusterFacts(shorten(first.keeper, LONGEST_ID), first.kind, cluster.count, copies)


def _name(pair: Pair) -> str:
    return shorten(pair.copy, LONGEST_ID)


def _align(pair: Pair, text_of: dict[str, str], budget: int) -> tuple[AlignedRow, ...]:
    if pair.copy not in text_of or pair.keeper not in text_of:
        return ()
    keeper, copy = (
        text_of[name][span.start : span.stop][:LONGEST_PASSAGE]
        for name, span in ((pair.keeper, pair.keeper_span), (pair.copy, pair.copy_span))
    )
    return tuple(compare_texts(keeper, copy, budget))
