"""Learning on executors: the lines of a partition counted, or a stage of learning done on its pages, a row for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec
import pyarrow as arrow

from cleaner import _kernels
from cleaner.corpus.learn.stages import LearnStage, count_lines, read_batches
from cleaner.formats.base import Item, Reading
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning.line_counts import LineCounter

RESULT_SCHEMA = arrow.schema([("value", arrow.binary())])
"""What was seen of a partition."""

PartitionCounts = tuple[bytes, list[SkippedFile]]
"""Encoded counts of lines, and what was not read."""

_Read = Callable[[Iterable[arrow.RecordBatch]], Iterator[Item]]


@dataclass(frozen=True)
class CountLinesStage:
    """Counts the lines of records that `read` makes of batches."""

    read: _Read
    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield `PartitionCounts`, encoded."""
        _kernels.load()
        counter, all_skips = LineCounter(), []
        for reads, skips in read_batches(self.read(batches), self.reading):
            count_lines(counter, reads)
            all_skips += skips
        yield _result(msgspec.msgpack.encode((counter.total().to_bytes(), all_skips)))


@dataclass(frozen=True)
class ReadAgainStage:
    """Does a stage of learning on records that `read` makes of batches."""

    read: _Read
    reading: Reading
    stage: LearnStage

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield what the stage returns."""
        _kernels.load()
        yield _result(self.stage(reads for reads, _ in read_batches(self.read(batches), self.reading)))


def _result(data: bytes) -> arrow.RecordBatch:
    return arrow.RecordBatch.from_pydict({"value": [data]}, RESULT_SCHEMA)
