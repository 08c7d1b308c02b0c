"""Find the near-duplicates of a corpus: shards through a pool of workers, one search over all, one report."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cleaner import _kernels
from cleaner.corpus.dedup.documents import StoredDocuments
from cleaner.corpus.dedup.job import FOLDER, DedupJob
from cleaner.corpus.dedup.report import DedupSummary, remove_other_reports, summarize, write_report, write_spans
from cleaner.corpus.dedup.sketching import sketch_shards
from cleaner.corpus.plan import require_libraries
from cleaner.corpus.run import Run, locked_folder
from cleaner.corpus.shards import BYTES_A_CHARACTER
from cleaner.dedup.find import find_pairs
from cleaner.dedup.span_search import find_spans
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.formats.storage.folders import MANIFEST
from cleaner.local.pool import Pool, ignore
from cleaner.local.worker_count import default_workers

if TYPE_CHECKING:
    from cleaner.local.pool import Watch


def deduplicate_corpus(
    job: DedupJob,
    output: Path,
    *,
    workers: int | None = None,
    force: bool = False,
    restart: bool = False,
    watch: Watch = ignore,
) -> DedupSummary:
    """Find the near-duplicates of a job's sources, or resume an interrupted run of the same job.

    Args:
        workers: processes (None: one a core, none for a small job); they never change the result.
        force: overwrite results that are there, and remove the reports of an earlier run that this one does not write.
        restart: forget an unfinished run.
        watch: gets the events of each worker by its number.

    Raises:
        UsageError: the output is in use or holds something else, or the call is wrong.
        CleanerError: the run cannot go on; it can be resumed then.
    """
    with open_run(job, output, force=force, restart=restart) as run, start_pool(run, workers, watch) as pool:
        if not run.is_complete:
            pool.work(sketch_shards, run)
            run.require_unchanged_inputs()
            write_summary(run, find_near_duplicates(run, pool))
        return read_summary(run)


def find_near_duplicates(run: Run[DedupJob], pool: Pool) -> DedupSummary:
    """Search all sketched documents and write what is found, and where it is asked for the corpus without copies."""
    job = run.job
    pool.announce("near-duplicates")
    _kernels.load(job.size // BYTES_A_CHARACTER)
    documents = StoredDocuments(run)
    collection = documents.collection()
    pairs = find_pairs(documents.sketches, collection, job.options)
    write_report(pairs, run.output, job.options.keep)
    spans = places = 0
    if job.options.has_spans:
        pool.announce("repeated spans")
        table = find_spans(documents.span_source(), collection, pairs, job.options)
        write_spans(table, run.output)
        spans, places = len(table.sizes), len(table.texts)
    skips = documents.skips()
    if job.action == "drop":
        from cleaner.corpus.dedup.drop_documents import drop_documents  # with all of cleaning

        skips += drop_documents(run, pool)
    summary = summarize(documents.sketches, len(collection.ids), pairs, job.options.shingle, skips)
    return msgspec.structs.replace(summary, spans=spans, repeated_places=places)


@contextmanager
def open_run(job: DedupJob, output: Path, *, force: bool = False, restart: bool = False) -> Iterator[Run[DedupJob]]:
    """Open a run while the block goes on; nothing of it is left when it ends well, or with a wrong call."""
    require_libraries(job.sources)
    job.require_writable(output)
    job = job.with_least_reading()
    with locked_folder(output, FOLDER) as folder:
        try:
            run = Run.open(job, output, force=force, restart=restart)
        except UsageError:
            if not any(folder.iterdir()):
                folder.rmdir()
            raise
        try:
            yield run
        except UsageError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if force:
            remove_other_reports(run)
        shutil.rmtree(folder, ignore_errors=True)


def start_pool(run: Run[DedupJob], workers: int | None, watch: Watch) -> Pool:
    """Make the pool of a run."""
    return Pool(workers or default_workers(run.job.size), watch, run.folder)


def write_summary(run: Run[DedupJob], summary: DedupSummary) -> None:
    """Write the summary, which says that the run is complete."""
    files.write_bytes(run.folder / MANIFEST, msgspec.json.encode(summary))


def read_summary(run: Run[DedupJob]) -> DedupSummary:
    """Read the summary of a complete run."""
    return msgspec.json.decode((run.folder / MANIFEST).read_bytes(), type=DedupSummary)
