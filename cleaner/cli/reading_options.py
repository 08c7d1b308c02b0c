"""Options that say what is read and how, shared by the commands that read a corpus."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from cleaner.errors import UsageError

EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", help="Read all inputs in this encoding instead of detecting it.", metavar="NAME"),
]
InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders (searched recursively), globs, URLs, or - for stdin. By suffix: text, .html "
        ".jsonl .csv .tsv (also .gz .zst .bz2 .xz), .parquet, .arrow, .warc.gz, .wet.gz.",
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="Files to read in folders; repeat. [default: all formats]"),
]
FieldOption = Annotated[str, typer.Option("--field", metavar="NAME", help="The field or column with the text.")]
IdOption = Annotated[str, typer.Option("--id-field", metavar="NAME", help="The field or column with the id.")]
MaxDocumentOption = Annotated[
    str, typer.Option("--max-document", metavar="SIZE", help="Refuse documents over this size, without loading them.")
]
RestartOption = Annotated[bool, typer.Option("--restart", help="Forget an unfinished run instead of resuming it.")]


def parse_size(text: str) -> int:
    """Read a size like 64MiB or 500kB as bytes."""
    match = re.fullmatch(r"(\d+)\s*([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE)
    if not match or not int(match[1]):
        raise UsageError(f"--max-document {text}: not a size; write it like 64MiB or 500kB")
    step = 1024 if match[3] else 1000
    return int(match[1]) * int(step ** (" kmgt".index(match[2].lower() or " ")))
