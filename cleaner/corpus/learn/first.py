"""Learn from the inputs of a run of cleaning before it, so that it cleans with what their sites print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cleaner.corpus.learn import packs
from cleaner.corpus.learn.job import MIN_PAGES, LearnJob
from cleaner.corpus.learn.lesson import refuse_no_hosts
from cleaner.corpus.learn.run import learn_corpus
from cleaner.corpus.run import refuse_existing
from cleaner.errors import UsageError
from cleaner.formats.storage.folders import MANIFEST, RUN_FOLDER
from cleaner.local.pool import ignore

if TYPE_CHECKING:
    from pathlib import Path

    from cleaner.corpus.job import CleanJob
    from cleaner.local.pool import Watch

SITE_PACKS = "site-packs"
"""The folder in an output that holds the packs that were learned for it."""


def learn_first(
    job: CleanJob, output: Path, *, workers: int | None = None, force: bool = False, watch: Watch = ignore
) -> Path | None:
    """Learn from the sources of a job of cleaning, and write the packs into its output.

    The same inputs give the same packs, so an interrupted run is resumed.

    Returns:
        The folder of the packs; None where nothing was learned.

    Raises:
        UsageError: the output holds a finished run, its folder for packs one that no run wrote, or no page has a host.
    """
    refusal = "" if force or job.updates else refuse_existing(output, (f"{RUN_FOLDER}/{MANIFEST}",))
    if refusal:
        raise UsageError(refusal)
    reading = msgspec.structs.replace(job.reading, texts_only=not job.reading.host_from)
    lesson = learn_corpus(LearnJob(job.sources, reading, job.pack, MIN_PAGES, job.version), workers, watch)
    refuse_no_hosts(lesson)
    folder = output / SITE_PACKS
    _remove_earlier(folder, {pack.id for pack in lesson.packs})
    if not lesson.packs:
        return None
    packs.save(packs.new_files(lesson.packs, job.config.pack), folder)
    return folder


def _remove_earlier(folder: Path, names: set[str]) -> None:
    """Remove the packs that an earlier run wrote into a folder; `names` are those that are to be written."""
    known_names = {*packs.read_states(folder), *names}
    paths = sorted(folder.glob("*.toml"))
    for path in paths:
        if path.stem not in known_names:
            raise UsageError(
                f"{path} is no pack that --learn wrote, and this folder is written anew; move it elsewhere"
            )
    for path in paths:
        path.unlink()
    (folder / packs.STATES).unlink(missing_ok=True)
