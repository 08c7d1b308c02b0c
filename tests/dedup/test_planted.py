"""Recall and precision on the planted corpus that lies beside a checkout."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from cleaner.dedup import Duplicates, deduplicate, shingles

MAX_MEMBERS = 60
"""Members of a cluster whose pairs are counted."""


class PlantedCorpus(NamedTuple):
    texts: dict[str, str]
    clusters: dict[int, list[str]]
    passages: dict[int, list[str]]


def plant(shared: Path, documents: int) -> PlantedCorpus:
    program = shared / "bench/make_corpus.py"
    spec = importlib.util.spec_from_file_location("make_corpus", program)
    assert spec
    assert spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    texts: dict[str, str] = {}
    clusters: defaultdict[int, list[str]] = defaultdict(list)
    passages: defaultdict[int, list[str]] = defaultdict(list)
    for number, text, cluster, _, passage in module.generate(documents):
        texts[str(number)] = text
        clusters[cluster].append(str(number))
        passages[passage].append(str(number))
    del clusters[-1], passages[-1]
    return PlantedCorpus(texts, clusters, passages)


def true_pairs(texts: dict[str, str], members: list[str], threshold: float) -> list[tuple[str, str]]:
    ranges = shingles.shingle_texts([texts[name] for name in members])
    sets = [ranges.distinct_hashes(i) for i in range(len(members))]
    similar_pairs = []
    for a, b in combinations(range(len(members)), 2):
        common = len(np.intersect1d(sets[a], sets[b], assume_unique=True))
        if common / (len(sets[a]) + len(sets[b]) - common) >= threshold:
            similar_pairs.append((members[a], members[b]))
    return similar_pairs


def recall_of_documents(corpus: PlantedCorpus, duplicates: Duplicates) -> float:
    """The share of pairs at a true similarity of at least 0.8 that stand in one cluster."""
    keeper = {pair.copy: pair.keeper for pair in duplicates.pairs if pair.unit == "document"}
    pairs = [
        pair for members in corpus.clusters.values() for pair in true_pairs(corpus.texts, members[:MAX_MEMBERS], 0.8)
    ]
    return sum(keeper.get(a, a) == keeper.get(b, b) for a, b in pairs) / len(pairs)


def recall_of_passages(corpus: PlantedCorpus, duplicates: Duplicates) -> float:
    """The share of pairs of documents with one planted passage that share a cluster of passages."""
    clusters: defaultdict[str, set[str]] = defaultdict(set)
    for pair in duplicates.pairs:
        if pair.unit == "passage":
            clusters[pair.copy].add(pair.cluster)
            clusters[pair.keeper].add(pair.cluster)
    pairs = [pair for members in corpus.passages.values() for pair in combinations(members, 2)]
    return sum(bool(clusters[a] & clusters[b]) for a, b in pairs) / len(pairs)


@pytest.mark.parametrize(("documents", "bar"), [(1500, 0.96), pytest.param(10_000, 0.985, marks=pytest.mark.slow)])
def test_planted_duplicates_are_found_and_nothing_else(shared: Path, documents: int, bar: float) -> None:
    corpus = plant(shared, documents)
    duplicates = deduplicate(corpus.texts)
    of = {name: number for number, members in corpus.clusters.items() for name in members}
    assert recall_of_documents(corpus, duplicates) >= bar
    assert recall_of_passages(corpus, duplicates) >= 0.95
    for pair in duplicates.pairs:
        assert pair.jaccard >= 0.8 or pair.linked == "chain"
        if pair.unit == "document":
            assert of[pair.copy] == of[pair.keeper]
