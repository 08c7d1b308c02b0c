"""Where mojibake may stand: lines that hold two characters side by side as a reading in a wrong encoding has them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.normalization.mojibake import readings
from cleaner.normalization.prefilter import Trigger
from cleaner.text import char_frequency

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 1 << 16  # code units that stay in cache
_OPENS, _CROSSES, _LATIN, _BESIDE, _ACCENT, _SECOND_ACCENT = 1, 2, 4, 8, 16, 32
_FIRST = _OPENS | _LATIN | _ACCENT
_SECOND = _FIRST << 1  # each first has twice its value as its second


def lines(text: str, cross: bool) -> Iterator[tuple[int, int]]:
    """The ranges of such lines; of all that are not ASCII for `cross`."""
    stop = -1
    for place in _pairs(text) if not cross else (m.start() for m in _LINES.finditer(text)):
        if place >= stop:
            start, stop = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            stop = len(text) if stop < 0 else stop
            yield start, stop


_LINES = re.compile("(?m)^.*[^\x00-\x7f].*$")


def may_hold(text: str) -> bool:
    """False for most short texts; long ones go to the arrays at once, whose fixed cost they bear."""
    return len(text) > _SHORT or _pair().search(text) is not None


_SHORT = 1 << 12


@cache
def _pair() -> re.Pattern[str]:
    """A first unit of mojibake with a second one behind it; surrogates stand for any character above U+FFFF."""
    opens, marks = _classes()
    ways = (f"(?<={_class(marks & bit)}){_class(marks & bit << 1)}" for bit in (_OPENS, _LATIN, _ACCENT))
    return re.compile(f"{_class(opens)}(?:{'|'.join(ways)})")


def trigger(*, cross: bool = False) -> Trigger:
    """Return the characters of which a text holds one if it may hold mojibake; `cross` asks for more kinds."""
    return Trigger("[^\0-\x7f]") if cross else Trigger(_class(_classes()[0]), _opens)


def _opens(codes: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell behind which of these places in code points a character stands that mojibake has next to theirs."""
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
    units = np.frombuffer(char_frequency.units(text) + b"\0\0", np.uint16)
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
        (readings.openers(), _OPENS),
        (readings.crossers(), _CROSSES),
        (
            readings.pairs((0xC3,), (*range(0xA2, 0xAA), 0xAF)),
            _ACCENT,
        ),  # â to é and ï, which open UTF-8 read as Latin-1
        (readings.accented(), _SECOND_ACCENT),
        (latin - {"\xa0"}, _LATIN),
        (latin | set(readings.SYMBOLS), _BESIDE),
    ):
        marks[list(map(ord, chars))] |= bit
    return (marks & _FIRST) != 0, marks
