"""Repair mojibake whose bytes can be told with certainty, or leave it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.decode import detection
from cleaner.normalization.mojibake import prefilter
from cleaner.normalization.mojibake import readings as mojibake
from cleaner.normalization.mojibake.readings import Reading
from cleaner.text.char_frequency import score

if TYPE_CHECKING:
    from collections.abc import Callable

GAIN = 2.5
"""The rise of the mean log-frequency that a whole line must show."""
GAIN_INSIDE = 4.0
"""The same for a stretch inside other text, or a short line."""
EVIDENCE = 0.97
"""The confidence of detection that a stretch of Latin-1 must show."""


def repair(text: str, *, cross: bool = False) -> str:
    """Undo readings in a wrong encoding: UTF-8 as GBK, and UTF-8, GBK or Big5 as Latin-1 or cp1252, also nested.

    A stretch changes only when its bytes are valid in the encoding it was written in, re-encode to the very same
    mojibake, and the result is far likelier as Chinese; else it stays. A character that lost its last byte at the end
    of a stretch becomes U+FFFD. UTF-8 read as Latin-1 that was not Chinese is left to ftfy. `cross` also undoes Big5
    read as GBK and GBK read as Big5: wrong on texts with rare characters (15 false repairs in 151,051 of the innocent
    lines of its test; without it none). Wrong to apply at all to text about mojibake.
    """
    while not text.isascii() and (cross or prefilter.may_hold(text)) and (better := _layer(text, cross)) != text:
        text = better  # a layer undone makes the text shorter, or likelier where it was crossed: this ends
    return text


def _layer(text: str, cross: bool) -> str:
    pieces: list[str] = []
    at = 0
    for start, stop in prefilter.lines(text, cross):
        pieces += (text[at:start], _line(text[start:stop], cross))
        at = stop
    return "".join((*pieces, text[at:])) if pieces else text


def _line(line: str, cross: bool) -> str:
    readers: list[Callable[[str], str]] = [_from_gbk, _from_latin]
    for read in readers + [_from_cross] * cross:
        if (better := read(line)) != line:
            return better
    return line


def _from_gbk(line: str) -> str:
    return _replaced(line, [sure for found in mojibake.utf8_in_gbk(line) if (sure := _settled(line, found))])


def _settled(line: str, found: Reading) -> Reading | None:
    """The reading, or what a further layer makes of it, when it is far likelier than the text that stands there."""
    old, whole = line[found.start : found.stop], found.stop - found.start == len(line)
    least = GAIN if whole and len(found.text) >= 4 else GAIN_INSIDE
    for new in (found.text, repair(found.text)):
        sure = _sure(new)
        least_han = 1 + ("\ufffd" in new and "\ufeff" not in new)
        if len(_HAN.findall(sure)) >= least_han and score(sure) - score(old) >= least:
            return found._replace(text=new.removeprefix("\ufeff"))
    return None


def _sure(text: str) -> str:
    return text.replace("\ufffd", "").replace("\ufeff", "")


def _from_latin(line: str) -> str:
    for stretches in mojibake.latin_stretches(line):
        found: list[Reading] = []
        for start, stop, data in stretches:
            if not (new := _chinese(data)):
                break  # words of another alphabet read as Chinese only by chance: all stretches or none
            found.append(Reading(start, stop, new))
        if found and len(found) == len(stretches):
            return _replaced(line, found)
    return line


def _chinese(data: bytes) -> str:
    """What bytes say where detection is sure that it is Chinese; else ""."""
    tidied = mojibake.spaces_restored(data)
    return _decoded(data, _CHINESE) or (_decoded(tidied, ("utf-8",), 2) if tidied != data else _deeper(data))


def _deeper(data: bytes) -> str:
    """What lies under a second layer: UTF-8 of text that was mojibake already."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    better = repair(text)
    return better if better != text and len(set(_HAN.findall(better))) > 1 else ""


_CHINESE = ("utf-8", "gb18030", "big5hkscs")


def _decoded(data: bytes, encodings: tuple[str, ...], least: int = 1) -> str:
    high = set(data) - _ASCII
    if len(high) < _VARIED and min(high) >= 0xA0:
        return ""  # å±± and the like: marks in good text
    guess = detection.detect(data, cuts=False)
    if guess.encoding not in encodings or guess.confidence < EVIDENCE:
        return ""
    try:
        text = data.decode(guess.encoding)
    except UnicodeDecodeError:
        return ""
    return text if len(set(_HAN.findall(text))) >= max(least, 1 + (guess.encoding != "utf-8")) else ""


_VARIED = 4
_ASCII = frozenset(range(0x80))
_HAN = re.compile("[\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e]")


def _from_cross(line: str) -> str:
    for there, back in (("gb18030", "big5hkscs"), ("big5hkscs", "gb18030")):
        try:
            data = line.encode(there)
            new = data.decode(back)
        except UnicodeError:
            continue
        han = len(set(_HAN.findall(new)))
        least = GAIN if han >= _LONG else GAIN_INSIDE
        exact = new.encode(back, "ignore") == data
        if exact and han > 1 and not _KANA.search(new) and score(new) - score(line) >= least:
            return new
    return line


_LONG = 6
_KANA = re.compile("[\u3041-\u30fa]")


def _replaced(line: str, readings: list[Reading]) -> str:
    pieces: list[str] = []
    at = 0
    for found in readings:
        pieces += (line[at : found.start], found.text)
        at = found.stop
    return "".join((*pieces, line[at:]))
