"""The look of a block's lines as arrays, computed once per block and shared by all detectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block

END, COMMA, SEPARATOR, SPACE, DIGIT, HAN, LATIN, OPEN = (1 << bit for bit in range(8))


@dataclass(frozen=True)
class Shape:
    """A block with its folded text (same length): the classes of its characters, the lengths and texts of its lines."""

    block: Block
    folded: str

    @cached_property
    def classes(self) -> NDArray[np.uint8]:
        """The class bits of each character, shape (len(folded),)."""
        codes = np.frombuffer(self.folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return _TABLE[np.minimum(codes, len(_TABLE) - 1)]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each line, shape (lines,)."""
        return self.block.stops - self.block.starts

    @cached_property
    def lines(self) -> list[str]:
        """The folded lines, without surrounding white space."""
        folded = self.folded
        return [
            folded[start:stop]
            for start, stop in zip(self.block.starts.tolist(), self.block.stops.tolist(), strict=True)
        ]

    @cached_property
    def previous(self) -> NDArray[np.int64]:
        """The last line before each line, in its document, with the same text; -1 where there is none. Shape (lines,)."""
        order = np.argsort(self._same, kind="stable")
        equal = self._same[order[1:]] == self._same[order[:-1]]
        previous = np.full(len(order), -1, dtype=np.int64)
        previous[order[1:][equal]] = order[:-1][equal]
        return previous

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """How often each line's text stands in its document, itself counted. Shape (lines,)."""
        _, inverse, counts = np.unique(self._same, return_inverse=True, return_counts=True)
        return counts[inverse]

    @cached_property
    def _same(self) -> NDArray[np.int64]:
        """One number for each text in each document."""
        known: dict[str, int] = {}
        numbers = np.array([known.setdefault(line, len(known)) for line in self.lines], dtype=np.int64)
        return numbers * len(self.block.texts) + self.block.documents

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The index of each document's first line, shape (documents + 1,); equal neighbours are documents without any."""
        return np.searchsorted(self.block.documents, np.arange(len(self.block.texts) + 1))

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """Each line's number in its document, from 0, shape (lines,)."""
        return np.arange(len(self.lengths)) - self.first[self.block.documents]

    @cached_property
    def after(self) -> NDArray[np.int64]:
        """How many lines of its document follow each line, shape (lines,)."""
        return self.first[self.block.documents + 1] - 1 - np.arange(len(self.lengths))

    @cached_property
    def prose_before(self) -> NDArray[np.int64]:
        """How many lines of prose stand before each line in its document, shape (lines,).

        A line of prose has 40 characters or more, most of them Han, and a mark that ends a sentence or two commas.
        """
        long = (self.lengths >= 40) & (self.count(HAN) * 2 > self.lengths)
        prose = long & ((self.count(END) > 0) | (self.count(COMMA) > 1))
        total = np.concatenate(([0], np.cumsum(prose)))
        return total[:-1] - total[self.first[self.block.documents]]

    def runs(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Maximal runs of chosen neighbouring lines of one document: (runs, 2), half-open line indices."""
        where = np.flatnonzero(chosen)
        documents = self.block.documents[where]
        breaks = np.flatnonzero((np.diff(where) > 1) | (np.diff(documents) > 0)) + 1
        edges = np.concatenate(([0], breaks, [len(where)]))
        if len(where) == 0:
            return np.zeros((0, 2), dtype=np.int64)
        return np.stack((where[edges[:-1]], where[edges[1:] - 1] + 1), axis=1)

    @cached_property
    def ends(self) -> NDArray[np.uint8]:
        """The class bits of each line's last character, shape (lines,)."""
        return self.classes[self.block.stops - 1]

    @cached_property
    def counts(self) -> dict[int, NDArray[np.int64]]:
        """Counts per line by class bits; filled by `count`."""
        return {}

    def count(self, classes: int) -> NDArray[np.int64]:
        """How many characters of any of these classes each line has, shape (lines,)."""
        if classes not in self.counts:
            at = np.flatnonzero(self.classes & classes)
            low, high = np.searchsorted(at, self.block.starts), np.searchsorted(at, self.block.stops)
            self.counts[classes] = high - low
        return self.counts[classes]


def of(block: Block, folded: str) -> Shape:
    """The shape of a block; made once, kept with the block."""
    kept = vars(block).get("shape")
    if not isinstance(kept, Shape) or kept.folded is not folded:
        kept = vars(block)["shape"] = Shape(block, folded)
    return kept


def _table() -> NDArray[np.uint8]:
    """Class bits by code point; the last entry stands for all beyond the basic plane, which are taken for Han."""
    table = np.zeros(0x10001, dtype=np.uint8)
    for bits, characters in _CHARACTERS.items():
        for character in characters:
            table[ord(character)] |= bits
    table[ord("a") : ord("z") + 1] |= LATIN
    table[ord("0") : ord("9") + 1] |= DIGIT
    for start, stop in _HAN:
        table[start:stop] |= HAN
    table[0x10000] = HAN
    return table


# The folded text has ASCII for full-width forms, so both widths meet here.
_CHARACTERS = {
    END: "。!?;….:",
    COMMA: ",、",
    SEPARATOR: "_|/>-»›·•",
    SPACE: " \t\u2002\u2003",
    OPEN: "([{<《“‘「『【〈",
}
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_TABLE = _table()
