"""Repair mojibake whose bytes can be told with certainty, or leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.decode import detection
from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.mojibake import prefilter, readings
from cleaner.normalization.mojibake.readings import Stretch
from cleaner.text.char_frequency import score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GAIN = 2.5
"""The rise of the mean log-frequency that a whole line must show."""
GAIN_INSIDE = 4.0
"""The same for a stretch inside other text, or a short line."""
CONFIDENCE = 0.97
"""The confidence of detection that a stretch of Latin-1 must show."""
_LINE_LENGTH = 4
"""Characters from which on a line read as UTF-8 counts as a whole one."""
_CROSSED_HAN = 6
"""Different Han from which on a line read across Big5 and GBK counts as a whole one: it keeps more of its look."""


def repair(text: str, *, cross: bool = False) -> str:
    """Undo readings in a wrong encoding: UTF-8 as GBK, and UTF-8, GBK or Big5 as Latin-1, cp1252 or cp1250.

    A stretch changes only when its bytes are valid in the encoding it was written in, re-encode to the very same
    mojibake, and the result is far likelier as Chinese; else it stays. A character that lost its last byte at the end
    of a stretch becomes U+FFFD. UTF-8 read as Latin-1 that was not Chinese is left to ftfy.

    Args:
        cross: whether to undo Big5 read as GBK and GBK read as Big5 too.

    Warning:
        Wrong for text about mojibake; `cross` for texts with rare characters (15 false repairs in 151,051 of the
        innocent lines of its test; without it none).
    """
    while not text.isascii() and (cross or prefilter.may_hold(text)) and (better := _undo_layer(text, cross)) != text:
        text = better  # a layer undone makes the text shorter, or likelier where it was crossed: this ends
    return text


def _undo_layer(text: str, cross: bool) -> str:
    lines = (
        Stretch(start, stop, _undo_in_line(text[start:stop], cross))
        for start, stop in prefilter.find_lines(text, cross)
    )
    return _replace(text, lines)


def _undo_in_line(line: str, cross: bool) -> str:
    readers: list[Callable[[str], str]] = [_from_gbk, _from_latin, _from_central]
    for read in readers + [_from_cross] * cross:
        if (better := read(line)) != line:
            return better
    return line


def _from_gbk(line: str) -> str:
    return _replace(line, [sure for reading in readings.utf8_in_gbk(line) if (sure := _confirm(line, reading))])


def _confirm(line: str, reading: Stretch) -> Stretch | None:
    """Return the reading, or that of a further layer, where it is far likelier than the text that stands there."""
    old, is_all = line[reading.start : reading.stop], reading.stop - reading.start == len(line)
    gain = GAIN if is_all and len(reading.text) >= _LINE_LENGTH else GAIN_INSIDE
    for new in (reading.text, repair(reading.text)):
        certain = new.replace("\ufffd", "").replace("\ufeff", "")
        han = 1 + ("\ufffd" in new and "\ufeff" not in new)
        if len(_HAN.findall(certain)) >= han and score(certain) - score(old) >= gain:
            return reading._replace(text=new.removeprefix("\ufeff"))
    return None


def _from_latin(line: str) -> str:
    for stretches in readings.latin_stretches(line):
        repairs: list[Stretch] = []
        for start, stop, data in stretches:
            if not (new := _decode_chinese(data)):
                break  # words of another alphabet read as Chinese only by chance: all stretches or none
            repairs.append(Stretch(start, stop, new))
        if repairs and len(repairs) == len(stretches):
            return _replace(line, repairs)
    return line


def _from_central(line: str) -> str:
    stretches = readings.central_stretches(line)
    repairs = [(start, stop, _decode_if_sure(data, _CHINESE, _CENTRAL_HAN)) for start, stop, data in stretches]
    return _replace(line, [Stretch(*found) for found in repairs if found[2]])


def _decode_chinese(data: bytes) -> str:
    """Decode bytes where detection is sure that they are Chinese; else return ""."""
    if text := _decode_if_sure(data, _CHINESE):
        return text
    with_spaces = readings.restore_no_break_spaces(data)
    return _decode_if_sure(with_spaces, ("utf-8",), 2) if with_spaces != data else _decode_nested(data)


def _decode_nested(data: bytes) -> str:
    """Decode UTF-8 of text that was mojibake already; else return ""."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    better = repair(text)
    return better if better != text and len(set(_HAN.findall(better))) > 1 else ""


_CHINESE = ("utf-8", "gb18030", "big5hkscs")


def _decode_if_sure(data: bytes, encodings: tuple[str, ...], han: int = 1) -> str:
    """Decode bytes that detection is sure of and that hold so many different Han; else return ""."""
    high = set(data) - _ASCII
    if len(high) < _VARIETY and min(high) >= _LATIN_LETTERS:
        return ""  # å±± and the like: marks in good text
    guess = detection.detect(data, cuts=False)
    if guess.encoding not in encodings or guess.confidence < CONFIDENCE:
        return ""
    try:
        text = data.decode(guess.encoding)
    except UnicodeDecodeError:
        return ""
    return text if len(set(_HAN.findall(text))) >= max(han, 1 + (guess.encoding != "utf-8")) else ""


_CENTRAL_HAN = 3
"""Different Han of a stretch of cp1250, at least."""
_VARIETY = 4
"""Different bytes that are not ASCII from which on bytes are no marks in good text."""
_LATIN_LETTERS = 0xA0
"""Bytes from here on are letters and marks in Latin-1."""
_ASCII = frozenset(range(0x80))
_HAN = lazy_pattern("[\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e]")


def _from_cross(line: str) -> str:
    for reader, writer in (("gb18030", "big5hkscs"), ("big5hkscs", "gb18030")):
        try:
            data = line.encode(reader)
            new = data.decode(writer)
        except UnicodeError:
            continue
        han = len(set(_HAN.findall(new)))
        gain = GAIN if han >= _CROSSED_HAN else GAIN_INSIDE
        is_exact = new.encode(writer, "ignore") == data
        if is_exact and han > 1 and not _KANA.search(new) and score(new) - score(line) >= gain:
            return new
    return line


_KANA = lazy_pattern("[\u3041-\u30fa]")


def _replace(text: str, replacements: Iterable[Stretch]) -> str:
    """Put readings into a text, each in place of its stretch."""
    parts: list[str] = []
    stop = 0
    for reading in replacements:
        parts += (text[stop : reading.start], reading.text)
        stop = reading.stop
    return "".join((*parts, text[stop:])) if parts else text
