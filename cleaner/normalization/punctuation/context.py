"""Texts joined into one page of code points, with the kinds of characters that tell what stands beside a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.normalization import prefilter
from cleaner.normalization.punctuation import source_code
from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Kinds = NDArray[np.uint16]
    Manners = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_BEYOND = slice(0x20000, 0x31350)  # Han above U+FFFF
HAN = f"\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff{chr(_BEYOND.start)}-{chr(_BEYOND.stop - 1)}"
OPEN = "“‘「『《【〈（"
CLOSE = "”’」』》】〉）"
UNIT = "…—％℃"
WORD = "A-Za-z0-9%\"')\\]"
_FLAT, _WIDE = ",;:?!().", "，；：？！（）。"
_GAP = "\n\n"

HOLDS_HAN, HOLDS_FLAT, HOLDS_CLOSING, HOLDS_CODE, HOLDS_GUARD, PAUSE, CRY, BRACKET = (1 << at for at in range(8))
_WORD, _HAN, _BESIDE, _CALM = (1 << at for at in range(8, 12))
_BEHIND = 2  # _BESIDE is so far above _WORD, and _CALM above _HAN

_KINDS = {
    HOLDS_HAN: f"[{HAN}]",
    HOLDS_FLAT: "[,;:?!(.]",
    HOLDS_CLOSING: r"\)",
    HOLDS_CODE: source_code.SIGN,
    HOLDS_GUARD: source_code.GUARD,
    PAUSE: "[,;:]",
    CRY: "[?!？！]",
    BRACKET: "[()（）]",
    _WORD: f"[{WORD}]",
    _HAN: f"[{HAN}{CLOSE}{UNIT}]",
    _BESIDE: f"[{HAN}{OPEN}]",
    _CALM: r"[^,;:，；：.=/\\_&|<>~*^]",
}

KEPT, LATIN_LINE, CHINESE_LINE = range(3)
"""Which marks of a line are widened: none, those between Han only, all that stand in Chinese context."""


class Page:
    """Texts joined, with an empty line before, between and behind them: every place in them has neighbours.

    `text`, `codes` and `kinds` (n,): the texts as they are by now; what is protected counts as no mark. `ranges`: where
    each text stands. `begins`, `held`, `manners` (lines,): where each line begins, the kinds of characters that it
    holds, and which of its marks are widened.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = _GAP.join(("", *texts, ""))
        self.codes = np.array([self.text]).view(np.uint32)
        self.kinds = _kinds().take(self.codes, mode="clip")
        breaks = (self.codes == ord("\n")).nonzero()[0]
        self.begins, self._ends = breaks[:-1] + 1, breaks[1:]
        self.held = np.bitwise_or.reduceat(self.kinds, self.begins)
        self.manners = np.zeros(len(self.begins), dtype=np.uint8)
        self.ranges = list(_ranges(map(len, texts)))
        self._guarded: list[slice] = []

    def line(self, number: int) -> slice:
        """Where a line stands, without its break."""
        return slice(int(self.begins[number]), int(self._ends[number]))

    def lines(self, places: Places) -> Places:
        """The line of each place."""
        found: Places = self.begins.searchsorted(places, "right") - 1
        return found

    def of(self, kinds: int) -> Places:
        """Where characters of any of these kinds stand."""
        return holds(self.kinds, kinds).nonzero()[0]

    def embedded(self, places: Places) -> Mask:
        """Which pauses stand between a word and Han, or between Han and anything but a symbol."""
        before, behind = self.kinds[places - 1], self.kinds[places + 1] >> _BEHIND
        found: Mask = before & behind & (_WORD | _HAN) != 0
        return found

    def guard(self, line: slice) -> None:
        """From now on `protect` looks at this line, in which more than words may be protected."""
        self._guarded.append(line)

    def protect(self) -> None:
        """Find anew what is protected in guarded lines as they are by now."""
        for line in self._guarded:
            self.kinds[line] = _kinds().take(self.codes[line], mode="clip")
            for hit in _PROTECTED.finditer(self.text, line.start, line.stop):
                self.kinds[slice(*hit.span())] &= _NO_MARK

    def widen(self, places: Places) -> None:
        """Make the marks at these places full-width."""
        if places.size:
            new = self.codes[places] = _wide().take(self.codes[places])
            self.kinds[places] = _kinds().take(new)
            self.text = codepoints.to_text(self.codes)


def holds(held: Kinds, kinds: int) -> Mask:
    """Which of these hold any of the kinds."""
    found: Mask = (held & kinds) != 0
    return found


_PROTECTED = re.compile(source_code.PROTECTED)
_NO_MARK = np.uint16(0xFFFF & ~(PAUSE | CRY | BRACKET | HOLDS_FLAT))


def _ranges(lengths: Iterable[int]) -> Iterator[slice]:
    at = len(_GAP)
    for length in lengths:
        yield slice(at, at + length)
        at += length + len(_GAP)


@cache
def _kinds() -> Kinds:
    """The kinds of every code point up to the last Han, and of all others in one."""
    table = np.zeros(_BEYOND.stop + 1, dtype=np.uint16)
    for kind, members in _KINDS.items():
        for run in prefilter.basic_members(members):
            table[run] |= kind
    table[0x10000:] = table[ord("é")]
    table[_BEYOND] = table[ord("一")]
    return table


@cache
def _wide() -> codepoints.Codes:
    return codepoints.mapping_table(dict(zip(map(ord, _FLAT), map(ord, _WIDE), strict=True)))
