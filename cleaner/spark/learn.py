"""`cleaner learn` on Spark, with the same packs as the embedded engine.

The driver adds up what partitions return, one after the other: twenty bytes a distinct line, and what is seen of those
that recur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
from pyspark.sql import SparkSession

from cleaner.corpus.learn import lesson
from cleaner.corpus.learn.lesson import Lesson
from cleaner.corpus.learn.stages import LearnStage
from cleaner.formats.base import Reading
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning import line_counts
from cleaner.learning.line_counts import LineCounts
from cleaner.pipeline import Pack
from cleaner.spark import inputs
from cleaner.spark.arrow.learn import RESULT_SCHEMA, CountLinesStage, PartitionCounts, ReadAgainStage
from cleaner.spark.inputs import Inputs
from cleaner.spark.search import run_stage


class SparkLearnJob(NamedTuple):
    """A path to learn from, the rules at hand, and the pages of a host from which on a pack is made."""

    source: str
    reading: Reading
    pack: Pack
    min_pages: int


def learn_corpus(session: SparkSession, job: SparkLearnJob) -> Lesson:
    """Learn what the hosts of the pages under a path print.

    Raises:
        UsageError: there is nothing to read.
    """
    run_inputs = inputs.find_inputs(session, job.source, job.reading)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(run_inputs.batch))
    counts, skips = line_counts.merge(()), []
    for data in _collect(run_inputs, lambda read: CountLinesStage(read, job.reading)):
        part, part_skips = msgspec.msgpack.decode(data, type=PartitionCounts)
        counts = line_counts.merge((counts, LineCounts.from_bytes(part)))
        skips += part_skips

    def work(stage: LearnStage) -> Iterator[bytes]:
        return _collect(run_inputs, lambda read: ReadAgainStage(read, job.reading, stage))

    result = lesson.study(work, counts, job.pack, job.min_pages)
    return lesson.conclude(result, sorted(skips, key=_location), job.min_pages)


def _collect(run_inputs: Inputs, make_stage: Callable[[Any], Any]) -> Iterator[bytes]:
    """Run a stage over all partitions; yield what each returns."""
    for frame, read in run_inputs.frames:
        for row in run_stage(frame, make_stage(read), RESULT_SCHEMA).toLocalIterator(prefetchPartitions=True):
            yield bytes(row.value)


def _location(skip: SkippedFile) -> tuple[str, int]:
    """Return the file of a skip, and its line."""
    file, _, line = skip.path.rpartition(":")
    return (file, int(line)) if line.isdigit() else (skip.path, 0)
