"""Read mojibake as the bytes that it once was, in the encoding that they were written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cleaner.lazy_patterns import lazy_pattern

_LEADS = (*range(0xE2, 0xEA), 0xEF)  # first bytes in UTF-8 of CJK marks, kana, Han and full-width forms
_TRAILS = range(0x80, 0xC0)
_CP1252 = {ord(bytes([code]).decode("cp1252")): code for code in {*range(0x80, 0xA0)} - {0x81, 0x8D, 0x8F, 0x90, 0x9D}}

SYMBOLS = "".join(map(chr, _CP1252))
"""The 27 characters that cp1252 has in place of C1 controls."""

_SEQUENCE = lazy_pattern(
    rb"(?!\xef\xbf\xbd)([\xe2-\xe9\xef][\x80-\xbf]{2}|\xf0\x9f[\x80-\xbf]{2})|[\xc2\xc3][\x80-\xbf]|[\t\x20-\x7e]+"
)
_ACCENTS = lazy_pattern(rb"([\xc2\xc3][\x80-\xbf])|[\t\x20-\x7e]+")
_HALF = lazy_pattern(rb"[\xe2-\xe9\xef][\x80-\xbf]?")
_LOST_BYTES = lazy_pattern(r"\ufffd|$|(?=[\x00-\x7f])")
"""Behind a character whose last bytes were lost: the mark of that, an end, or ASCII."""


class Stretch(NamedTuple):
    """A stretch of a text, by code points, and the text that its bytes are when they are read rightly."""

    start: int
    stop: int
    text: str


@cache
def gbk_pairs(leads: tuple[int, ...], trails: tuple[int, ...]) -> frozenset[str]:
    """Return the characters that GBK makes of two bytes."""
    return frozenset("".join(bytes((a, b)).decode("gb18030", "ignore") for a in leads for b in trails))


def openers() -> frozenset[str]:
    """Return the characters that GBK makes of the first two bytes of a UTF-8 sequence."""
    return gbk_pairs(_LEADS, tuple(_TRAILS))


def crossers() -> frozenset[str]:
    """Return those of the last byte of a UTF-8 sequence and the first of the next; cp936 has 0x80 as the euro."""
    return gbk_pairs(tuple(_TRAILS), _LEADS) | {"€"}


def closers() -> frozenset[str]:
    """Return those of the last two bytes of a UTF-8 sequence."""
    return gbk_pairs(tuple(_TRAILS), tuple(_TRAILS))


def accents() -> frozenset[str]:
    """Return those of U+0080 to U+00FF in UTF-8: text that had been read as Latin-1 before."""
    return gbk_pairs((0xC2, 0xC3), tuple(_TRAILS))


def utf8_in_gbk(text: str) -> Iterator[Stretch]:
    """Yield stretches of one line that are UTF-8 read as GBK, the longest from each place they can start at.

    A character cut at the end of a stretch, its last bytes lost, becomes U+FFFD.
    """
    gbk = _encode_gbk(text)
    index, starts = 0, openers() | accents()
    while index < len(text):
        reading = _read_stretch(text, index, gbk) if text[index] in starts else None
        if reading:
            yield reading
        index = reading.stop if reading else index + 1


class _GbkBytes(NamedTuple):
    """GBK bytes, the offset of each character in them and of the end, and the index of the character at an offset."""

    data: bytes
    offsets: list[int]
    indices: dict[int, int]


def _encode_gbk(text: str) -> _GbkBytes:
    characters = [_encode_character(char, after) for char, after in zip(text, (text + "\0")[1:], strict=True)]
    offsets = [0]
    for character in characters:
        offsets.append(offsets[-1] + len(character))
    return _GbkBytes(b"".join(characters), offsets, {offset: index for index, offset in enumerate(offsets)})


def _encode_character(char: str, after: str) -> bytes:
    """Encode a character in GBK; 0xFF, which stands in no sequence, for one of none or four bytes."""
    if char == "€" and after != "€" and after not in closers():
        return b"\x80"
    data = char.encode("gb18030", "ignore")
    return data if len(data) in _GBK_LENGTHS else b"\xff"


_GBK_LENGTHS = (1, 2)


def _read_stretch(text: str, index: int, gbk: _GbkBytes) -> Stretch | None:
    data, offsets, indices = gbk
    start = end = last_whole = offsets[index]
    pattern = _ACCENTS if text[index] in accents() else _SEQUENCE
    while sequence := pattern.match(data, end):
        end = sequence.end()
        if sequence[1] and end in indices:
            last_whole = end
    half = _HALF.match(data, end)
    if half and half.end() in indices and (lost_bytes := _LOST_BYTES.match(text, indices[half.end()])):
        return Stretch(index, lost_bytes.end(), data[start:end].decode("utf-8") + "\ufffd")
    if last_whole == start:
        return None
    return Stretch(index, indices[last_whole], data[start:last_whole].decode("utf-8"))


_HIGH = f"\x80-\xff{re.escape(SYMBOLS)}"
_FOREIGN = "\u0100-\u024f"  # letters next to which neither Latin-1 nor cp1252 was read
_STRETCHES = tuple(
    re.compile(f"(?<![{ascii_part}{_HIGH}{_FOREIGN}])[{ascii_part}{_HIGH}]++(?![{_FOREIGN}])")
    for ascii_part in ("\t\x20-\x7e", "\x40-\x7e", "")
)
_SIDE_BY_SIDE = lazy_pattern(f"[{_HIGH}]{{2}}")


def latin_stretches(text: str) -> Iterator[list[tuple[int, int, bytes]]]:
    """Yield stretches of Latin-1 or cp1252 with their bytes: first with all ASCII, then with letters, then without."""
    for pattern in _STRETCHES:
        matches = (match for match in pattern.finditer(text) if _SIDE_BY_SIDE.search(match[0]))
        yield [(match.start(), match.end(), match[0].translate(_CP1252).encode("latin-1")) for match in matches]


_CP1250 = {character: code for code in range(0x80, 0x100) if (character := bytes([code]).decode("cp1250", "ignore"))}
_CP1250_STRETCH = lazy_pattern(f"[{re.escape(''.join(_CP1250))}]{{8,}}")
"""Four characters of two bytes at least: no language that is written in cp1250 has so many accents side by side."""


def central_stretches(text: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield stretches of cp1250, the code page of Central Europe, with their bytes."""
    for match in _CP1250_STRETCH.finditer(text):
        yield match.start(), match.end(), bytes(_CP1250[character] for character in match[0])


def restore_no_break_spaces(data: bytes) -> bytes:
    """Restore bytes 0xA0 in UTF-8 that something which tidies white space turned into spaces."""
    return _WITH_SPACES.sub(lambda match: match[0].replace(b" ", b"\xa0"), data)


_WITH_SPACES = lazy_pattern(rb"[\xe2-\xe9\xef](?: [\x80-\xbf ]|[\x80-\xbf] )")
