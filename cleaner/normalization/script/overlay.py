"""Amend OpenCC's dictionaries by entries that are kept as data in `rules/opencc-overlay.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from cleaner.errors import PackError
from cleaner.normalization.script import layer

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FILE = "opencc-overlay.toml"


class ConversionCase(Struct, frozen=True, array_like=True):
    """`text` converted by `config` with the overlay is `result`."""

    config: str
    text: str
    result: str


class Amendment(Struct, frozen=True, forbid_unknown_fields=True):
    """Entries added to, or replaced in, the dictionaries named in `dictionaries`, in `configs` or all configurations.

    `pairs` are entries as they stand. Of each of `words`, `character` becomes `becomes`, and every other character
    what the stage's character dictionary says; the result too is an entry, so that it stays as it is.
    """

    id: str
    dictionaries: tuple[str, ...]
    why: str
    cases: tuple[ConversionCase, ...]
    configs: tuple[str, ...] = ()
    pairs: dict[str, str] = {}
    character: str = ""
    becomes: str = ""
    words: tuple[str, ...] = ()


class Overlay(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `configs` are configurations of our own, each with OpenCC's whose stages it has."""

    kind: Literal["conversion-overlay"]
    schema: Literal[1]
    version: str
    configs: dict[str, str]
    mend: tuple[Amendment, ...]


@cache
def load() -> Overlay:
    """Load the overlay that ships with the package.

    Raises:
        PackError: when it is missing or malformed.
    """
    path = _path()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Overlay)
    except (OSError, ValueError) as error:
        raise PackError(f"{path}: {error}; reinstall the package, or convert without the overlay") from error


def select(names: tuple[str, ...], config: str) -> tuple[str, ...]:
    """Return the ids of the amendments to any of these dictionaries in a configuration."""
    return tuple(
        mend.id
        for mend in load().mend
        if not set(names).isdisjoint(mend.dictionaries) and (not mend.configs or config in mend.configs)
    )


def amend(names: tuple[str, ...], dictionaries: list[dict[str, str]], ids: tuple[str, ...]) -> list[dict[str, str]]:
    """Amend the dictionaries of one stage by their names; the last holds the characters."""
    copies = [
        layer.overlaps() | entries if name == "STPhrases" else dict(entries)
        for name, entries in zip(names, dictionaries, strict=True)
    ]
    for mend in load().mend:
        for name, entries in zip(names, copies, strict=True):
            if mend.id in ids and name in mend.dictionaries:
                entries.update(mend.pairs)
                entries.update(_convert_words(mend, dictionaries[-1]))
    return copies


def _convert_words(mend: Amendment, characters: dict[str, str]) -> dict[str, str]:
    table = {key: value for key, value in characters.items() if len(key) == 1} | {mend.character: mend.becomes}
    results = {word: "".join(table.get(character, character) for character in word) for word in mend.words}
    return {**{result: result for result in results.values()}, **results}


def _path() -> Traversable:
    """Return the file: in the wheel, which may be a zip, it lies in the package, in a checkout beside it."""
    in_wheel = resources.files("cleaner") / "data" / "packs" / FILE
    return in_wheel if in_wheel.is_file() else Path(__file__).parents[3] / "rules" / FILE
