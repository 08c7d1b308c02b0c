"""Read the dictionaries of opencc-python-reimplemented from the installed package; they are never copied."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


def package() -> Traversable:
    """Return the folder of the installed package.

    Raises:
        UsageError: when it is missing, or another package has the import name.
    """
    try:
        folder = files("opencc")
    except ModuleNotFoundError:
        raise UsageError(
            "opencc-python-reimplemented is not installed: run `pip install opencc-python-reimplemented`"
        ) from None
    if not (folder / "dictionary" / "TSCharacters.txt").is_file():
        raise UsageError(
            f"the package `opencc` at {folder} is not opencc-python-reimplemented, whose dictionaries are needed: "
            "run `pip uninstall opencc` and `pip install --force-reinstall opencc-python-reimplemented`"
        )
    return folder


@cache
def values(name: str) -> dict[str, list[str]]:
    """Load a dictionary file (`TSCharacters.txt`) as key -> all its values, the preferred one first."""
    text = (package() / "dictionary" / name).read_text(encoding="utf-8")
    pairs = (line.strip().split("\t") for line in text.split("\n") if line)
    return {key: value.split(" ") for key, value in pairs}


@cache
def dictionary(name: str) -> dict[str, str]:
    """Load a dictionary file as key -> preferred value, which is all the library uses.

    Keys that hold one of its separators are left out: it splits every text there and never finds them.
    """
    from opencc import OpenCC

    is_split = OpenCC().split_chars_re.search
    return {key: choices[0] for key, choices in values(name).items() if not is_split(key)}


@cache
def chain(config: str) -> tuple[tuple[str, ...], ...]:
    """Load the stages of a configuration (`tw2s`), each the dictionary files it consults in order of precedence."""
    path = package() / "config" / f"{config}.json"
    if not path.is_file():
        raise UsageError(f"no OpenCC configuration {config!r}: use one of {', '.join(configs())}")
    stages = json.loads(path.read_text(encoding="utf-8"))["conversion_chain"]
    return tuple(tuple(_names(stage["dict"])) for stage in stages)


def configs() -> list[str]:
    """List the names of all configurations that the installed library brings."""
    return sorted(entry.name.removesuffix(".json") for entry in (package() / "config").iterdir())


def _names(entry: dict[str, Any]) -> Iterator[str]:
    if entry["type"] == "group":
        for inner in entry["dicts"]:
            yield from _names(inner)
    else:
        yield entry["file"]
