"""Classes of characters that ftfy can never touch, derived from its own tables and its parsed badness pattern.

*Hard* characters are those that some step of ftfy may change or drop by themselves: control characters, line-break
variants, ligatures, surrogates, whatever is not stable under NFC or can combine with what stands before it. *Clues* are
harmless alone, but every match of ftfy's badness pattern needs one of them. A text without hard characters and clues is
a fixed point of ftfy, and one with clues only is, unless the pattern itself matches.
"""

from __future__ import annotations

import json
import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

    import numpy as np
    from numpy.typing import NDArray

FREQUENT = frozenset(map(chr, range(128))) | frozenset("“”‘’…—·°×©•®")
"""Characters that Chinese pages are full of: the class of clues is chosen without them where it can be."""


class Classes(NamedTuple):
    """Bodies of two regular-expression sets, without the brackets; disjoint. A character in neither is hard.

    They are used negated, `[^safe]`: a set that reaches past U+FFFF is then decided for a BMP character by one look-up.
    `reach`: the badness pattern matches at most so many characters, one of them a clue.
    """

    safe: str
    clues: str
    reach: int


def load() -> Classes:
    """Return the classes for the installed ftfy: shipped ones where derived from its version, else derived now.

    Code points without an assigned character count as hard, and Unicode never changes how an assigned one is
    normalized (its stability policy), so classes derived under one Unicode version hold under every later one.
    """
    from importlib import metadata  # 40 ms, for the one call

    file = json.loads((resources.files("cleaner") / "data" / "ftfy-classes.json").read_text("ascii"))
    unicode = tuple(map(int, file["unicode"].split(".")))
    if file["ftfy"] != metadata.version("ftfy") or unicode > tuple(map(int, unicodedata.unidata_version.split("."))):
        return derive()
    return Classes(file["safe"], file["clues"], file["reach"])


def derive() -> Classes:
    """Derive both classes from the installed ftfy; about a second."""
    from re import _parser  # type: ignore[attr-defined]  # ftfy's pattern is only to be had parsed through it

    from ftfy.badness import BADNESS_RE

    pattern = _parser.parse(BADNESS_RE.pattern, BADNESS_RE.flags)
    clues = _find_clues(pattern)
    harmless = set(range(codepoints.COUNT)).difference(_hard())
    return Classes(as_set(harmless - clues), as_set(harmless & clues), pattern.getwidth()[1])


def _hard() -> Iterator[int]:
    from ftfy import chardata

    yield from chardata.CONTROL_CHARS
    yield from chardata.LIGATURES
    yield from (0x0D, 0x1B, 0x26, 0x2028, 0x2029)  # line breaks, escape, the ampersand of entities
    yield from range(0x80, 0xA0)
    yield from codepoints.SURROGATES
    yield from (code for code in range(codepoints.COUNT) if unicodedata.category(chr(code)) == "Cn")
    yield from _unstable()


def _unstable() -> Iterator[int]:
    """Yield characters that NFC may change, alone or with those before them."""
    yield from range(0x1161, 0x1176)  # Hangul vowels and finals compose by arithmetic, not by table
    yield from range(0x11A8, 0x11C3)
    for code in range(0x80, codepoints.COUNT):
        char = chr(code)
        if unicodedata.combining(char) or unicodedata.normalize("NFC", char) != char:
            yield code
        match unicodedata.decomposition(char).split():
            case [first, second] if not first.startswith("<"):
                yield int(second, 16)


def _find_clues(pattern: Iterable[Any]) -> set[int]:
    """Find characters of which every match of a parsed pattern holds one.

    Each alternative is a sequence of places; a place that holds a finite set blocks the alternative when all of that
    set is left out. Alternatives with one choice go first, then each takes the place that adds least.
    """
    clues: set[int] = set()
    alternatives = [_finite_sets(alternative) for alternative in _alternatives(pattern)]
    for sets in sorted(alternatives, key=len):
        if not any(members <= clues for members in sets):
            clues |= min(sets, key=lambda members: _cost(members - clues))
    return clues


def _cost(characters: Set[int]) -> int:
    return len(characters) + 1000 * sum(chr(code) in FREQUENT for code in characters)


def _alternatives(pattern: Iterable[Any]) -> Iterator[list[tuple[str, Any]]]:
    """Yield all alternatives of a parsed pattern as flat sequences of (opcode, argument)."""
    sequences: list[list[tuple[str, Any]]] = [[]]
    for code, argument in pattern:
        name = str(code)
        if name == "BRANCH":
            endings = [ending for branch in argument[1] for ending in _alternatives(branch)]
        elif name == "SUBPATTERN":
            endings = list(_alternatives(argument[-1]))
        else:
            endings = [[(name, argument)]]
        sequences = [sequence + ending for sequence in sequences for ending in endings]
    yield from sequences


def _finite_sets(alternative: Sequence[tuple[str, Any]]) -> list[set[int]]:
    """List the finite sets among an alternative's places; optional and open places block nothing."""
    sets = []
    for name, argument in alternative:
        if name == "LITERAL":
            sets.append({argument})
        elif name == "IN" and all(str(code) in ("LITERAL", "RANGE") for code, _ in argument):
            sets.append({member for range_or_literal in argument for member in _members(*range_or_literal)})
    if not sets:
        raise ValueError(f"an alternative of ftfy's badness pattern has no finite set: {alternative}")
    return sets


def _members(code: Any, argument: Any) -> Iterable[int]:
    return (argument,) if str(code) == "LITERAL" else range(argument[0], argument[1] + 1)


def as_set(codes: Iterable[int]) -> str:
    """Write code points as the inside of a regular expression's set, in ASCII, as few ranges."""
    return "".join(
        _escape(start) if start == stop else f"{_escape(start)}-{_escape(stop)}"
        for start, stop in _ranges(sorted(set(codes)))
    )


def basic_complement(characters: str) -> NDArray[np.intp]:
    """List the code points up to U+FFFF outside a set as `as_set` writes it, faster than by a pattern."""
    import numpy as np

    is_outside = np.ones(codepoints.COUNT, dtype=np.bool_)
    for first, last in _WRITTEN_RANGE.findall(characters):
        is_outside[int(first, 16) : int(last or first, 16) + 1] = False
    return is_outside[: codepoints.BASIC].nonzero()[0]


_WRITTEN_RANGE = re.compile(r"\\[uU]([0-9a-f]+)(?:-\\[uU]([0-9a-f]+))?")


def _ranges(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = last = codes[0]
    for code in codes[1:]:
        if code != last + 1:
            yield start, last
            start = code
        last = code
    yield start, last


def _escape(code: int) -> str:
    return f"\\U{code:08x}" if code >= codepoints.BASIC else f"\\u{code:04x}"


def shipped_file() -> str:
    """Return the content of `data/ftfy-classes.json` for the installed versions."""
    from importlib import metadata

    table = {"ftfy": metadata.version("ftfy"), "unicode": unicodedata.unidata_version, **derive()._asdict()}
    return json.dumps(table, indent=1) + "\n"
