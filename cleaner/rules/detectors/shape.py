"""The look of a block's lines as arrays, computed once per block and shared by all detectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.rules import hashes

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
    def codes(self) -> NDArray[np.uint32]:
        """The code points of the folded text, shape (len(folded),)."""
        return np.frombuffer(self.folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    @cached_property
    def classes(self) -> NDArray[np.uint8]:
        """The class bits of each character, shape (len(folded),)."""
        return _TABLE.take(self.codes, mode="clip")

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each line, shape (lines,)."""
        return self.block.stops - self.block.starts

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins, as numbers of Python."""
        return list(self.block.starts.tolist())

    @cached_property
    def stops(self) -> list[int]:
        """Where each line ends, as numbers of Python."""
        return list(self.block.stops.tolist())

    def text(self, line: int) -> str:
        """A line of the folded text, without surrounding white space."""
        return self.folded[self.starts[line] : self.stops[line]]

    @cached_property
    def previous(self) -> NDArray[np.int64]:
        """The last line before each line, in its document, with the same text, or -1. Shape (lines,)."""
        order, fresh = self._sorted
        previous = np.full(len(order), -1, dtype=np.int64)
        again = np.flatnonzero(~fresh)
        previous[order[again]] = order[again - 1]
        return previous

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """How often each line's text stands in its document, itself counted. Shape (lines,)."""
        order, fresh = self._sorted
        edges = np.concatenate((np.flatnonzero(fresh), [len(order)]))
        copies = np.empty(len(order), dtype=np.int64)
        copies[order] = np.repeat(np.diff(edges), np.diff(edges))
        return copies

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Lines in an order where equal texts of a document are neighbours, and which of them begin a new text."""
        keys = hashes.within(self.codes, self.block.starts, self.block.stops, self.block.documents)
        order = np.argsort(keys, kind="stable")
        return order, np.concatenate(([True], keys[order[1:]] != keys[order[:-1]]))[: len(order)]

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The index of each document's first line, shape (documents + 1,)."""
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
    def prose(self) -> NDArray[np.bool_]:
        """Which lines are prose, shape (lines,).

        A line of prose has 40 characters or more, most of them Han, and two marks of punctuation.
        """
        long = (self.lengths >= 40) & (self.count(HAN) * 2 > self.lengths)
        prose: NDArray[np.bool_] = long & (self.count(END | COMMA) > 1)
        return prose

    @cached_property
    def prose_before(self) -> NDArray[np.int64]:
        """How many lines of prose stand before each line in its document, shape (lines,)."""
        total = np.concatenate(([0], np.cumsum(self.prose)))
        return total[:-1] - total[self.first[self.block.documents]]

    @cached_property
    def prose_total(self) -> NDArray[np.int64]:
        """How many lines of prose each line's document has, shape (lines,)."""
        total = np.concatenate(([0], np.cumsum(self.prose)))[self.first]
        return np.diff(total)[self.block.documents]

    def runs(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Maximal runs of chosen neighbouring lines of one document: (runs, 2), half-open line indices."""
        where = np.flatnonzero(chosen)
        if len(where) == 0:
            return np.zeros((0, 2), dtype=np.int64)
        documents = self.block.documents[where]
        breaks = np.flatnonzero((np.diff(where) > 1) | (np.diff(documents) > 0)) + 1
        edges = np.concatenate(([0], breaks, [len(where)]))
        return np.stack((where[edges[:-1]], where[edges[1:] - 1] + 1), axis=1)

    @cached_property
    def ends(self) -> NDArray[np.uint8]:
        """The class bits of each line's last character, shape (lines,)."""
        return self.classes[self.block.stops - 1]

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What detectors that share a finding keep here."""
        return {}

    @cached_property
    def counts(self) -> dict[int, NDArray[np.int64]]:
        """Counts per line by class bits; filled by `count`."""
        return {}

    def count(self, classes: int) -> NDArray[np.int64]:
        """How many characters of any of these classes each line has, shape (lines,)."""
        if classes not in self.counts:
            self.counts[classes] = self._counted[[bit for bit in range(8) if classes >> bit & 1]].sum(axis=0)
        return self.counts[classes]

    def marks(self, characters: str) -> NDArray[np.int64]:
        """How many of these characters, each of class SEPARATOR, each line has, shape (lines,)."""
        at = self._separators[np.isin(self.codes[self._separators], [ord(mark) for mark in characters])]
        line = np.searchsorted(self.block.starts, at, side="right") - 1
        return np.bincount(line, minlength=len(self.block.starts))

    @cached_property
    def _separators(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.classes & SEPARATOR)

    @cached_property
    def _counted(self) -> NDArray[np.int64]:
        """How many characters of each class each line has, shape (classes and others, lines)."""
        lines, stops = len(self.lengths), self.block.stops
        few = np.flatnonzero(self.classes != HAN)
        edges = np.searchsorted(few, np.append(self.block.starts, len(self.classes)))
        few = few[edges[0] :]
        line = np.repeat(np.arange(lines), np.diff(edges))
        inside = few < stops[line]
        few, line = few[inside], line[inside]
        bits = _BITS.take(self.classes[few]).astype(np.int64)
        counts = np.bincount(bits * lines + line, minlength=9 * lines).reshape(9, -1)
        counts[_BITS[HAN]] = self.lengths - np.bincount(line, minlength=lines)
        return counts


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
_BITS = np.array([bits.bit_length() - 1 if bits else 8 for bits in range(256)], dtype=np.uint8)
