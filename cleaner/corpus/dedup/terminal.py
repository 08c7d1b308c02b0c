"""What a search for near-duplicates will find and did find, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from cleaner.dedup.lsh import collision_probability, derive_scheme

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.corpus.dedup.report import DedupSummary
    from cleaner.options import DedupOptions

DISTANCES = (-0.2, -0.1, 0.0, 0.1)
"""Distances from the threshold for which the chance is shown."""


def print_scheme(console: Console, options: DedupOptions) -> None:
    """Print bands and rows, and the chance with which pairs around the threshold are compared."""
    scheme = derive_scheme(options)
    table = Table("similarity", "chance of being compared", box=None)
    for similarity in (round(options.threshold + distance, 4) for distance in DISTANCES):
        if 0 < similarity <= 1:
            mark = "  <- threshold" if similarity == round(options.threshold, 4) else ""
            chance = collision_probability(similarity, scheme.bands, scheme.rows)
            table.add_row(f"{similarity:.2f}", f"{chance:.1%}{mark}")
    console.print(
        f"{scheme.permutations} permutations: {scheme.bands} bands of {scheme.rows} rows, {scheme.shingle}-grams"
    )
    console.print(table)


def print_summary(console: Console, summary: DedupSummary, options: DedupOptions, *, quiet: bool) -> None:
    """Print warnings and what was skipped always, counts unless quiet."""
    if summary.short:
        _print_line(
            console,
            f"warning: {summary.short} of {summary.documents} documents are shorter than a shingle of "
            f"{options.shingle} characters; such a text is only found when another is the same. "
            "Try a smaller --shingle.",
        )
    for skip in summary.skipped:
        _print_line(console, f"skipped {skip.path}: {skip.reason}")
    if not quiet:
        table = Table(box=None, show_header=False)
        for label, value in _counts(summary, options):
            table.add_row(label, f"{value:,}")
        console.print(table)


def _print_line(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


def _counts(summary: DedupSummary, options: DedupOptions) -> list[tuple[str, int]]:
    counts = [("documents", summary.documents)]
    if options.sketch_unit:
        counts += [
            ("passages", summary.passages),
            ("copies of documents", summary.copies),
            ("copied passages elsewhere", summary.copied_passages),
            ("template passages", summary.templates),
            ("of these linked only by a chain", summary.chained),
            ("clusters", summary.clusters),
        ]
    if options.has_spans:
        counts += [("repeated spans", summary.spans), ("places that repeat them", summary.repeated_places)]
    return counts
