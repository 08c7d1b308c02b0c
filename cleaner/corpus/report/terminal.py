"""The table of a run of cleaning, for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from cleaner.corpus.report.summary import RunSummary
from cleaner.formats.storage.folders import LEDGER, RUN_FOLDER
from cleaner.text.printable import make_printable

MOST_SHOWN = 20
"""Skipped records that are shown."""


def print_summary(console: Console, summary: RunSummary) -> None:
    """Print counts, edits by category, flags, and the first skipped records."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("edits", justify="right")
    table.add_column("characters removed", justify="right")
    for category, edits, characters in summary.by_category():
        table.add_row(category, f"{edits:,}", f"{characters:,}")
    console.print(
        f"{summary.documents:,} documents, {summary.changed_documents:,} changed, {summary.rejections:,} skipped"
    )
    console.print(
        f"{summary.characters_in:,} characters in, {summary.characters_out:,} out ({summary.removed_share:.1%} removed)"
    )
    if summary.edits:
        console.print(table)
    console.print(
        f"{summary.script_conversions:,} documents with converted script, "
        f"{summary.duplicates:,} near-duplicate passages flagged"
    )
    for rule, count in sorted(summary.flags.items()):
        console.print(f"flagged {rule}: {count:,}")
    if summary.quarantines:
        console.print(f"{summary.quarantines:,} documents put aside whole")
    if summary.repeated_ids:
        console.print(f"{summary.repeated_ids:,} of them with the id of another", style="yellow")
    for skip in summary.skips[:MOST_SHOWN]:
        console.print(
            make_printable(f"skipped {skip.path}: {skip.reason}"), style="yellow", soft_wrap=True, markup=False
        )
    if summary.rejections > MOST_SHOWN:
        more = summary.rejections - MOST_SHOWN
        console.print(f"and {more:,} more; all are in _cleaner/rejected.jsonl", style="yellow")


def print_next_steps(console: Console, summary: RunSummary, output: str) -> None:
    """Print where the output is, the documents that lost most, and what to do next.

    Args:
        console: where to print.
        summary: of the run.
        output: the folder; "" where nothing was written.
    """
    steps = [f"cleaner why {summary.losses[0][1]}"] if summary.losses else []
    if output:
        _print(console, f"clean texts in {output}, every change in {output.rstrip('/')}/{RUN_FOLDER}/{LEDGER}")
    if summary.losses:
        _print(console, "lost most: " + ", ".join(f"{place} ({share:.0%})" for share, place in summary.losses))
    if output and "://" not in output:
        steps.insert(0, f"cleaner report {output}")
    if steps:
        _print(console, f"next: {'   or: '.join(steps)}")


def _print(console: Console, line: str) -> None:
    console.print(make_printable(line), soft_wrap=True, markup=False)
