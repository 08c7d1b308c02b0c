"""`cleaner clean --learn`: learn from the inputs before they are cleaned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cleaner import config
from cleaner.cli.options import load_packs
from cleaner.corpus.job import CleanJob
from cleaner.corpus.report import progress

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
