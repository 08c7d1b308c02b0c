"""Our amendments to OpenCC's dictionaries, kept as data in `rules/opencc-overlay.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from cleaner.errors import PackError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FILE = "opencc-overlay.toml"


class Case(Struct, frozen=True, array_like=True):
    """`text` converted by `config` with the overlay is `result`."""

    config: str
    text: str
    result: str


class Mend(Struct, frozen=True, forbid_unknown_fields=True):
    """One amendment: entries added to, or replaced in, the dictionaries named in `dictionaries`.

    `pairs` are entries as they stand. Of each of `words`, `character` becomes `becomes`, and every other character
    what the stage's character dictionary says; the result too is an entry, so that it stays as it is.
    """

    id: str
    dictionaries: tuple[str, ...]
    why: str
    cases: tuple[Case, ...]
    pairs: dict[str, str] = {}
    character: str = ""
    becomes: str = ""
    words: tuple[str, ...] = ()


class Overlay(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kind: Literal["conversion-overlay"]
    schema: Literal[1]
    version: str
    mend: tuple[Mend, ...]


@cache
def load() -> Overlay:
    """The overlay that ships with the package. Raises PackError when it is missing or malformed."""
    path = _path()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Overlay)
    except (OSError, ValueError) as error:
        raise PackError(f"{path}: {error}; reinstall the package, or convert without the overlay") from error


def amend(names: tuple[str, ...], dictionaries: list[dict[str, str]]) -> list[dict[str, str]]:
    """The dictionaries of one stage with the entries of the overlay in them. The last holds the characters."""
    amended = [dict(entries) for entries in dictionaries]
    for mend in load().mend:
        for name, entries in zip(names, amended, strict=True):
            if name.removesuffix(".txt") in mend.dictionaries:
                entries.update(mend.pairs)
                entries.update(_words(mend, dictionaries[-1]))
    return amended


def _words(mend: Mend, characters: dict[str, str]) -> dict[str, str]:
    table = {key: value for key, value in characters.items() if len(key) == 1} | {mend.character: mend.becomes}
    made = {word: "".join(table.get(character, character) for character in word) for word in mend.words}
    return {**{result: result for result in made.values()}, **made}


def _path() -> Traversable:
    """In the wheel, which may be a zip, the rules lie inside the package, in a checkout beside it."""
    inside = resources.files("cleaner") / "data" / "packs" / FILE
    return inside if inside.is_file() else Path(__file__).parents[3] / "rules" / FILE
