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
