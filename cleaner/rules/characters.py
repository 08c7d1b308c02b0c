"""What lines are made of: characters by class, counted for all lines of a block at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block

# The particles, pronouns and adverbs that running Chinese prose cannot do without; menus and titles hardly use them.
FUNCTION = "的了是在不和也就都而及与着我你他她它们这那其为以于但让被把得地还能可要又很更最所因果并且则却使过吗呢吧啊么"

CLASSES = {
    "other": "",
    "space": " \t\n\r\x0b\x0c\x85\u2028\u2029\u200b\u3000\xa0",
    "han": "",
    "function": FUNCTION,
    "digit": "0123456789",
    "latin": "",
    "kana": "",
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
}
NAMES = tuple(CLASSES)
CODE = {name: number for number, name in enumerate(NAMES)}

_RANGES = {
    "han": ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
    "box": ((0x2500, 0x257F),),
    "kana": ((0x3041, 0x30FF),),
    "latin": ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x52F)),
}


@cache
def table() -> NDArray[np.uint8]:
    """The class of every code point, shape (0x110000,)."""
    classes = np.zeros(0x110000, dtype=np.uint8)
    for name, ranges in _RANGES.items():
        for first, last in ranges:
            classes[first : last + 1] = CODE[name]
    for name, members in CLASSES.items():
        classes[[ord(c) for c in members]] = CODE[name]
    return classes


@dataclass(frozen=True)
class Characters:
    """The characters of `block` by line.

    `classes` (text,) uint8: the class of each code point. `counts` (lines, classes) int64: white space after a line
    counts to that line, white space before the first line to none. `lengths` (lines,) int64: code points that are not
    white space. `tokens` (lines,) int64: pieces between white space.
    """

    block: Block
    classes: NDArray[np.uint8]
    counts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    tokens: NDArray[np.int64]

    def of(self, *names: str) -> NDArray[np.int64]:
        """How many characters of these classes each line has, shape (lines,)."""
        columns = [self.counts[:, CODE[name]] for name in names]
        return columns[0] if len(columns) == 1 else np.sum(columns, axis=0)


def count(block: Block, codes: NDArray[np.uint32]) -> Characters:
    """Classify and count the characters of each line; `codes` are those of the folded text."""
    lines, width, han, space = len(block.starts), len(NAMES), CODE["han"], CODE["space"]
    classes = table().take(codes)
    ends = np.append(block.starts, len(codes))
    # most characters are Han: those of all other classes are counted, Han is the rest
    rare = np.flatnonzero(classes != han)
    edges = np.searchsorted(rare, ends)
    rare = rare[edges[0] :]
    line, kind = np.repeat(np.arange(lines), np.diff(edges)), classes[rare]
    counts = np.bincount(line * width + kind, minlength=lines * width).reshape(lines, width)
    counts[:, han] = np.diff(ends) - np.diff(edges)
    blanks = np.concatenate((ends[:1] - 1, rare[kind == space], ends[-1:]))
    begins = blanks[:-1][np.diff(blanks) > 1] + 1
    tokens = np.diff(np.searchsorted(begins, ends))
    return Characters(block, classes, counts, counts.sum(axis=1) - counts[:, space], tokens)
