"""The look of a block's lines as arrays, computed once per block and shared by all detectors."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import counts as characters
from cleaner.features.classes import COMMA, DIGIT, END, HAN, LATIN, OPEN, SEPARATOR, SPACE, alphabet
from cleaner.text import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Block

__all__ = ["COMMA", "DIGIT", "END", "HAN", "LATIN", "OPEN", "SEPARATOR", "SPACE", "Shape", "of"]


@dataclass(frozen=True)
class Shape:
    """A block with its folded text (same length): the classes of its characters, the lengths and texts of its lines."""

    block: Block
    folded: str

    @cached_property
    def characters(self) -> characters.Characters:
        """The characters of the folded text."""
        return characters.of(self.block, self.folded)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of the folded text, shape (len(folded),)."""
        return self.characters.codes

    def at(self, places: NDArray[np.int64] | slice) -> NDArray[np.uint8]:
        """The class bits of the characters at these places."""
        return alphabet().bits.take(self.characters.kinds[places])

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

    def line(self, place: int) -> int:
        """The line a place of the text lies in, or in the white space behind which it lies."""
        return bisect_right(self.starts, place) - 1

    @cached_property
    def previous(self) -> NDArray[np.int64]:
        """The last line before each line, in its document, with the same text, or -1. Shape (lines,)."""
        order, fresh = self._alike
        previous = np.full(len(self.lengths), -1, dtype=np.int64)
        again = np.flatnonzero(~fresh)
        previous[order[again]] = order[again - 1]
        return previous

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """How often each line's text stands in its document, itself counted. Shape (lines,)."""
        order, fresh = self._alike
        edges = np.append(np.flatnonzero(fresh), len(order))
        copies = np.ones(len(self.lengths), dtype=np.int64)
        copies[order] = np.repeat(np.diff(edges), np.diff(edges))
        return copies

    @cached_property
    def _alike(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Lines that equal another of their document, equal ones together, and which of them begin a text."""
        block = self.block
        keys, alike = hashing.within(self.codes, block.starts, block.stops, block.documents)
        order = alike[np.argsort(keys[alike], kind="stable")]
        return order, np.diff(keys[order], prepend=~keys[order][:1]) != 0

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
        return self.at(self.block.stops - 1)

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
            self.counts[classes] = self.characters.having(classes)
        return self.counts[classes]

    def marks(self, characters: str) -> NDArray[np.int64]:
        """How many of these characters, none of them Han or white space, each line has, shape (lines,)."""
        return self.characters.number(characters)


def of(block: Block, folded: str) -> Shape:
    """The shape of a block; made once, kept with the block."""
    kept = vars(block).get("shape")
    if not isinstance(kept, Shape) or kept.folded is not folded:
        kept = vars(block)["shape"] = Shape(block, folded)
    return kept
