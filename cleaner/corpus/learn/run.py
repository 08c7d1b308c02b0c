"""Learn from a corpus on this machine: all stages through a pool of workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cleaner import _kernels
from cleaner.corpus.learn.job import LearnJob
from cleaner.corpus.learn.lesson import Lesson, conclude, study
from cleaner.corpus.learn.stages import LearnStage, PageBatch, count_lines, read_batches, text_of
from cleaner.corpus.plan import require_libraries
from cleaner.corpus.run import Run, locked_folder
from cleaner.corpus.shards import BYTES_A_CHARACTER, committed_shards, missing_shards
from cleaner.formats.storage.folders import SkippedFile
from cleaner.learning import line_counts
from cleaner.learning.line_counts import LineCounter, LineCounts
from cleaner.local.events import Advance, Assignment, Emit, WorkerEnd
from cleaner.local.pool import Pool, ignore
from cleaner.local.worker_count import default_workers

if TYPE_CHECKING:
    from cleaner.local.pool import Watch

COUNTS = "counts"
"""The kind of file of a shard with the counts of its lines."""
RESULT = "{}-{}.bin"
"""The file of a run with what a worker returns of a stage."""


class StageTask(NamedTuple):
    """A stage that the workers of a run are to do."""

    run: Run[LearnJob]
    stage: LearnStage


def learn_corpus(job: LearnJob, workers: int | None = None, watch: Watch = ignore) -> Lesson:
    """Learn what the hosts of a job's sources print on their pages.

    Args:
        job: what is read and how.
        workers: processes (None: one a core, none for a small job); they never change the result.
        watch: gets the events of each worker by its number.
    """
    require_libraries(job.sources)
    with _open_run(job) as run, Pool(workers or default_workers(job.size), watch, run.folder) as pool:
        pool.work(count_shards, run)
        counts, skips = _merge_shards(run)
        pool.announce("learning")
        result = study(partial(_work, pool, run), counts, job.pack, job.min_pages)
        run.require_unchanged_inputs()
    # the pool gives no memory back while it works, and compiling patterns takes much
    return conclude(result, [*job.skips, *skips], job.min_pages)


def count_shards(run: Run[LearnJob], assignment: Assignment, emit: Emit) -> None:
    """Count the lines of all shards of an assignment."""
    _kernels.load(run.job.size // BYTES_A_CHARACTER)
    for work in missing_shards(run, assignment, emit):
        counter, skips = LineCounter(), []
        with run.checkpoints.draft(work.shard, (COUNTS,)) as draft:
            for reads, refusals in read_batches(work.items, run.job.reading):
                skips += refusals
                count_lines(counter, reads)
                if reads:
                    position = work.position + reads[-1].record.stored_offset
                    emit(Advance(position, len(reads), sum(len(text_of(read)) for read in reads) * BYTES_A_CHARACTER))
            draft.write(COUNTS, counter.total().to_bytes())
            draft.counts = skips
    emit(WorkerEnd())


def _merge_shards(run: Run[LearnJob]) -> tuple[LineCounts, list[SkippedFile]]:
    """Add up the counts of all shards."""
    skips: list[SkippedFile] = []
    for shard in run.shards():
        skips += msgspec.convert(run.checkpoints.counts(shard), list[SkippedFile])
    files = (run.checkpoints.path(shard, COUNTS) for shard in run.shards())
    return line_counts.merge(LineCounts.from_bytes(file.read_bytes()) for file in files), skips


def _work(pool: Pool, run: Run[LearnJob], stage: LearnStage) -> Iterator[bytes]:
    """Have all workers do a stage; yield what each returns."""
    pool.work(run_stage, StageTask(run, stage))
    for path in sorted(run.folder.glob(RESULT.format(stage.name, "*"))):
        yield path.read_bytes()


def run_stage(task: StageTask, assignment: Assignment, emit: Emit) -> None:
    """Do a stage on the pages of all shards of an assignment."""
    data = task.stage(_read_again(task.run, assignment))
    (task.run.folder / RESULT.format(task.stage.name, assignment.worker)).write_bytes(data)
    emit(WorkerEnd())


def _read_again(run: Run[LearnJob], assignment: Assignment) -> Iterator[PageBatch]:
    for _, items in committed_shards(run, run.shards(), assignment, lambda index: True):
        for reads, _ in read_batches(items, run.job.reading):
            yield reads


@contextmanager
def _open_run(job: LearnJob) -> Iterator[Run[LearnJob]]:
    with TemporaryDirectory(prefix="cleaner-") as name, locked_folder(Path(name), job.folder_name):
        yield Run.open(job, Path(name))
