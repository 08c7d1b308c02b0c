"""The options of `cleaner clean` that no other command shares."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cleaner.cli.options import DedupName, NoArticleName


class FormatName(StrEnum):
    """What the output is written as."""

    same = "same"
    text = "text"
    jsonl = "jsonl"
    parquet = "parquet"
    csv = "csv"


InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders (searched recursively), globs, URLs, or - for stdin. By suffix: text, .html "
        ".jsonl .csv .tsv (also .gz .zst .bz2 .xz), .parquet, .arrow, .warc.gz, .wet.gz.",
    ),
]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="DIR", help="Where clean files and the ledger are written.")
]
DedupOption = Annotated[
    DedupName | None,
    typer.Option("--dedup", help="Near-duplicate passages within and across documents. [default: flag]"),
]
NoArticleOption = Annotated[
    NoArticleName | None,
    typer.Option(
        "--no-article",
        help="Documents flagged as holding no article: keep what rules leave, or empty them. [default: keep]",
    ),
]
MaxLossOption = Annotated[
    float | None,
    typer.Option(
        "--max-loss",
        metavar="SHARE",
        min=0,
        max=1,
        help="Documents that lose a larger share of their characters are flagged. [default: 0.9]",
    ),
]
QuarantineOption = Annotated[
    str | None,
    typer.Option(
        "--quarantine",
        metavar="DIR",
        help="Documents that would lose more than --max-loss are put here whole, not into the output.",
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="Names to take from folders; repeat. [default: all formats]"),
]
FieldOption = Annotated[str, typer.Option("--field", metavar="NAME", help="The field or column with the text.")]
IdOption = Annotated[str, typer.Option("--id-field", metavar="NAME", help="The field or column with the id.")]
FormatOption = Annotated[
    FormatName,
    typer.Option("--output-format", help="What to write; same: what was read, HTML as text, WARC as JSONL."),
]
MaxDocumentOption = Annotated[
    str, typer.Option("--max-document", metavar="SIZE", help="Documents over this size are refused, never held.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", "-j", metavar="N", min=1, help="Processes; the result is the same for any. [default: cores]"
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Clean and report, but write nothing.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite outputs that exist.")]
RestartOption = Annotated[bool, typer.Option("--restart", help="Forget an unfinished run instead of resuming it.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
LogJsonOption = Annotated[bool, typer.Option("--log-json", help="Progress as JSON lines on standard error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")]
