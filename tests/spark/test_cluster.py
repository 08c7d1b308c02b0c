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

LARGE, SMALL = 20_000, 2_500


@pytest.fixture(autouse=True)
def require_spark() -> None:
    spark.skip_without_spark()


class EmbeddedRun:
    """A corpus, and what the embedded engine makes of it."""

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir()
        self.source, self.output = spark.corpus(folder, SHARED, count), folder / "here"
        clean.clean_corpus(job([self.source], self.output), self.output)

    def check(self, output: Path) -> None:
        """Whether an output is the same, record for record."""
        assert_same_output(self.output, output)
        assert lines(output / "data") == lines(self.output / self.source.name)
        assert spark.counts(output)["duplicates"] > 100


@pytest.fixture(scope="module")
def large_run(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedRun:
    spark.skip_without_spark()
    return EmbeddedRun(tmp_path_factory.mktemp("made") / "many", LARGE)


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedRun:
    spark.skip_without_spark()
    return EmbeddedRun(tmp_path_factory.mktemp("made") / "fewer", SMALL)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    spark.skip_without_spark()
    with Cluster(tmp_path) as started_cluster:
        yield started_cluster


def killing(monkeypatch: Any, session: Any, stage: str, kill: Any) -> threading.Thread:
    """Kill when tasks of a stage of this name are under way."""
    from cleaner.spark.checkpoints import ParquetCheckpoints

    make, tracker = ParquetCheckpoints.__call__, session.sparkContext.statusTracker()
    stage_begin = threading.Event()

    def is_under_way() -> bool:
        running = [stage_info for number in tracker.getActiveStageIds() if (stage_info := tracker.getStageInfo(number))]
        return any(stage_info.numCompletedTasks and stage_info.numActiveTasks for stage_info in running)

    def strike() -> None:
        stage_begin.wait()
        spark.wait(is_under_way)
        kill()

    def making(self: Any, name: str, frame: Any) -> Any:
        if name == stage:
            stage_begin.set()
        return make(self, name, frame)

    monkeypatch.setattr(ParquetCheckpoints, "__call__", making)
    thread = threading.Thread(target=strike, daemon=True)
    thread.start()
    return thread


def test_two_executors_of_a_local_cluster_give_the_same_output(large_run: EmbeddedRun, tmp_path: Path) -> None:
    with spark.session("local-cluster[2,1,1536]", spark__executor__memory="1g") as session:
        spark.clean(session, large_run.source, tmp_path / "there")
        assert spark.count_lost_executors(session) == 0
    large_run.check(tmp_path / "there")


def test_two_workers_of_a_standalone_cluster_give_the_same_output(
    large_run: EmbeddedRun, cluster: Cluster, tmp_path: Path
) -> None:
    with spark.session(cluster.master, spark__executor__memory="512m") as session:
        spark.clean(session, large_run.source, tmp_path / "there")
        code = session.sparkContext.parallelize([0], 1).map(lambda _: __import__("cleaner").__file__).first()
    large_run.check(tmp_path / "there")
    assert "webtext-cleaner.zip" in code


def test_an_executor_killed_during_a_shuffle_changes_nothing(
    small_run: EmbeddedRun, cluster: Cluster, tmp_path: Path, monkeypatch: Any
) -> None:
    conf = {"spark__executor__memory": "512m", "spark__sql__shuffle__partitions": "12"}
    with spark.session(cluster.master, spark__sql__adaptive__coalescePartitions__enabled="false", **conf) as session:
        thread = killing(
            monkeypatch, session, "passages-candidates", lambda: os.kill(spark.executors(session)[0], signal.SIGKILL)
        )
        spark.clean(session, small_run.source, tmp_path / "there")
        thread.join(1)
        assert not thread.is_alive()
        assert spark.count_lost_executors(session) == 1
    small_run.check(tmp_path / "there")


def test_a_worker_killed_and_not_replaced_changes_nothing(
    small_run: EmbeddedRun, cluster: Cluster, tmp_path: Path, monkeypatch: Any
) -> None:
    conf = {"spark__executor__memory": "512m", "spark__sql__shuffle__partitions": "12"}
    with spark.session(cluster.master, spark__sql__adaptive__coalescePartitions__enabled="false", **conf) as session:
        worker = cluster.workers[0]
        thread = killing(monkeypatch, session, "items", lambda: os.killpg(worker.pid, signal.SIGKILL))
        spark.clean(session, small_run.source, tmp_path / "there")
        thread.join(1)
        assert not thread.is_alive()
        assert worker.poll() is not None
        assert spark.count_lost_executors(session) == 1
        assert len(spark.executors(session)) == 1
    small_run.check(tmp_path / "there")


def skewed_texts(count: int = 3000) -> dict[str, str]:
    """A third of all documents are so alike that they share a bucket, half of those without being the same."""
    base = prose("everywhere", 500)
    alike = [replace_characters(base, number // 2, 0.002) for number in range(count // 3)]
    texts = [*alike, *(prose(number, 300) for number in range(count - len(alike)))]
    random.Random(1).shuffle(texts)
    return {f"d{number}": text for number, text in enumerate(texts)}


def test_a_bucket_with_a_third_of_all_documents_fits_in_little_memory(tmp_path: Path) -> None:
    from cleaner.formats.base import Reading
    from cleaner.options import DedupOptions
    from cleaner.spark import dedup

    texts, source = skewed_texts(), tmp_path / "skewed.jsonl"
    records = ({"id": key, "text": text} for key, text in texts.items())
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with spark.session("local-cluster[2,1,1024]", spark__executor__memory="512m") as session:
        dedup.deduplicate(
            session,
            dedup.SparkDedupJob(
                str(source), str(tmp_path / "out"), DedupOptions(unit="document"), Reading(), "flag", "0"
            ),
        )
        assert spark.count_lost_executors(session) == 0
    expected = deduplicate(texts, unit="document")
    assert lines(tmp_path / "out/duplicates.jsonl") == sorted(map(msgspec.json.encode, expected.pairs))
    assert max(len(group.copies) for group in expected.clusters) > len(texts) / 3 - 10


@pytest.mark.parametrize("max_driver_pairs", [1 << 22, 0])
def test_components_are_the_same_in_rounds_of_frames_as_on_the_driver(max_driver_pairs: int) -> None:
    from cleaner.spark import checkpoints, components

    dice = np.random.default_rng(7)
    left, right = np.sort(dice.integers(0, 4000, (2, 3000)), axis=0)
    left, right = np.append(left, np.arange(5000, 5200)), np.append(right, np.arange(5001, 5201))
    expected = clusters.connected_components(6000, left, right)
    with spark.session() as session:
        pairs = session.createDataFrame(list(zip(left.tolist(), right.tolist(), strict=True)), "left long, right long")
        label_frame = components.cluster_pairs(
            checkpoints.checkpoint_on_executors, "test", pairs.where("left < right"), True, max_driver_pairs
        )
        label = np.arange(6000)
        for row in label_frame.collect():
            label[row["item"]] = row["label"]
    assert (label == expected).all()
