"""A small job in a process of its own, to be killed: prints a letter for each event.

usage: runner_job.py OUTPUT WORKERS flag|drop|off|update|deduplicate INPUT...
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.corpus.clean import clean_corpus
from cleaner.corpus.dedup.job import DedupJob
from cleaner.corpus.dedup.run import deduplicate_corpus
from cleaner.corpus.job import CleanJob
from cleaner.corpus.plan import plan, plan_reading
from cleaner.corpus.run import Run
from cleaner.corpus.worker import clean_shards
from cleaner.formats.base import Reading
from cleaner.local.events import Assignment, Emit
from cleaner.options import DedupOptions
from cleaner.packs import registry
from cleaner.pipeline import Pack

POISON = "毒" * 5


def job(inputs: list[str], output: Path, dedup: Any = "drop", shard: int = 3000) -> CleanJob:
    """Make a cheap job: a pack that loads fast, and shards so small that there are many."""
    sources, skips, _ = plan(inputs, output, (), "same")
    settings = Config(pack=("core",), dedup=dedup)
    reading = Reading(shard=shard, files_shard=4000)
    return CleanJob(sources, Pack(registry.load_rules("core")), settings, reading, "same", "0", tuple(skips))


def dedup_job(inputs: list[str], shard: int = 3000) -> DedupJob:
    """A job of `cleaner dedup` that also drops copies, of many small shards."""
    sources, _, _ = plan_reading(inputs, None, ())
    return DedupJob(sources, DedupOptions(), Reading(shard=shard, files_shard=4000), "drop", "0")


def fragile(run: Run[CleanJob], assignment: Assignment, emit: Emit) -> None:
    """Clean shards, but end the process at a poisoned text, as a fault in a library does."""
    from cleaner.corpus import worker

    read = worker.read_record

    def reading(item: Any, encoding: str | None = None) -> Any:
        if POISON in getattr(item, "text", ""):
            os._exit(139)
        return read(item, encoding)

    worker.read_record = reading
    clean_shards(run, assignment, emit)


def unreadable(run: Run[CleanJob], assignment: Assignment, emit: Emit) -> None:
    """Clean shards, but end the process while it reads its fifth record."""
    from cleaner.formats.shared import json_records

    parse_line, calls = json_records.parse_line, count(1)

    def parse_or_die(*arguments: Any) -> Any:
        if next(calls) == 5:
            os._exit(140)
        return parse_line(*arguments)

    json_records.parse_line = parse_or_die
    clean_shards(run, assignment, emit)


def main() -> None:
    output, workers, action, *inputs = sys.argv[1:]

    def watch(worker: int, event: Any) -> None:
        os.write(1, type(event).__name__[:1].encode())

    if action == "deduplicate":
        deduplicate_corpus(dedup_job(inputs), Path(output), workers=int(workers), watch=watch)
    elif action == "update":
        clean_corpus(job(inputs, Path(output))._replace(updates=True), Path(output), workers=int(workers), watch=watch)
    else:
        clean_corpus(job(inputs, Path(output), action), Path(output), workers=int(workers), watch=watch)


if __name__ == "__main__":
    main()
