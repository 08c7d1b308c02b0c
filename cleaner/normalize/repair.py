"""Repair mojibake whose bytes can be told with certainty, or leave it; flag what has lost bytes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.decode import detection
from cleaner.model import Flag, Span
from cleaner.normalize import frequency, mojibake
from cleaner.normalize.frequency import score
from cleaner.normalize.mojibake import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

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
    lines of tests/test_repair.py; without it none). Wrong to apply at all to text about mojibake.
    """
    while not text.isascii() and (cross or _may_hold(text)) and (better := _layer(text, cross)) != text:
        text = better  # a layer undone makes the text shorter, or likelier where it was crossed: this ends
    return text


def flags(text: str) -> list[Flag]:
    """Places whose bytes are lost: U+FFFD, and what GBK makes of it or of unset memory. Nothing is guessed."""
    if not any(sign in text for sign in _SIGNS):
        return []
    return [Flag(_RULE[found.lastgroup or ""], Span(*found.span()), found[0][:12]) for found in _LOSSES.finditer(text)]


_SIGNS = ("\ufffd", "ï¿½", "锟斤", "斤拷", "烫烫烫", "屯屯屯")
"""One of these is in every loss: looking for them costs a tenth of looking for the pattern."""

SIGN = "[\ufffdï锟拷烫屯]"
"""One of these is in every sign."""

_RULE = {
    "replaced": "repair/replaced",
    "replaced_as_gbk": "repair/replaced-as-gbk",
    "unset_memory": "repair/unset-memory",
}
_LOSSES = re.compile(
    "(?P<replaced>\ufffd+|(?:ï¿½)+)|(?P<replaced_as_gbk>(?:锟斤拷)+锟?|锟斤|斤拷)|(?P<unset_memory>烫{3,}|屯{3,})"
)


def _layer(text: str, cross: bool) -> str:
    pieces: list[str] = []
    at = 0
    for start, stop in _suspects(text, cross):
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


_CHUNK = 1 << 16  # code units that stay in cache
_OPENS, _CROSSES, _LATIN, _BESIDE, _ACCENT, _SECOND_ACCENT = 1, 2, 4, 8, 16, 32
_FIRST = _OPENS | _LATIN | _ACCENT
_SECOND = _FIRST << 1  # each first has twice its value as its second


def _suspects(text: str, cross: bool) -> Iterator[tuple[int, int]]:
    """The lines that hold two characters side by side as mojibake has them; all that are not ASCII for `cross`."""
    stop = -1
    for place in _pairs(text) if not cross else (m.start() for m in _LINES.finditer(text)):
        if place >= stop:
            start, stop = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            stop = len(text) if stop < 0 else stop
            yield start, stop


_LINES = re.compile("(?m)^.*[^\x00-\x7f].*$")


def _may_hold(text: str) -> bool:
    """False for most short texts; long ones go to the arrays at once, whose fixed cost they bear."""
    return len(text) > _SHORT or _pair().search(text) is not None


_SHORT = 1 << 12


@cache
def _pair() -> re.Pattern[str]:
    """A first unit of mojibake with a second one behind it; surrogates stand for any character above U+FFFF."""
    opens, marks = _classes()
    ways = (f"(?<={_class(marks & bit)}){_class(marks & bit << 1)}" for bit in (_OPENS, _LATIN, _ACCENT))
    return re.compile(f"{_class(opens)}(?:{'|'.join(ways)})")


def opening() -> str:
    """The characters that can open mojibake, as a regular expression's set."""
    return _class(_classes()[0])


def opens(codes: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Behind which of these places in code points a character stands that mojibake has next to theirs."""
    _, marks = _classes()
    first, second = codes[places], codes[places + 1]
    both = marks.take(first, mode="clip") << 1 & marks.take(second, mode="clip")
    found: NDArray[np.bool_] = both & _SECOND != 0
    return found


def _class(chosen: NDArray[Any]) -> str:
    units = chosen.nonzero()[0].tolist()
    above = "\U00010000-\U0010ffff" if any(0xD800 <= unit < 0xE000 for unit in units) else ""
    return "[" + "".join(re.escape(chr(unit)) for unit in units if not 0xD800 <= unit < 0xE000) + above + "]"


def _pairs(text: str) -> Iterator[int]:
    import numpy as np

    opens, marks = _classes()
    units = np.frombuffer(frequency.units(text) + b"\0\0", np.uint16)
    for begin in range(0, len(units), _CHUNK):
        (first,) = opens.take(units[begin : begin + _CHUNK]).nonzero()
        if not first.size:
            continue
        first += begin
        seconds = marks.take(units.take(first)) << 1 & marks.take(units.take(first + 1)) & _SECOND
        if seconds.any():
            for place in first[seconds != 0].tolist():
                yield place if len(units) == len(text) + 1 else _code_point(units, place)


def _code_point(units: NDArray[np.uint16], place: int) -> int:
    return len(units[:place].tobytes().decode("utf-16-le", "surrogatepass"))


@cache
def _classes() -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """For each UTF-16 unit, whether it can open mojibake, and what it can be in it. NBSP opens none."""
    import numpy as np

    marks = np.zeros(0x10000, np.uint8)
    latin = set(map(chr, range(0x80, 0x100)))
    for chars, bit in (
        (mojibake.openers(), _OPENS),
        (mojibake.crossers(), _CROSSES),
        (
            mojibake.pairs((0xC3,), (*range(0xA2, 0xAA), 0xAF)),
            _ACCENT,
        ),  # â to é and ï, which open UTF-8 read as Latin-1
        (mojibake.accented(), _SECOND_ACCENT),
        (latin - {"\xa0"}, _LATIN),
        (latin | set(mojibake.SYMBOLS), _BESIDE),
    ):
        marks[list(map(ord, chars))] |= bit
    return (marks & _FIRST) != 0, marks
