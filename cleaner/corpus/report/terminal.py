"""Reports for people at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from cleaner.corpus.report.summary import Summary

LISTED = 20
"""Skipped records that are shown."""


def summary(console: Console, found: Summary) -> None:
    """The table after a run."""
    share = 1 - found.characters_out / found.characters_in if found.characters_in else 0.0
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("edits", justify="right")
    table.add_column("characters removed", justify="right")
    for category, edits, characters in found.categories():
        table.add_row(category, f"{edits:,}", f"{characters:,}")
    console.print(f"{found.documents:,} documents, {found.changed:,} changed, {found.rejected:,} skipped")
    console.print(f"{found.characters_in:,} characters in, {found.characters_out:,} out ({share:.1%} removed)")
    if found.edits:
        console.print(table)
    console.print(
        f"{found.converted:,} documents with converted script, {found.duplicates:,} near-duplicate passages flagged"
    )
    for rule, count in sorted(found.flags.items()):
        console.print(f"flagged {rule}: {count:,}")
    if found.quarantined:
        console.print(f"{found.quarantined:,} documents put aside whole")
    if found.repeated:
        console.print(f"{found.repeated:,} of them with the id of another", style="yellow")
    for skipped in found.skipped[:LISTED]:
        console.print(f"skipped {skipped.path}: {skipped.reason}", style="yellow", soft_wrap=True, markup=False)
    if found.rejected > LISTED:
        console.print(f"and {found.rejected - LISTED:,} more; all are in _cleaner/rejected.jsonl", style="yellow")
