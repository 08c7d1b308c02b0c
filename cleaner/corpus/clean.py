"""Clean a corpus: shards through a pool of workers, near-duplicates over all, one output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.corpus.assemble import assemble, read_summary
from cleaner.corpus.drop_copies import drop_copies
from cleaner.corpus.job import CleanJob
from cleaner.corpus.near_duplicates import find_near_duplicates
from cleaner.corpus.plan import require_libraries
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.run import Run, locked_folder
from cleaner.corpus.update import earlier_results
from cleaner.corpus.worker import clean_shards
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from cleaner.local.pool import Pool, ignore
from cleaner.local.worker_count import default_workers

if TYPE_CHECKING:
    from cleaner.local.pool import Watch


def clean_corpus(
    job: CleanJob,
    output: Path,
    *,
    workers: int | None = None,
    force: bool = False,
    restart: bool = False,
    watch: Watch = ignore,
) -> RunSummary:
    """Clean a job's sources into `output`, or resume an interrupted run of the same job.

    Args:
        workers: processes (None: one a core, none for a small job); they never change the result.
        force: overwrite an output that is there.
        restart: forget an unfinished run.
        watch: gets the events of each worker by its number.

    Raises:
        UsageError: the output is in use or holds something else.
        CleanerError: the run cannot go on; it can be resumed then.
    """
    require_libraries(job.sources, job.kind)
    with locked_folder(output) as folder, Pool(workers or default_workers(job.size), watch, folder) as pool:
        if job.updates and Run(job, output).overwrites_inputs(job.targets):
            raise UsageError(f"--update: {output} holds the inputs themselves; give another --output")
        _keep_ledger_of_originals(Run(job, output))
        run = Run.open(job, output, force=force, restart=restart)
        if run.is_overwriting:
            files.remove_drafts(output / target for target in job.targets)
        if not run.is_complete:
            if not run.is_overwriting:
                _clean(run, pool)
            pool.announce("joining")
            assemble(run)
        run.end()
        return read_summary(run)


def _keep_ledger_of_originals(run: Run[CleanJob]) -> None:
    """Raise UsageError where a new run would overwrite its inputs, and the ledger that brings their originals back."""
    if not run.is_unfinished and run.previous.is_there and run.overwrites_inputs(run.job.targets):
        raise UsageError(
            f"{run.output}: an earlier run wrote these files, and its ledger, by which their originals come back, "
            "would be lost. Clean into another --output, or restore them first with 'cleaner restore'; to give the "
            f"originals up, delete {run.folder}"
        )


def _clean(run: Run[CleanJob], pool: Pool) -> None:
    """Clean all shards and compare their texts."""
    if run.job.updates and run.previous.is_there and not run.previous.list_differences(run.job.cleaning_identity()):
        earlier_results.write_index(run.previous, run.job, run.checkpoints.folder)
    pool.work(clean_shards, run)
    run.require_unchanged_inputs()
    dedup = run.job.config.dedup
    if dedup != "off":
        offsets = find_near_duplicates(run, pool)
        if dedup == "drop":
            drop_copies(run, offsets, pool)
