"""A user's settings: `cleaner.toml`, or `[tool.cleaner]` in pyproject.toml, the nearest one upwards."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Struct

from cleaner.errors import UsageError
from cleaner.options import CleanOptions, PageOptions, Share, check_names, convert_value

Dedup = Literal["flag", "drop", "off"]

ExemptName = Literal["licence", "build", "requirements", "lock", "words", "code"]
"""The kinds of files that are no texts of a corpus, which `cleaner check` leaves alone."""

NAMES = ("cleaner.toml", "pyproject.toml")

Settings = TypeVar("Settings", bound=Struct)


class Check(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Choose what `cleaner check` reports.

    Attributes:
        select, ignore: patterns of rules.
        exclude: globs of files that are left out of folders.
        per_file_ignores: patterns of rules by glob of files.
        baseline: the file of known findings.
        field, id_field: where records hold texts and id.
        duplicates: whether near-duplicates are looked for.
        require_field: whether a record without a text is a finding.
        unsafe_fixes: whether `--fix` applies those that may take what an author wrote, too.
        max_loss: the share of a text's characters up to which it is fixed.
        gitignore: whether files that git ignores are left out of folders.
        exempt: kinds of files that are no texts of a corpus and left alone.
        always_check: globs of files that are checked though they are of such a kind.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    baseline: str = ""
    field: tuple[str, ...] = ("text",)
    id_field: str = "id"
    duplicates: bool = True
    require_field: bool = False
    unsafe_fixes: bool = False
    max_loss: Share = 0.1
    gitignore: bool = True
    exempt: tuple[str, ...] = get_args(ExemptName)
    always_check: tuple[str, ...] = ()


class Config(PageOptions, frozen=True, kw_only=True, rename="kebab"):
    """Hold all that a configuration file may set; the command line wins over it.

    Attributes:
        rules: overrides of rules by id or pattern: `"zh-web/ad/*" = "off"`, `"flag"`, or a table of the rule's keys.
    """

    pack: tuple[str, ...] = ("zh-web",)
    dedup: Dedup = "flag"
    include: tuple[str, ...] = ()
    rules: dict[str, str | dict[str, Any]] = msgspec.field(default_factory=dict)
    check: Check = Check()

    @property
    def clean_options(self) -> CleanOptions:
        """The options of cleaning one text."""
        return CleanOptions.part_of(self)

    @property
    def page_options(self) -> PageOptions:
        """The options of cleaning one text or page, and of writing it."""
        return PageOptions.part_of(self)


def find_config(start: Path) -> Path | None:
    """Find the nearest configuration file at or above a folder; a pyproject.toml needs a table `[tool.cleaner]`."""
    for folder in (start.absolute(), *start.absolute().parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or "cleaner" in _table(path).get("tool", {})):
                return path
    return None


def load_config(path: Path | None) -> Config:
    """Read a configuration file; the defaults for None.

    Raises:
        UsageError: names file, key and the nearest known one.
    """
    if path is None:
        return Config()
    table = _table(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("cleaner", {})
    _list_one(table, "pack")
    try:
        if isinstance(table.get("check"), dict):
            _list_one(table["check"], "field")
            table["check"] = _settings(Check, table["check"], "check.")
        return _settings(Config, table)
    except UsageError as error:
        raise UsageError(f"{path}: {error}; see 'cleaner clean --help' for the settings") from None


def _list_one(table: dict[str, Any], key: str) -> None:
    """Make a list of the one string that a setting may be."""
    if isinstance(table.get(key), str):
        table[key] = [table[key]]


def _settings(kind: type[Settings], table: dict[str, Any], section: str = "") -> Settings:
    """Convert a table of settings, keys as they are spelled in files."""
    fields = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
    check_names([f"{section}{key}" for key in table], [f"{section}{key}" for key in fields])
    values = {fields[key]: convert_value(kind, fields[key], value, f"{section}{key}") for key, value in table.items()}
    return kind(**values)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML ({error})") from error


def override(config: Config, **options: Any) -> Config:
    """Put the command line's values over a configuration; None means not given."""
    # a new object, as older versions of msgspec check nothing when they replace fields
    fields = msgspec.structs.asdict(config) | {key: value for key, value in options.items() if value is not None}
    return Config(**fields)
