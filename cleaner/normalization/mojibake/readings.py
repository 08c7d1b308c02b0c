"""Readings of mojibake: the bytes a text once was, and what they say in the encoding they were written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_LEADS = (*range(0xE2, 0xEA), 0xEF)  # first bytes in UTF-8 of CJK marks, kana, Han and full-width forms
_TRAILS = range(0x80, 0xC0)
_CP1252 = {ord(bytes([code]).decode("cp1252")): code for code in {*range(0x80, 0xA0)} - {0x81, 0x8D, 0x8F, 0x90, 0x9D}}

SYMBOLS = "".join(map(chr, _CP1252))
"""The 27 characters that cp1252 has in place of C1 controls."""

_SEQUENCE = re.compile(
    rb"(?!\xef\xbf\xbd)([\xe2-\xe9\xef][\x80-\xbf]{2}|\xf0\x9f[\x80-\xbf]{2})|[\xc2\xc3][\x80-\xbf]|[\t\x20-\x7e]+"
)
_ACCENTS = re.compile(rb"([\xc2\xc3][\x80-\xbf])|[\t\x20-\x7e]+")
_HALF = re.compile(rb"[\xe2-\xe9\xef][\x80-\xbf]?")
LOST = re.compile(r"\ufffd|$|(?=[\x00-\x7f])")
"""What may follow a character whose last bytes were lost: the mark of that, an end, or ASCII."""


class Reading(NamedTuple):
    """A stretch of a text, by code points, and what it says when its bytes are read rightly."""

    start: int
    stop: int
    text: str


@cache
def pairs(leads: tuple[int, ...], trails: tuple[int, ...]) -> frozenset[str]:
    """The characters that GBK makes of two bytes."""
    return frozenset("".join(bytes((a, b)).decode("gb18030", "ignore") for a in leads for b in trails))


def openers() -> frozenset[str]:
    """What GBK makes of the first two bytes of a UTF-8 sequence."""
    return pairs(_LEADS, tuple(_TRAILS))


def crossers() -> frozenset[str]:
    """What GBK makes of the last byte of a UTF-8 sequence and the first of the next; cp936 has 0x80 as the euro."""
    return pairs(tuple(_TRAILS), _LEADS) | {"€"}


def closers() -> frozenset[str]:
    """What GBK makes of the last two bytes of a UTF-8 sequence."""
    return pairs(tuple(_TRAILS), tuple(_TRAILS))


def accented() -> frozenset[str]:
    """What GBK makes of U+0080 to U+00FF in UTF-8: text that had been read as Latin-1 before."""
    return pairs((0xC2, 0xC3), tuple(_TRAILS))


def utf8_in_gbk(text: str) -> Iterator[Reading]:
    """Stretches of one line that are UTF-8 read as GBK, the longest from each place that they can start at.

    A character cut at the end of a stretch, its last bytes lost, becomes U+FFFD.
    """
    data, offsets = _gbk_bytes(text)
    places = {offset: number for number, offset in enumerate(offsets)}
    at, starts = 0, openers() | accented()
    while at < len(text):
        found = _stretch(text, at, data, offsets, places) if text[at] in starts else None
        if found:
            yield found
        at = found.stop if found else at + 1


def _gbk_bytes(text: str) -> tuple[bytes, list[int]]:
    """GBK bytes and the offset of each character in them, and of the end."""
    pieces = [_gbk(char, after) for char, after in zip(text, text[1:] + "\0", strict=True)]
    offsets = [0]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return b"".join(pieces), offsets


def _gbk(char: str, after: str) -> bytes:
    if char == "€" and after != "€" and after not in closers():
        return b"\x80"
    data = char.encode("gb18030", "ignore")
    return data if 0 < len(data) <= 2 else b"\xff"


def _stretch(text: str, at: int, data: bytes, offsets: list[int], places: dict[int, int]) -> Reading | None:
    start = end = whole = offsets[at]
    pattern = _ACCENTS if text[at] in accented() else _SEQUENCE
    while found := pattern.match(data, end):
        end = found.end()
        if found[1] and end in places:
            whole = end
    half = _HALF.match(data, end)
    if half and half.end() in places and (lost := LOST.match(text, places[half.end()])):
        return Reading(at, lost.end(), data[start:end].decode("utf-8") + "\ufffd")
    return Reading(at, places[whole], data[start:whole].decode("utf-8")) if whole > start else None


_HIGH = f"\x80-\xff{re.escape(SYMBOLS)}"
_FOREIGN = "\u0100-\u024f"  # letters next to which neither Latin-1 nor cp1252 was read
_STRETCHES = tuple(
    re.compile(f"(?<![{also}{_HIGH}{_FOREIGN}])[{also}{_HIGH}]++(?![{_FOREIGN}])")
    for also in ("\t\x20-\x7e", "\x40-\x7e", "")
)
_SIDE_BY_SIDE = re.compile(f"[{_HIGH}]{{2}}")


def latin_stretches(text: str) -> Iterator[list[tuple[int, int, bytes]]]:
    """Stretches of Latin-1 or cp1252 with the bytes they were read from: with all ASCII, with letters, without."""
    for pattern in _STRETCHES:
        found = (m for m in pattern.finditer(text) if _SIDE_BY_SIDE.search(m[0]))
        yield [(m.start(), m.end(), m[0].translate(_CP1252).encode("latin-1")) for m in found]


def spaces_restored(data: bytes) -> bytes:
    """UTF-8 whose no-break space bytes (0xA0) were turned into spaces by something that tidies white space."""
    return _SPACED.sub(lambda m: m[0].replace(b" ", b"\xa0"), data)


_SPACED = re.compile(rb"[\xe2-\xe9\xef](?: [\x80-\xbf ]|[\x80-\xbf] )")
