"""The shards of a run that a worker is to do, read from their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

from cleaner.corpus.reading import name_host, reject_record
from cleaner.corpus.run import JobType, Run
from cleaner.formats.base import Item, Record
from cleaner.local.checkpoints import Shard
from cleaner.local.events import Advance, Assignment, Emit, PoisonShard, RecordStart, ShardStart

DATA, EDITS, REJECTED = "data", "edits", "rejected"
"""Kinds of files of a shard: the output, lines of the ledger, lines of what was refused."""
BYTES_A_CHARACTER = 3
"""Bytes of a Chinese character in UTF-8, by which the characters of an input are estimated."""


class ShardWork(NamedTuple):
    """A shard that is to be done. `position`: bytes of all sources before its own.

    `is_poison`: it ended workers before, so its records are to be done one by one.
    """

    shard: Shard
    items: Iterator[Item]
    position: int
    is_poison: bool


def missing_shards(run: Run[JobType], assignment: Assignment, emit: Emit) -> Iterator[ShardWork]:
    """Yield the shards of an assignment that are not committed yet, each to be read before the next."""
    poison = {Shard(shard.source, shard.shard): shard for shard in assignment.poison}
    job, checkpoints, position = run.job, run.checkpoints, 0
    for number, source in enumerate(job.sources):

        def is_missing(shard: int, number: int = number) -> bool:
            return assignment.includes(number + shard) and not checkpoints.has(Shard(number, shard))

        for shard_number, items in job.format(source).shards(source, job.reading, is_missing):
            shard = Shard(number, shard_number)
            emit(ShardStart(*shard))
            if failure := poison.get(shard):
                items = _announce(items, failure, emit)
            yield ShardWork(shard, (name_host(item, job.reading) for item in items), position, failure is not None)
        position += source.size
        emit(Advance(position))


def _announce(items: Iterator[Item], poison: PoisonShard, emit: Emit) -> Iterator[Item]:
    """Announce each record of a shard before it is read; refuse those that end the worker."""
    subject = "its shard" if poison.is_hopeless else "it"
    for index in count():
        emit(RecordStart(index))
        item = next(items, None)
        if item is None:
            return
        if isinstance(item, Record) and (poison.is_hopeless or index in poison.records):
            yield reject_record(item, f"{subject} ends its worker: {poison.reason}")
        else:
            yield item


def committed_shards(
    run: Run[JobType], shards: list[Shard], assignment: Assignment, is_wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Iterator[Item]]]:
    """Read shards of an assignment again from their sources; yield the index of each and its records."""
    indices = {shard: index for index, shard in enumerate(shards)}
    for number, source in enumerate(run.job.sources):

        def is_included(shard: int, number: int = number) -> bool:
            index = indices.get(Shard(number, shard), -1)
            return index >= 0 and assignment.includes(index) and is_wanted(index)

        for shard, items in run.job.format(source).shards(source, run.job.reading, is_included):
            yield indices[Shard(number, shard)], items
