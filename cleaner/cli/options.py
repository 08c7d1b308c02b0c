"""Options that several commands share, and what they mean together with the configuration file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.pipeline import Pack


class ScriptName(StrEnum):
    """Targets of script conversion."""

    simplified = "simplified"
    keep = "keep"
    traditional = "traditional"
    tw = "tw"
    hk = "hk"


class PunctuationName(StrEnum):
    """What to do with punctuation widths."""

    auto = "auto"
    keep = "keep"
    cjk = "cjk"
    ascii = "ascii"


class NoArticleName(StrEnum):
    """What to do with documents that hold no article."""

    keep = "keep"
    drop = "drop"


class DedupName(StrEnum):
    """What to do with near-duplicate passages."""

    flag = "flag"
    drop = "drop"
    off = "off"


class FormatName(StrEnum):
    """What the output is written as."""

    same = "same"
    text = "text"
    jsonl = "jsonl"
    parquet = "parquet"
    csv = "csv"


PackOption = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME|PATH", help="Rule pack; repeat for several. [default: zh-web]"),
]
ScriptOption = Annotated[
    ScriptName | None,
    typer.Option("--script", help="Convert Traditional or mixed text to this script. [default: simplified]"),
]
PunctuationOption = Annotated[
    PunctuationName | None,
    typer.Option(
        "--punctuation",
        help="auto: full width again where a document's Chinese punctuation was flattened to ASCII. [default: auto]",
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", help="Read all inputs in this encoding instead of detecting it.", metavar="NAME"),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Settings file. [default: nearest cleaner.toml, or pyproject.toml with a [tool.cleaner] table]",
        metavar="FILE",
    ),
]


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


def settings(path: Path | None, **given: Any) -> Config:
    """The configuration file's settings with the command line's on top."""
    from cleaner import config

    values = {key: value.value if isinstance(value, StrEnum) else value for key, value in given.items()}
    return config.merged(config.load(path or config.find(Path.cwd())), **values)


def packs(chosen: Config) -> Pack:
    """The packs of a configuration as one, with its overrides."""
    from cleaner.packs import loader
    from cleaner.packs import registry as adapter
    from cleaner.pipeline import Pack
    from cleaner.rules.schema import RulePack

    loaded = [adapter.load(name) for name in chosen.pack]
    data = (
        loaded[0]
        if len(loaded) == 1
        else loader.merge(loaded, RulePack(id="+".join(chosen.pack), version="0", title=""))
    )
    return Pack(loader.override(data, chosen.rules))
