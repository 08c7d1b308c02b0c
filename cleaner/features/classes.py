"""The character table: every code point has a kind, from which the judge's classes and the detectors' bits are read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNT = 0x110000

FUNCTION = "的了是在不和也就都而及与着我你他她它们这那其为以于但让被把得地还能可要又很更最所因果并且则却使过吗呢吧啊么"
"""The particles, pronouns and adverbs that running Chinese prose cannot do without; menus and titles hardly use them.
"""

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

FIRST_IDEOGRAPH = 0x4E00
"""The first of the common Han characters; nothing that is no letter lies between it and the Hangul syllables."""

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
_HAN = ((0x3400, 0x4DC0), (FIRST_IDEOGRAPH, 0xA000), (0xF900, 0xFB00), (0x10000, COUNT))


class CharacterTable(NamedTuple):
    """The kind of every code point, and what each kind means.

    Attributes:
        kinds: (COUNT,) uint8, the kind of every code point.
        classes, bits: (kinds,) uint8, the class and the bits of each kind.
        plain_han: the kind of most Han characters.
        first_letter: the first kind of LETTERS; all after it are letters too.
    """

    kinds: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    plain_han: int
    first_letter: int


class CodeSet:
    """A set of characters of the basic plane, asked for many code points at once."""

    def __init__(self, characters: str) -> None:
        codes = [ord(c) for c in characters]
        self._members = np.zeros(max(codes) + 2, dtype=np.bool_)  # the last entry stands for all beyond
        self._members[codes] = True

    def contains(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Mark the code points of the set, in the shape of `codes`."""
        return self._members.take(codes, mode="clip")


code_set = cache(CodeSet)


@cache
def character_table() -> CharacterTable:
    """Build the table: kinds are the pairs of class and bits that occur, in their order."""
    pairs = _classes().astype(np.uint16) << 8 | _bits()
    occurs = np.zeros(1 << 16, dtype=np.bool_)
    occurs[pairs] = True
    kinds = occurs.nonzero()[0]
    number = np.zeros(1 << 16, dtype=np.uint8)
    number[kinds] = np.arange(len(kinds))
    first_letter = int(np.searchsorted(kinds, CODE[LETTERS[0]] << 8))
    plain_han = int(number[CODE["han"] << 8 | HAN])
    classes, bits = (kinds >> 8).astype(np.uint8), (kinds & 255).astype(np.uint8)
    return CharacterTable(number[pairs], classes, bits, plain_han, first_letter)


def _classes() -> NDArray[np.uint8]:
    """Tabulate the class of every code point."""
    classes = np.zeros(COUNT, dtype=np.uint8)
    for name, ranges in _RANGES.items():
        for first, last in ranges:
            classes[first : last + 1] = CODE[name]
    for name, members in CLASSES.items():
        classes[[ord(c) for c in members]] = CODE[name]
    return classes


def _bits() -> NDArray[np.uint8]:
    """Tabulate the bits of every code point; all beyond the basic plane are taken for Han."""
    table = np.zeros(COUNT, dtype=np.uint8)
    for bits, members in _BITS.items():
        table[[ord(c) for c in members]] |= bits
    for start, stop in _HAN:
        table[start:stop] |= HAN
    return table
