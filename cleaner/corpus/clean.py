"""A whole corpus: begin or take up a job, its shards through an engine, near-duplicates over all, one output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from cleaner.corpus import assemble, quarantine, records
from cleaner.corpus import worker as work
from cleaner.corpus.assemble import JOB, MANIFEST
from cleaner.corpus.job import Job, changes
from cleaner.corpus.records import Read
from cleaner.corpus.report import summary
from cleaner.corpus.report.summary import Summary
from cleaner.errors import UsageError
from cleaner.formats import files, text
from cleaner.formats.base import Reading, Rejection
from cleaner.formats.files import RUN_FOLDER, Input, SkippedFile
from cleaner.local import lock, pool
from cleaner.local.checkpoints import Parts
from cleaner.local.pool import Watch


def read(item: Input, encoding: str | None = None) -> Read | SkippedFile:
    """One file as a document; what cannot be read or decoded is a Skipped with the reason."""
    found = records.read(text.read_file(item, Reading()), encoding)
    return SkippedFile(found.file, found.reason) if isinstance(found, Rejection) else found


def run(
    job: Job,
    output: Path,
    *,
    workers: int | None = None,
    force: bool = False,
    restart: bool = False,
    watch: Watch = lambda worker, event: None,
) -> Summary:
    """Clean a job's sources into `output`, or take up where an earlier call was broken off.

    `workers`: processes (None: one a core, none for a small job); they never change the result. `force`: overwrite an
    output that is there. `restart`: forget an unfinished run. `watch` gets the events of each worker. Raises UsageError
    where the output is in use or holds something else, CleanerError where the run cannot go on; it can be resumed then.
    """
    own = output / RUN_FOLDER
    try:
        own.mkdir(parents=True, exist_ok=True)
        with lock.claimed(own), pool.tuned_memory(), pool.kept():
            return _run(job, output, Parts(own / "parts"), workers, force, restart, watch)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error


def _run(
    job: Job, output: Path, parts: Parts, workers: int | None, force: bool, restart: bool, watch: Watch
) -> Summary:
    if is_unfinished(job, output, restart) and (own_manifest := output / RUN_FOLDER / MANIFEST).exists():
        found = summary.from_dict(msgspec.json.decode(own_manifest.read_bytes())["counts"])
    else:
        _begin(job, output, parts, force, restart)
        pool.run(job, parts, workers, watch, work.run)
        _unchanged(job, output)
        found = assemble.run(job, parts, output, workers, watch)
    assemble.clear(parts)
    return found


def is_unfinished(job: Job, output: Path, restart: bool = False) -> bool:
    """Whether the output holds this very job, unfinished. UsageError where it holds another one."""
    path = output / RUN_FOLDER / JOB
    if restart or not path.exists():
        return False
    different = list(changes(msgspec.json.decode(path.read_bytes()), _plain(job)))
    if different:
        raise UsageError(
            f"{output}: an unfinished run lies there, and it is another one: {'; '.join(different[:5])}. "
            "Give the same call again to finish it, or --restart to begin anew"
        )
    return True


def _begin(job: Job, output: Path, parts: Parts, force: bool, restart: bool) -> None:
    own = output / RUN_FOLDER
    if not is_unfinished(job, output, restart):
        if not force and not (own / JOB).exists():
            _refuse_taken(job, output)
        (own / MANIFEST).unlink(missing_ok=True)
        assemble.clear(parts)
        with files.atomic_writer(own / JOB) as file:
            file.write(msgspec.json.encode(_plain(job)))
    parts.folder.mkdir(exist_ok=True)


def _refuse_taken(job: Job, output: Path) -> None:
    for name in (f"{RUN_FOLDER}/{MANIFEST}", *job.targets):
        if (output / name).exists():
            raise UsageError(f"{output / name} exists; choose another --output or give --force to overwrite")
    if job.quarantine and (job.quarantine / quarantine.LIST).exists():
        raise UsageError(f"{job.quarantine} is in use; choose another --quarantine or give --force to overwrite")


def _unchanged(job: Job, output: Path) -> None:
    path = output / RUN_FOLDER / JOB
    different = list(changes(msgspec.json.decode(path.read_bytes()), _plain(job)))
    if different:
        raise UsageError(f"inputs changed during the run: {'; '.join(different[:5])}. Begin anew with --restart")


def _plain(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(job.identity()))
    return found
