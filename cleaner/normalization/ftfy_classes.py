"""Which characters ftfy can never touch: a class derived from ftfy's own tables and its parsed badness pattern.

*Hard* characters are those that some step of ftfy may change or drop by themselves: control characters, line-break
variants, ligatures, surrogates, whatever is not stable under NFC or can combine with what stands before it. *Clues* are
harmless alone, but every match of ftfy's badness pattern needs one of them. A text without hard characters and clues is
a fixed point of ftfy, and one with clues only is, unless the pattern itself matches.
"""

from __future__ import annotations

import json
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

FREQUENT = frozenset(map(chr, range(128))) | frozenset("“”‘’…—·°×©•®")
"""Characters that Chinese pages are full of: the class of clues is chosen without them where it can be."""


class Classes(NamedTuple):
    """Bodies of two regular-expression sets, without the brackets; disjoint. What is in neither is hard.

    They are used negated, `[^safe]`: a set that reaches past U+FFFF is then decided for a BMP character by one look-up.
    `reach`: the badness pattern matches at most so many characters, one of them a clue.
    """

    safe: str
    clues: str
    reach: int


def classes() -> Classes:
    """The classes for the installed ftfy: shipped ones where they were derived from its version, else derived now.

    Code points without an assigned character count as hard, and Unicode never changes how an assigned one is
    normalized (its stability policy), so classes derived under one Unicode version hold under every later one.
    """
    from importlib import metadata  # 40 ms, for the one call

    shipped = json.loads((resources.files("cleaner") / "data" / "ftfy-classes.json").read_text("ascii"))
    unicode = tuple(map(int, shipped["unicode"].split(".")))
    if shipped["ftfy"] != metadata.version("ftfy") or unicode > tuple(map(int, unicodedata.unidata_version.split("."))):
        return derive()
    return Classes(shipped["safe"], shipped["clues"], shipped["reach"])


def derive() -> Classes:
    """Derive both classes from the installed ftfy; about a second."""
    from re import _parser  # type: ignore[attr-defined]  # ftfy's pattern is only to be had parsed through it

    from ftfy.badness import BADNESS_RE

    parsed = _parser.parse(BADNESS_RE.pattern, BADNESS_RE.flags)
    clues = _clues(parsed)
    harmless = set(range(0x110000)).difference(_hard())
    return Classes(as_set(harmless - clues), as_set(harmless & clues), parsed.getwidth()[1])


def _hard() -> Iterator[int]:
    from ftfy import chardata

    yield from chardata.CONTROL_CHARS
    yield from chardata.LIGATURES
    yield from (0x0D, 0x1B, 0x26, 0x2028, 0x2029)  # line breaks, escape, the ampersand of entities
    yield from range(0x80, 0xA0)
    yield from range(0xD800, 0xE000)
    yield from (code for code in range(0x110000) if unicodedata.category(chr(code)) == "Cn")
    yield from _unstable()


def _unstable() -> Iterator[int]:
    """Characters that NFC may change, alone or with what stands before them."""
    yield from range(0x1161, 0x1176)  # Hangul vowels and finals compose by arithmetic, not by table
    yield from range(0x11A8, 0x11C3)
    for code in range(0x80, 0x110000):
        char = chr(code)
        if unicodedata.combining(char) or unicodedata.normalize("NFC", char) != char:
            yield code
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            yield int(parts[1], 16)


def _clues(parsed: Iterable[Any]) -> set[int]:
    """A set of characters without which no alternative of a parsed pattern can match.

    Each alternative is a sequence of places; a place that holds a finite set blocks the alternative when all of that
    set is left out. Alternatives with one choice go first, then each takes the place that adds least.
    """
    found: set[int] = set()
    alternatives = [_places(items) for items in _sequences(parsed)]
    for places in sorted(alternatives, key=len):
        if not any(place <= found for place in places):
            found |= min(places, key=lambda place: _cost(place - found))
    return found


def _cost(added: Set[int]) -> int:
    return len(added) + 1000 * sum(chr(code) in FREQUENT for code in added)


def _sequences(parsed: Iterable[Any]) -> Iterator[list[tuple[str, Any]]]:
    """All alternatives of a parsed pattern as flat sequences of (opcode, argument)."""
    done: list[list[tuple[str, Any]]] = [[]]
    for code, argument in parsed:
        name = str(code)
        if name == "BRANCH":
            more = [sequence for branch in argument[1] for sequence in _sequences(branch)]
        elif name == "SUBPATTERN":
            more = list(_sequences(argument[-1]))
        else:
            more = [[(name, argument)]]
        done = [left + right for left in done for right in more]
    yield from done


def _places(items: Sequence[tuple[str, Any]]) -> list[set[int]]:
    """The finite sets among the places of one alternative; optional and open places block nothing."""
    places = []
    for name, argument in items:
        if name == "LITERAL":
            places.append({argument})
        elif name == "IN" and all(str(code) in ("LITERAL", "RANGE") for code, _ in argument):
            places.append({member for item in argument for member in _members(*item)})
    if not places:
        raise ValueError(f"an alternative of ftfy's badness pattern has no finite set: {items}")
    return places


def _members(code: Any, argument: Any) -> Iterable[int]:
    return (argument,) if str(code) == "LITERAL" else range(argument[0], argument[1] + 1)


def as_set(codes: Iterable[int]) -> str:
    """Code points as the inside of a regular-expression set, in ASCII, as few ranges."""
    pieces = []
    for start, stop in _ranges(sorted(set(codes))):
        pieces.append(_escape(start) if start == stop else f"{_escape(start)}-{_escape(stop)}")
    return "".join(pieces)


def _ranges(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = last = codes[0]
    for code in codes[1:]:
        if code != last + 1:
            yield start, last
            start = code
        last = code
    yield start, last


def _escape(code: int) -> str:
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def ships() -> str:
    """What `data/ftfy-classes.json` holds for the installed versions."""
    from importlib import metadata

    found = derive()
    table = {"ftfy": metadata.version("ftfy"), "unicode": unicodedata.unidata_version, **found._asdict()}
    return json.dumps(table, indent=1) + "\n"
