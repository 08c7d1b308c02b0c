"""`cleaner dedup --against`: which documents hold questions of an evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cleaner.cli.terminal.console import stderr_console
from cleaner.dedup.references.evaluation import Evaluation
from cleaner.errors import UsageError
from cleaner.options import DedupOptions
from cleaner.text.printable import make_printable

if TYPE_CHECKING:
    from cleaner.corpus.dedup.contamination import ContaminationSummary
    from cleaner.corpus.dedup.job import DedupJob

MOST_SHORT = 5
"""Ids of questions that are too short which are printed."""
DEFAULTS = Evaluation(Path())

AgainstOption = Annotated[
    str,
    typer.Option(
        "--against",
        metavar="FILE",
        help="Look for the questions of this evaluation, and for nothing else. Exit code 1: some are there.",
    ),
]
AgainstFieldOption = Annotated[
    str,
    typer.Option(
        "--against-field",
        metavar="NAME|PATH",
        help="The field with a question. [default: text, question, prompt, problem, instruction, query or input]",
        show_default=False,
    ),
]
ContainmentOption = Annotated[
    float,
    typer.Option(
        "--min-containment", help="Share of a question, rare words counting more, that a text must have, in (0, 1]."
    ),
]


def evaluation_from(path: str, field: str, threshold: float) -> Evaluation | None:
    """Build what the options say; None without --against. UsageError for a wrong one."""
    if not path:
        if field or threshold != DEFAULTS.threshold:
            raise UsageError("--against-field and --min-containment go with --against FILE")
        return None
    if not Path(path).is_file():
        raise UsageError(f"--against {path}: there is no such file")
    if not 0 < threshold <= 1:
        raise UsageError(f"--min-containment {threshold}: not a share above 0 and up to 1")
    return Evaluation(Path(path), field, threshold)


def require_flagging(job: DedupJob) -> None:
    """Raise UsageError for a job that does more than to list questions."""
    if job.action == "drop" or job.index_name:
        raise UsageError("--against only lists what it finds: leave out --action drop and --index")
    if job.options.unit != DedupOptions().unit:
        raise UsageError("--against looks for questions in whole documents: leave out --unit")


def end(summary: ContaminationSummary, *, quiet: bool) -> NoReturn:
    """Print the counts. Exit 1 where questions were found or inputs skipped."""
    console = stderr_console()
    lines = [f"skipped {skip.path}: {skip.reason}" for skip in summary.skipped]
    if summary.short:
        names = ", ".join(summary.short[:MOST_SHORT])
        others = f" and {len(summary.short) - MOST_SHORT} more" if len(summary.short) > MOST_SHORT else ""
        lines.append(f"warning: too short to be looked for: {names}{others}")
    if not quiet:
        lines.append(
            f"{summary.references_found:,} of {summary.references:,} questions stand in "
            f"{summary.contaminated_documents:,} of {summary.documents:,} documents"
        )
    for line in lines:
        console.print(make_printable(line), markup=False, soft_wrap=True)
    raise typer.Exit(int(bool(summary.skipped or summary.matches)))
