"""Join texts into one array of code points, with the kinds of characters that tell what stands beside a mark."""

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

    Positions = NDArray[np.intp]
    Kinds = NDArray[np.uint16]
    Treatments = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_ASTRAL_HAN = slice(0x20000, 0x31350)  # Han above U+FFFF
HAN = (
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    f"{chr(_ASTRAL_HAN.start)}-{chr(_ASTRAL_HAN.stop - 1)}"
)
OPEN = "“‘「『《【〈（"
CLOSE = "”’」』》】〉）"
UNIT = "…—％℃"
WORD = "A-Za-z0-9%\"')\\]"
_FLAT, _WIDE = ",;:?!().", "，；：？！（）。"
_GAP = "\n\n"

HAS_HAN, HAS_FLAT, HAS_CLOSING, HAS_CODE, HAS_GUARD, PAUSE, CRY, BRACKET = (1 << bit for bit in range(8))
"""Kinds of characters: four that are asked of whole lines, and three kinds of marks."""
_WORD_BEFORE, _HAN_BEFORE, _HAN_AFTER, _CALM_AFTER = (1 << bit for bit in range(8, 12))
"""Kinds of neighbours that embed a pause: a word before it and Han after it, or Han before it and no symbol after."""
HAS_FOREIGN = 1 << 12
"""Kana and Hangul, asked of whole lines."""


def _required_before(after: Kinds) -> Kinds:
    """Return for kinds after a pause those of which one must stand before it: two bits below."""
    return after >> np.uint16(2)


_KINDS = {
    HAS_HAN: f"[{HAN}]",
    HAS_FLAT: "[,;:?!(.]",
    HAS_CLOSING: r"\)",
    HAS_CODE: source_code.SIGN,
    HAS_GUARD: source_code.GUARD,
    PAUSE: "[,;:]",
    CRY: "[?!？！]",
    BRACKET: "[()（）]",
    HAS_FOREIGN: "[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]",
    _WORD_BEFORE: f"[{WORD}]",
    _HAN_BEFORE: f"[{HAN}{CLOSE}{UNIT}]",
    _HAN_AFTER: f"[{HAN}{OPEN}]",
    _CALM_AFTER: r"[^,;:，；：.=/\\_&|<>~*^]",
}

KEEP, LATIN_LINE, CHINESE_LINE = range(3)
"""Treatments of a line: no mark is widened, those between Han only, all that stand in Chinese context."""


class PunctuationPage:
    """Texts joined, with an empty line before, between and behind them: every place in them has neighbours.

    Attributes:
        text, codes, kinds: (n,) the texts as they are by now; protected characters count as no marks.
        ranges: the slice of each text.
        line_starts, line_kinds, treatments: (lines,) where each line begins, the kinds of all its characters, and
            which of its marks are widened.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = _GAP.join(("", *texts, ""))
        self.codes = codepoints.from_text(self.text)
        self.kinds = _kinds().take(self.codes, mode="clip")
        breaks = (self.codes == codepoints.LINE_FEED).nonzero()[0]
        self.line_starts, self._line_ends = breaks[:-1] + 1, breaks[1:]
        self.line_kinds = np.bitwise_or.reduceat(self.kinds, self.line_starts)
        self.treatments = np.zeros(len(self.line_starts), dtype=np.uint8)
        self.ranges = list(_ranges(map(len, texts)))
        self._guarded_lines: list[slice] = []

    def line(self, number: int) -> slice:
        """Return the range of a line, without its break."""
        return slice(int(self.line_starts[number]), int(self._line_ends[number]))

    def lines(self, positions: Positions) -> Positions:
        """Return the line of each position."""
        numbers: Positions = self.line_starts.searchsorted(positions, "right") - 1
        return numbers

    def find(self, kinds: int) -> Positions:
        """Return the positions of characters of any of these kinds."""
        return has(self.kinds, kinds).nonzero()[0]

    def are_embedded(self, positions: Positions) -> Mask:
        """Tell which pauses stand between a word and Han, or between Han and anything but a symbol."""
        before, after = self.kinds[positions - 1], self.kinds[positions + 1]
        return has(before & _required_before(after), _WORD_BEFORE | _HAN_BEFORE)

    def guard(self, line: slice) -> None:
        """Make `protect` look at this line, in which more than words may be protected."""
        self._guarded_lines.append(line)

    def protect(self) -> None:
        """Find what is protected in guarded lines as they are by now."""
        for line in self._guarded_lines:
            self.kinds[line] = _kinds().take(self.codes[line], mode="clip")
            for match in _PROTECTED_TEXT.finditer(self.text, line.start, line.stop):
                self.kinds[slice(*match.span())] &= _NO_MARK

    def widen(self, positions: Positions) -> None:
        """Make the marks at these positions full-width."""
        if positions.size:
            marks = self.codes[positions] = _wide_marks().take(self.codes[positions])
            self.kinds[positions] = _kinds().take(marks)
            self.text = codepoints.to_text(self.codes)


def has(masks: Kinds, kinds: int) -> Mask:
    """Tell which of these masks have any of the kinds."""
    mask: Mask = (masks & kinds) != 0
    return mask


_PROTECTED_TEXT = re.compile(source_code.PROTECTED_TEXT)
_NO_MARK = np.uint16(0xFFFF & ~(PAUSE | CRY | BRACKET | HAS_FLAT))


def _ranges(lengths: Iterable[int]) -> Iterator[slice]:
    start = len(_GAP)
    for length in lengths:
        yield slice(start, start + length)
        start += length + len(_GAP)


@cache
def _kinds() -> Kinds:
    """Build a table of the kinds of every code point up to the last Han; its last entry is for all beyond."""
    table = np.zeros(_ASTRAL_HAN.stop + 1, dtype=np.uint16)
    for kind, characters in _KINDS.items():
        for members in prefilter.basic_members(characters):
            table[members] |= kind
    table[codepoints.BASIC :] = table[ord("é")]
    table[_ASTRAL_HAN] = table[ord("一")]
    return table


@cache
def _wide_marks() -> codepoints.Codes:
    return codepoints.mapping_table(dict(zip(map(ord, _FLAT), map(ord, _WIDE), strict=True)))
