"""What a search for near-duplicates will find and has found, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from cleaner.dedup.lsh import collision_probability, derive_scheme

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.corpus.dedup.run import Summary
    from cleaner.options import DedupOptions

AROUND = (-0.2, -0.1, 0.0, 0.1)
"""Distances from the threshold for which the chance is shown."""


def scheme(console: Console, options: DedupOptions) -> None:
    """Bands and rows, and with which chance pairs are found around the threshold."""
    made = derive_scheme(options)
    table = Table("similarity", "chance of being compared", box=None)
    for similarity in (round(options.threshold + distance, 4) for distance in AROUND):
        if 0 < similarity <= 1:
            mark = "  <- threshold" if similarity == round(options.threshold, 4) else ""
            table.add_row(f"{similarity:.2f}", f"{collision_probability(similarity, made.bands, made.rows):.1%}{mark}")
    console.print(f"{made.permutations} permutations: {made.bands} bands of {made.rows} rows, {made.shingle}-grams")
    console.print(table)


def summary(console: Console, done: Summary, options: DedupOptions, *, quiet: bool) -> None:
    """Warnings and what was skipped always, counts unless quiet."""
    if done.short:
        _say(
            console,
            f"warning: {done.short} of {done.documents} documents are shorter than a shingle of {options.shingle} "
            "characters; such a text is only found when another is the same. Try a smaller --shingle.",
        )
    for skipped in done.skipped:
        _say(console, f"skipped {skipped.path}: {skipped.reason}")
    if not quiet:
        table = Table(box=None, show_header=False)
        for label, value in _counts(done):
            table.add_row(label, f"{value:,}")
        console.print(table)


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


def _counts(done: Summary) -> list[tuple[str, int]]:
    return [
        ("documents", done.documents),
        ("passages", done.passages),
        ("copies of documents", done.copies),
        ("copied passages elsewhere", done.copied_passages),
        ("template passages", done.templates),
        ("of these linked only by a chain", done.chained),
        ("clusters", done.clusters),
    ]
