"""What every character is: a table of kinds, from which the judge's classes and the detectors' bits are both read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNT = 0x110000

# The particles, pronouns and adverbs that running Chinese prose cannot do without; menus and titles hardly use them.
FUNCTION = "的了是在不和也就都而及与着我你他她它们这那其为以于但让被把得地还能可要又很更最所因果并且则却使过吗呢吧啊么"

CLASSES = {
    "other": "",
    "space": " \t\n\r\x0b\x0c\x85\u2028\u2029\u200b\u3000\xa0",
    "stop": "。",
    "end": "！？!?；…",
    "comma": "，、,",
    "colon": "：:",
    "open": "《〈「『【（([“‘",
    "close": "》〉」』】）)]”’",
    "separator": "|_·•●◆■□▪★☆※～~»›→←–—>",
    "symbol": "{}<=;$\\\"'`^@%#&*+-/",
    "period": ".",
    "box": "",
    "han": "",
    "function": FUNCTION,
    "digit": "0123456789",
    "latin": "",
    "kana": "",
}
NAMES = tuple(CLASSES)
CODE = {name: number for number, name in enumerate(NAMES)}
LETTERS = ("han", "function", "digit", "latin", "kana")

_RANGES = {
    "han": ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
    "box": ((0x2500, 0x257F),),
    "kana": ((0x3041, 0x30FF),),
    "latin": ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x52F)),
}

END, COMMA, SEPARATOR, SPACE, DIGIT, HAN, LATIN, OPEN = (1 << bit for bit in range(8))

# The folded text has ASCII for full-width forms, so both widths meet here.
_BITS = {
    END: "。!?;….:",
    COMMA: ",、",
    SEPARATOR: "_|/>-»›·•",
    SPACE: " \t\u2002\u2003",
    OPEN: "([{<《“‘「『【〈",
    LATIN: "abcdefghijklmnopqrstuvwxyz",
    DIGIT: "0123456789",
}
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x10000, COUNT))


class Alphabet(NamedTuple):
    """`kinds` (COUNT,) uint8: the kind of every code point. Of each kind `classes` has the class, `bits` the bits.

    `plain`: the kind of most Han characters. Kinds from `letters` on are those of LETTERS.
    """

    kinds: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    plain: int
    letters: int


class Set:
    """A set of characters of the basic plane, for many code points at once."""

    def __init__(self, characters: str) -> None:
        codes = [ord(c) for c in characters]
        self._held = np.zeros(max(codes) + 2, dtype=np.bool_)  # the last entry stands for all beyond
        self._held[codes] = True

    def holds(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which code points are of the set, of the shape of `codes`."""
        return self._held.take(codes, mode="clip")


@cache
def alphabet() -> Alphabet:
    """The table; made once."""
    pairs = _classes().astype(np.uint16) << 8 | _bits()
    seen = np.zeros(1 << 16, dtype=np.bool_)
    seen[pairs] = True
    both = np.flatnonzero(seen)
    number = np.zeros(1 << 16, dtype=np.uint8)
    number[both] = np.arange(len(both))
    letters = int(np.searchsorted(both, CODE[LETTERS[0]] << 8))
    plain = int(number[CODE["han"] << 8 | HAN])
    return Alphabet(number[pairs], (both >> 8).astype(np.uint8), (both & 255).astype(np.uint8), plain, letters)


def _classes() -> NDArray[np.uint8]:
    """The class of every code point."""
    classes = np.zeros(COUNT, dtype=np.uint8)
    for name, ranges in _RANGES.items():
        for first, last in ranges:
            classes[first : last + 1] = CODE[name]
    for name, members in CLASSES.items():
        classes[[ord(c) for c in members]] = CODE[name]
    return classes


def _bits() -> NDArray[np.uint8]:
    """The bits of every code point; all beyond the basic plane are taken for Han."""
    table = np.zeros(COUNT, dtype=np.uint8)
    for bits, members in _BITS.items():
        table[[ord(c) for c in members]] |= bits
    for start, stop in _HAN:
        table[start:stop] |= HAN
    return table
