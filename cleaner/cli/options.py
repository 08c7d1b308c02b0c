"""Options that several commands share, and what they mean together with the settings file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner import config
from cleaner.config import Config, Dedup
from cleaner.errors import UsageError
from cleaner.formats.convert import OutputFormat
from cleaner.options import NoArticle, Punctuation, Script
from cleaner.packs import loader, registry
from cleaner.pipeline import Pack
from cleaner.rules.schema import RulePack

DEFAULTS = Config()


def with_default(text: str, name: str) -> str:
    """Add to a help text the default that holds where neither command line nor configuration file says otherwise."""
    default = getattr(DEFAULTS, name)
    return f"{text} [default: {', '.join(default) if isinstance(default, tuple) else default}]"


PackOption = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME|PATH", help=with_default("Rule pack; repeat for several.", "pack")),
]
ScriptOption = Annotated[
    Script | None,
    typer.Option("--script", help=with_default("Convert Traditional or mixed text to this script.", "script")),
]
PunctuationOption = Annotated[
    Punctuation | None,
    typer.Option(
        "--punctuation",
        help=with_default(
            "auto: widen Chinese punctuation again where a document's was flattened to ASCII.", "punctuation"
        ),
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
    str | None, typer.Option("--output", "-o", metavar="DIR", help="Folder for clean files and the ledger.")
]
DedupOption = Annotated[
    Dedup | None,
    typer.Option("--dedup", help=with_default("Near-duplicate passages within and across documents.", "dedup")),
]
NoArticleOption = Annotated[
    NoArticle | None,
    typer.Option(
        "--no-article",
        help=with_default("Documents without an article: keep what the rules leave, or empty them.", "no_article"),
    ),
]
MaxLossOption = Annotated[
    float | None,
    typer.Option(
        "--max-loss",
        metavar="SHARE",
        help=with_default("Flag documents that lose a larger share of their characters.", "max_loss"),
    ),
]
QuarantineOption = Annotated[
    str | None,
    typer.Option(
        "--quarantine",
        metavar="DIR",
        help="Move documents that would lose more than --max-loss here, unchanged, instead of cleaning them.",
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", help="Files to read in folders; repeat. [default: all formats]"),
]
FieldOption = Annotated[str, typer.Option("--field", metavar="NAME", help="The field or column with the text.")]
IdOption = Annotated[str, typer.Option("--id-field", metavar="NAME", help="The field or column with the id.")]
FormatOption = Annotated[
    OutputFormat,
    typer.Option("--output-format", help="Format of the output; same: that of the input, HTML as text, WARC as JSONL."),
]
MaxDocumentOption = Annotated[
    str, typer.Option("--max-document", metavar="SIZE", help="Refuse documents over this size, without loading them.")
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


def parse_size(text: str) -> int:
    """Read a size like 64MiB or 500kB as bytes."""
    match = re.fullmatch(r"(\d+)\s*([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE)
    if not match or not int(match[1]):
        raise UsageError(f"--max-document {text}: not a size; write it like 64MiB or 500kB")
    step = 1024 if match[3] else 1000
    return int(match[1]) * int(step ** (" kmgt".index(match[2].lower() or " ")))


def load_settings(path: Path | None, **options: Any) -> Config:
    """Load the settings file, the nearest one for None, and put the command line's options over it."""
    return config.override(config.load_config(path or config.find_config(Path.cwd())), **options)


def load_packs(settings: Config) -> Pack:
    """Load the packs of the settings as one, with their overrides."""
    packs = [registry.load_rules(name) for name in settings.pack]
    head = RulePack(id="+".join(settings.pack), version="0", title="")
    pack = packs[0] if len(packs) == 1 else loader.merge(packs, head)
    return Pack(loader.override(pack, settings.rules))
