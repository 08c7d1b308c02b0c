"""Clusters of processes on the loopback, some of which are killed: the output is the embedded engine's all the same."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from cleaner import deduplicate
from cleaner.corpus import clean
from cleaner.dedup import clusters
from helpers import spark_cluster as spark
from helpers.dedup_texts import prose, replace_characters
from helpers.format_cases import job
from helpers.paths import SHARED
from helpers.spark_cluster import Cluster, assert_same_output, lines

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

MANY, FEWER = 20_000, 2_500


@pytest.fixture(autouse=True)
def needed() -> None:
    spark.skip_without_spark()


class Made:
    """A corpus, and what the embedded engine makes of it."""

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir()
        self.source, self.here = spark.corpus(folder, SHARED, count), folder / "here"
        clean.clean_corpus(job([self.source], self.here), self.here)

    def check(self, there: Path) -> None:
        """Whether an output is the same, record for record."""
        assert_same_output(self.here, there)
        assert lines(there / "data") == lines(self.here / self.source.name)
        assert spark.counts(there)["duplicates"] > 100


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Made:
    spark.skip_without_spark()
    return Made(tmp_path_factory.mktemp("made") / "many", MANY)


@pytest.fixture(scope="module")
def fewer(tmp_path_factory: pytest.TempPathFactory) -> Made:
    spark.skip_without_spark()
    return Made(tmp_path_factory.mktemp("made") / "fewer", FEWER)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    spark.skip_without_spark()
    with Cluster(tmp_path) as made:
        yield made


def killing(monkeypatch: Any, session: Any, stage: str, kill: Any) -> threading.Thread:
    """Kill when tasks of a stage of this name are under way."""
    from cleaner.spark.checkpoints import ParquetCheckpoints

    make, tracker = ParquetCheckpoints.__call__, session.sparkContext.statusTracker()
    begun = threading.Event()

    def is_under_way() -> bool:
        running = [found for number in tracker.getActiveStageIds() if (found := tracker.getStageInfo(number))]
        return any(found.numCompletedTasks and found.numActiveTasks for found in running)

    def strike() -> None:
        begun.wait()
        spark.wait(is_under_way)
        kill()

    def making(self: Any, name: str, frame: Any) -> Any:
        if name == stage:
            begun.set()
        return make(self, name, frame)

    monkeypatch.setattr(ParquetCheckpoints, "__call__", making)
    thread = threading.Thread(target=strike, daemon=True)
    thread.start()
    return thread


def test_two_executors_of_a_local_cluster_give_the_same_output(many: Made, tmp_path: Path) -> None:
    with spark.session("local-cluster[2,1,1536]", spark__executor__memory="1g") as made:
        spark.clean(made, many.source, tmp_path / "there")
        assert spark.count_lost_executors(made) == 0
    many.check(tmp_path / "there")


def test_two_workers_of_a_standalone_cluster_give_the_same_output(many: Made, cluster: Cluster, tmp_path: Path) -> None:
    with spark.session(cluster.master, spark__executor__memory="512m") as made:
        spark.clean(made, many.source, tmp_path / "there")
        code = made.sparkContext.parallelize([0], 1).map(lambda _: __import__("cleaner").__file__).first()
    many.check(tmp_path / "there")
    assert "webtext-cleaner.zip" in code


def test_an_executor_killed_during_a_shuffle_changes_nothing(
    fewer: Made, cluster: Cluster, tmp_path: Path, monkeypatch: Any
) -> None:
    conf = {"spark__executor__memory": "512m", "spark__sql__shuffle__partitions": "12"}
    with spark.session(cluster.master, spark__sql__adaptive__coalescePartitions__enabled="false", **conf) as made:
        thread = killing(
            monkeypatch, made, "passages-candidates", lambda: os.kill(spark.executors(made)[0], signal.SIGKILL)
        )
        spark.clean(made, fewer.source, tmp_path / "there")
        thread.join(1)
        assert not thread.is_alive()
        assert spark.count_lost_executors(made) == 1
    fewer.check(tmp_path / "there")


def test_a_worker_killed_and_not_replaced_changes_nothing(
    fewer: Made, cluster: Cluster, tmp_path: Path, monkeypatch: Any
) -> None:
    conf = {"spark__executor__memory": "512m", "spark__sql__shuffle__partitions": "12"}
    with spark.session(cluster.master, spark__sql__adaptive__coalescePartitions__enabled="false", **conf) as made:
        worker = cluster.workers[0]
        thread = killing(monkeypatch, made, "items", lambda: os.killpg(worker.pid, signal.SIGKILL))
        spark.clean(made, fewer.source, tmp_path / "there")
        thread.join(1)
        assert not thread.is_alive()
        assert worker.poll() is not None
        assert spark.count_lost_executors(made) == 1
        assert len(spark.executors(made)) == 1
    fewer.check(tmp_path / "there")


def skewed(count: int = 3000) -> dict[str, str]:
    """A third of all documents are so alike that they share a bucket, half of those without being the same."""
    base = prose("everywhere", 500)
    alike = [replace_characters(base, number // 2, 0.002) for number in range(count // 3)]
    texts = [*alike, *(prose(number, 300) for number in range(count - len(alike)))]
    random.Random(1).shuffle(texts)
    return {f"d{number}": text for number, text in enumerate(texts)}


def test_a_bucket_with_a_third_of_all_documents_fits_in_little_memory(tmp_path: Path) -> None:
    from cleaner.formats.jsonl_rows import Fields
    from cleaner.options import DedupOptions
    from cleaner.spark import dedup

    texts, source = skewed(), tmp_path / "skewed.jsonl"
    records = ({"id": key, "text": text} for key, text in texts.items())
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with spark.session("local-cluster[2,1,1024]", spark__executor__memory="512m") as made:
        dedup.deduplicate(
            made,
            dedup.SparkDedupJob(str(source), str(tmp_path / "out"), DedupOptions("document"), Fields(), "flag", "0"),
        )
        assert spark.count_lost_executors(made) == 0
    wanted = deduplicate(texts, unit="document")
    assert lines(tmp_path / "out/duplicates.jsonl") == sorted(map(msgspec.json.encode, wanted.pairs))
    assert max(len(found.copies) for found in wanted.clusters) > len(texts) / 3 - 10


@pytest.mark.parametrize("most", [1 << 22, 0])
def test_components_are_the_same_in_rounds_of_frames_as_on_the_driver(most: int) -> None:
    from cleaner.spark import checkpoints, components

    dice = np.random.default_rng(7)
    left, right = np.sort(dice.integers(0, 4000, (2, 3000)), axis=0)
    left, right = np.append(left, np.arange(5000, 5200)), np.append(right, np.arange(5001, 5201))
    wanted = clusters.connected_components(6000, left, right)
    with spark.session() as made:
        pairs = made.createDataFrame(list(zip(left.tolist(), right.tolist(), strict=True)), "left long, right long")
        found = components.cluster_pairs(
            checkpoints.checkpoint_on_executors, "test", pairs.where("left < right"), True, most
        )
        label = np.arange(6000)
        for row in found.collect():
            label[row["item"]] = row["label"]
    assert (label == wanted).all()
