"""OpenCC's current dictionaries: a layer of differences, shipped as data, over those of the installed library."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

from cleaner.errors import UsageError
from cleaner.normalization.script import opencc_tables

_CHAINS, _COMPATIBILITY = "chains", "CJK_Compatibility_Ideographs"


class Difference(NamedTuple):
    """What changes in one dictionary: keys that go, and entries that are added or replaced."""

    removed: list[str]
    entries: dict[str, str]


@cache
def _sections() -> dict[str, list[str]]:
    """Read the lines of each section of the file; `benchmarks/derive/opencc_layer.py` says what they mean."""
    text = (resources.files("cleaner") / "data" / "opencc-layer.txt").read_text("utf-8")
    parts = (part.rstrip("\n").split("\n") for part in text.split("\n=")[1:])
    return {name: lines for name, *lines in parts}


@cache
def difference(name: str) -> Difference:
    """Load the difference of a dictionary (`STPhrases`)."""
    lines = _sections().get(name, [])
    entries = dict(line.split("\t") for line in lines if line[0] != "-")
    return Difference([line[1:] for line in lines if line[0] == "-"], entries)


@cache
def dictionary(name: str) -> dict[str, str]:
    """Load a dictionary as OpenCC has it today, as key -> preferred value."""
    removed, entries = difference(name)
    entries = opencc_tables.dictionary(f"{name}.txt") | entries if _is_installed(name) else dict(entries)
    for key in removed:
        entries.pop(key, None)
    return entries


@cache
def overlaps() -> dict[str, str]:
    """Load words of three characters A|BC, as entries of STPhrases, where AB would win though BC is the word."""
    phrases, characters = dictionary("STPhrases"), dictionary("STCharacters")
    text = (resources.files("cleaner") / "data" / "opencc-overlaps.txt").read_text("utf-8")
    entries: dict[str, str] = {}
    for word, befores in (line.split("\t") for line in text.splitlines()):
        value = phrases.get(word) or "".join(characters.get(character, character) for character in word)
        entries |= {before + word: characters.get(before, before) + value for before in befores}
    return entries


@cache
def compatibility() -> dict[str, str]:
    """Load the compatibility ideographs that every configuration first replaces by ordinary ones."""
    return dictionary(_COMPATIBILITY)


@cache
def chain(config: str) -> tuple[tuple[str, ...], ...]:
    """Return the stages of a configuration (`tw2s`), each the dictionaries it consults in order of precedence."""
    chains = {name: stages for name, *stages in (line.split("\t") for line in _sections()[_CHAINS])}
    if config not in chains:
        raise UsageError(f"no OpenCC configuration {config!r}: use one of {', '.join(sorted(chains))}")
    return tuple(tuple(stage.split(",")) for stage in chains[config])


def _is_installed(name: str) -> bool:
    return (opencc_tables.package() / "dictionary" / f"{name}.txt").is_file()
