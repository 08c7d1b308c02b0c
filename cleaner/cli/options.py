"""Options that several commands share, and what they mean together with the settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner import config
from cleaner.config import Config, Dedup
from cleaner.formats.convert import OutputFormat
from cleaner.options import JudgeSetting, Links, NoArticle, Punctuation, Quotes, Script, TextFormat
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
    typer.Option(
        "--script",
        help=with_default("Convert text in the other script to this one; -phrases: its words, too.", "script"),
    ),
]
QuotesOption = Annotated[
    Quotes | None,
    typer.Option(
        "--quotes",
        help=with_default(
            "auto: text that is converted gets its script's quotation marks; corner 「」, curly “”: all text.", "quotes"
        ),
    ),
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
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Settings file. [default: nearest cleaner.toml, or pyproject.toml with a [tool.cleaner] table]",
        metavar="FILE",
    ),
]


OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="DIR", help="Folder for clean files and the ledger.")
]
DedupOption = Annotated[
    Dedup | None,
    typer.Option("--dedup", help=with_default("Near-duplicate passages within and across documents.", "dedup")),
]
JudgeOption = Annotated[
    JudgeSetting | None,
    typer.Option(
        "--judge",
        help=with_default(
            "Lines that no rule decides on: off leaves them, careful drops what is sure, normal what is likely.",
            "judge",
        ),
    ),
]
NoArticleOption = Annotated[
    NoArticle | None,
    typer.Option(
        "--no-article",
        help=with_default("Documents without an article: keep what the rules leave, or empty them.", "no_article"),
    ),
]
TextFormatOption = Annotated[
    TextFormat | None,
    typer.Option(
        "--text-format",
        help=with_default(
            "What pages of HTML become: plain lines, or markdown with headings, lists, tables, code and formulas.",
            "text_format",
        ),
    ),
]
LinksOption = Annotated[
    Links | None,
    typer.Option("--links", help=with_default("Targets of links in Markdown: off, or inline [text](target).", "links")),
]
MetadataOption = Annotated[
    bool | None,
    typer.Option(
        "--metadata/--no-metadata",
        help="Write what pages say of themselves: as fields page_title, page_date …, or above Markdown. [default: no]",
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
QuarantineDoubtOption = Annotated[
    float | None,
    typer.Option(
        "--quarantine-doubt",
        metavar="DOUBT",
        min=0,
        max=1,
        help="With --quarantine: move documents there too whose doubt (0 to 1) is as large or larger.",
    ),
]
FormatOption = Annotated[
    OutputFormat,
    typer.Option("--output-format", help="Format of the output; same: that of the input, HTML as text, WARC as JSONL."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", "-j", metavar="N", min=1, help="Processes; the result is the same for any. [default: cores]"
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Clean and report, but write nothing.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite outputs that exist.")]
UpdateOption = Annotated[
    bool,
    typer.Option(
        "--update",
        help="Bring an earlier output up to date: clean only what is new or changed, remove outputs of inputs that "
        "are gone. The result is that of a whole run.",
    ),
]
LearnOption = Annotated[
    bool,
    typer.Option(
        "--learn",
        help="First learn what each site prints on all its pages, as cleaner learn does, and clean with that too; the "
        "packs stand in DIR/site-packs.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
LogJsonOption = Annotated[bool, typer.Option("--log-json", help="Progress as JSON lines on standard error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")]


def load_settings(path: Path | None, **options: Any) -> Config:
    """Load the settings file, the nearest one for None, and put the command line's options over it."""
    return config.override(config.load_config(path or config.find_config(Path.cwd())), **options)


def load_packs(settings: Config) -> Pack:
    """Load the packs of the settings as one, with their overrides."""
    packs = [registry.load_rules(name) for name in settings.pack]
    head = RulePack(id="+".join(settings.pack), version="0", title="")
    pack = packs[0] if len(packs) == 1 else loader.merge(packs, head)
    return Pack(loader.override(pack, settings.rules))
