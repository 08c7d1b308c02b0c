"""What `cleaner clean` does before it cleans: learn from the inputs, look at what an earlier run left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cleaner import config
from cleaner.cli.options import load_packs
from cleaner.corpus.job import CleanJob
from cleaner.corpus.report import progress
from cleaner.corpus.update.previous_run import PreviousRun
from cleaner.formats.storage.folders import RUN_FOLDER

if TYPE_CHECKING:
    from cleaner.corpus.report.progress import Style


def learn_first(job: CleanJob, folder: Path, style: Style, *, workers: int | None, force: bool) -> CleanJob:
    """Learn from the sources of a job, and return it with the packs that were learned."""
    from cleaner.corpus.learn import first

    with progress.show(style, job.size) as watch:
        packs = first.learn_first(job, folder, workers=workers, force=force, watch=watch)
    if packs is None:
        return job
    settings = config.override(job.config, pack=(*job.config.pack, str(packs)))
    return job._replace(config=settings, pack=load_packs(settings))


def explain_whole_run(job: CleanJob, folder: Path) -> None:
    """Say why nothing of the run before can be taken over, where that is so."""
    previous = PreviousRun(folder, folder / RUN_FOLDER)
    if previous.is_there and (reasons := previous.list_differences(job.cleaning_identity())):
        typer.echo(f"everything is cleaned anew: {reasons}", err=True)
