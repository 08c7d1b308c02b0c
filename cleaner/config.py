"""A user's settings: `cleaner.toml`, or `[tool.cleaner]` in pyproject.toml, the nearest one upwards."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from cleaner.errors import UsageError
from cleaner.options import CleanOptions, NoArticle, Punctuation, Script

Dedup = Literal["flag", "drop", "off"]

NAMES = ("cleaner.toml", "pyproject.toml")


class Check(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What `cleaner check` reports: patterns of rules, globs of files, and the file of known findings.

    `per_file_ignores`: glob -> patterns of rules. `field`, `id_field`: where records hold text and id. `duplicates`:
    whether near-duplicates are looked for.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    baseline: str = ""
    field: str = "text"
    id_field: str = "id"
    duplicates: bool = True


class Config(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What a configuration file may say; the command line wins over it.

    `rules` overrides rules by id or pattern: `"zh-web/ad/*" = "off"`, `"flag"`, or a table of the rule's own keys.
    """

    pack: tuple[str, ...] = ("zh-web",)
    script: Script = "simplified"
    punctuation: Punctuation = "auto"
    dedup: Dedup = "flag"
    include: tuple[str, ...] = ()
    overlay: bool = True
    cross: bool = False
    unicode_escapes: bool = False
    percent: bool = False
    pinyin: bool = False
    no_article: NoArticle = "keep"
    max_loss: Annotated[float, Meta(ge=0, le=1)] = 0.9
    rules: dict[str, str | dict[str, Any]] = {}
    check: Check = Check()

    def normalizing(self) -> CleanOptions:
        """The part that normalizing needs."""
        return CleanOptions(
            script=self.script,
            punctuation=self.punctuation,
            overlay=self.overlay,
            cross=self.cross,
            unicode_escapes=self.unicode_escapes,
            percent=self.percent,
            pinyin=self.pinyin,
            no_article=self.no_article,
            max_loss=self.max_loss,
        )


def find(start: Path) -> Path | None:
    """The nearest configuration file at or above a folder; a pyproject.toml counts only with `[tool.cleaner]`."""
    for folder in (start.absolute(), *start.absolute().parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or "cleaner" in _table(path).get("tool", {})):
                return path
    return None


def load(path: Path | None) -> Config:
    """Read a configuration file; the defaults for None. UsageError naming file and key."""
    if path is None:
        return Config()
    table = _table(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("cleaner", {})
    if isinstance(table.get("pack"), str):
        table["pack"] = [table["pack"]]
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {error}; see 'cleaner clean --help' for the settings") from error


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML ({error})") from error


def merged(config: Config, **given: Any) -> Config:
    """The configuration with what the command line gave; None means not given."""
    return msgspec.structs.replace(config, **{key: value for key, value in given.items() if value is not None})
