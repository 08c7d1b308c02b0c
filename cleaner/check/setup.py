"""Settings and hooks for a repository: which folders hold data, in which language, written with comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cleaner.check.inputs import git
from cleaner.check.inputs.exempt import Exemption
from cleaner.check.inputs.files import FileFilter
from cleaner.config import Check
from cleaner.errors import UsageError
from cleaner.formats.registry import FORMATS, GLOBS, name_format
from cleaner.formats.storage.folders import is_name_included

SETTINGS, HOOKS = "cleaner.toml", ".pre-commit-config.yaml"
DATA_SHARE = 0.5
"""Share of the files of a folder that are data for it to be a folder of data."""
SAMPLE_FILES, SAMPLE_BYTES = 20, 4096
"""Files that are looked into for their language, and bytes of each."""
HAN_SHARE = 0.1
"""Share of Han among the letters from which texts are Chinese."""

_LETTERS, _HAN = re.compile(r"[^\W\d_]"), re.compile("[\u3400-\u9fff]")


class Setup(NamedTuple):
    """The folders of data of a repository, relative to it, and the pack for their language."""

    folders: tuple[str, ...]
    pack: str


def examine(root: Path, folders: Sequence[Path]) -> Setup:
    """Find the folders of data below `root`, unless they are given, and their language.

    UsageError where there is none, or where one lies elsewhere.
    """
    files = list(_list_files(root))
    names = tuple(sorted(_name_inside(root, folder) for folder in folders)) or tuple(_find_folders(root, files))
    if not names:
        raise UsageError(f"{root}: no folder of data found; name those to check, as 'cleaner init data/'")
    inside = [
        path for path in files if path.relative_to(root).as_posix().startswith(tuple(f"{name}/" for name in names))
    ]
    return Setup(names, _choose_pack(filter(_is_data, inside)))


def _list_files(root: Path) -> Iterator[Path]:
    """Yield the files that git tracks; all that it does not ignore where there is no repository."""
    with suppress(UsageError):
        yield from (path for path in git.tracked_files(root) if root in path.parents)
        return
    yield from (path for path in FileFilter(("*",)).walk(root) if path.is_file())


def _name_inside(root: Path, folder: Path) -> str:
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    try:
        return folder.resolve().relative_to(root).as_posix()
    except ValueError:
        raise UsageError(f"{folder}: not inside {root}; run 'cleaner init' in the repository that it is in") from None


def _find_folders(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """Yield the folders at the top most of whose files are data."""
    total: Counter[str] = Counter()
    data: Counter[str] = Counter()
    for path in files:
        parts = path.relative_to(root).parts
        if len(parts) > 1 and not parts[0].startswith("."):
            total[parts[0]] += 1
            data[parts[0]] += _is_data(path)
    yield from (name for name in sorted(total) if data[name] and data[name] >= DATA_SHARE * total[name])


def _is_data(path: Path) -> bool:
    """Whether a file is one that is checked, and no page of documentation."""
    format_ = name_format(path)
    is_known = is_name_included(path.name, GLOBS) and format_.name != "markdown"
    return is_known and not Exemption(Check().exempt, ()).kind_by_name(path.as_posix())


def _choose_pack(files: Iterable[Path]) -> str:
    """Choose the pack for the language of some files; that for Chinese where it cannot be told."""
    letters = han = 0
    for path, _ in zip(files, range(SAMPLE_FILES), strict=False):
        with path.open("rb") as file:
            text = file.read(SAMPLE_BYTES).decode("utf-8", "ignore")
        letters += len(_LETTERS.findall(text))
        han += len(_HAN.findall(text))
    return "zh-web" if han >= HAN_SHARE * letters else "en-web"


def write_settings(setup: Setup) -> str:
    """Write a settings file."""
    return f"""\
# Read by cleaner check, its hooks and cleaner clean. All settings: docs/check.md and docs/rules.md of cleaner.

# Rules for the language of the texts; 'cleaner rules list' shows all packs.
pack = ["{setup.pack}"]

# "simplified" reports Traditional and mixed text, and converts it with --unsafe-fixes.
script = "keep"

[check]
# Folders of data: {", ".join(setup.folders)}. Files that are left out though they lie there, as "raw/", "*.bak.txt":
exclude = []

# Rules that are not reported, by id, beginning or category, as "normalize/punctuation" or "legal".
ignore = []

# No text is fixed that would lose a larger share of its characters.
max-loss = 0.1

# Licences, build files, lists of words and the like are left alone; these are checked all the same.
always-check = []

# Rules that are not reported in some files, as "quotes/*" = ["legal"].
[check.per-file-ignores]
"""


def write_hooks(setup: Setup) -> str:
    """Write the configuration of pre-commit, for the cleaner that is installed."""
    names = "|".join(map(re.escape, setup.folders))
    suffixes = "|".join(
        sorted({re.escape(glob.lstrip("*.")) for format_ in FORMATS if format_.is_hooked for glob in format_.globs})
    )
    files = rf"^({names})/.*\.(?i:{suffixes})$"
    return f"""\
# 'pre-commit install -t pre-commit -t pre-merge-commit' switches the hooks on. They run the cleaner that is installed,
# on the folders of data only. Settings: {SETTINGS}.
repos:
  - repo: local
    hooks:
      - id: cleaner-check
        name: cleaner check
        entry: cleaner check --force-exclude --no-duplicates   # with --fix it mends what is safe
        language: system
        files: '{files}'
        types: [file]
      - id: cleaner-duplicates
        name: cleaner check --select dedup
        entry: cleaner check --select dedup --against-repo --force-exclude
        language: system
        files: '{files}'
        types: [file]
        require_serial: true
        stages: [pre-merge-commit, pre-push]
"""
