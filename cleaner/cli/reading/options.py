"""Options that say what is read and how, shared by the commands that read a corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cleaner.decode.options import Damaged, DecodeOptions, parse_encodings
from cleaner.errors import UsageError
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.shared.records import FieldFormat

EncodingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--encoding",
        help="Read all inputs, or those that a pattern fits, in this encoding instead of detecting it; repeat.",
        metavar="[PATTERN=]NAME",
    ),
]
DamagedOption = Annotated[
    Damaged,
    typer.Option("--damaged", help="Single bytes that stand for no character: put U+FFFD there, or refuse the text."),
]
_INPUT_FORMAT_HELP = (
    f"Read all inputs as this: {', '.join(sorted(registry.BY_NAME))}. [default: told by content, then by suffix]"
)
InputFormatOption = Annotated[
    str, typer.Option("--input-format", "--format", help=_INPUT_FORMAT_HELP, metavar="NAME", show_default=False)
]
CheckInputFormatOption = Annotated[
    str, typer.Option("--input-format", help=_INPUT_FORMAT_HELP, metavar="NAME", show_default=False)
]
"""Without `--format`, which says how findings are printed."""
InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders (searched recursively), globs, URLs, or - for stdin. Told by content, then by "
        "suffix: text, .html .jsonl .json .csv .tsv (also .gz .zst .bz2 .xz), .parquet, .arrow, .warc.gz, .wet.gz.",
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="Files to read in folders; repeat. [default: all formats]"),
]
_FIELD_HELP = (
    "The field or column with the text, or a path to it as data.text or messages[].content; repeat for several. "
    f"[default: {Reading().text}]"
)
FieldOption = Annotated[
    list[str] | None, typer.Option("--field", metavar="NAME|PATH", help=_FIELD_HELP, show_default=False)
]
FieldFormatOption = Annotated[
    FieldFormat,
    typer.Option(
        "--field-format",
        help="What --field holds: html, a page; text, never one; auto, a page where it begins like one.",
    ),
]
IdOption = Annotated[str, typer.Option("--id-field", metavar="NAME", help="The field or column with the id.")]
HostFromOption = Annotated[
    str,
    typer.Option(
        "--host-from",
        metavar="FIELD|folder",
        help="The field that holds a record's host or address; folder: the folder that a file lies in. "
        "[default: host, url, source, an id that is an address, a folder named like a host]",
        show_default=False,
    ),
]
MaxDocumentOption = Annotated[
    str, typer.Option("--max-document", metavar="SIZE", help="Refuse documents over this size, without loading them.")
]
CsvSafeOption = Annotated[
    bool,
    typer.Option("--csv-safe", help="Put an apostrophe before cells of CSV and TSV that spreadsheets would run."),
]
RestartOption = Annotated[bool, typer.Option("--restart", help="Forget an unfinished run instead of resuming it.")]


def given(values: Iterable[str] | None) -> tuple[str, ...] | None:
    """Return the values of an option that can be repeated; None where it was not given."""
    return tuple(values) if values else None


def decode_options(encodings: Iterable[str] | None, damaged: Damaged) -> DecodeOptions:
    """Build what the options say of the bytes of inputs. UsageError for an encoding that Python does not know."""
    return DecodeOptions(parse_encodings(encodings or ()), damaged)


def reading_options(
    field: Iterable[str] | None,
    id_field: str,
    field_format: FieldFormat,
    decoding: DecodeOptions,
    input_format: str,
    max_document: str = "",
) -> Reading:
    """Build what the options say of how inputs are read; "" for an option that a command lacks."""
    defaults = Reading()
    return Reading(
        texts=given(field) or defaults.texts,
        id=id_field,
        limit=parse_size(max_document) if max_document else defaults.limit,
        decoding=decoding,
        format=require_format(input_format),
        field_format=field_format,
    )


def parse_size(text: str) -> int:
    """Read a size like 64MiB or 500kB as bytes."""
    match = re.fullmatch(r"(\d+)\s*([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE)
    if not match or not int(match[1]):
        raise UsageError(f"--max-document {text}: not a size; write it like 64MiB or 500kB")
    step = 1024 if match[3] else 1000
    return int(match[1]) * int(step ** (" kmgt".index(match[2].lower() or " ")))


def require_format(name: str) -> str:
    """Return the name of a format, or "" for none. UsageError where there is no such format."""
    return registry.format_of(Path(), name).name if name else ""
