"""Characters of a batch by line: folded once, and counted by class for all lines together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner import _kernels
from cleaner.features.classes import CODE, NAMES, SPACE, character_table, code_set
from cleaner.normalization.script.folding import folding_table
from cleaner.text import codepoints
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.text.lines import Batch

    Indices = NDArray[np.int64]

__all__ = ["CODE", "NAMES", "Characters", "read_characters"]


@dataclass(frozen=True)
class Characters:
    """The characters of a batch by line, folded. White space behind a line is counted as the line's.

    Attributes:
        batch: the documents.
        codes: (characters,) uint32, code points of the folded text.
        kinds: (characters,) uint8, their kinds in the character table.
        rare: (n,) int64, where characters stand that are not plain Han, from the first line on.
        rare_edges: (lines + 1,) int64, which of `rare` are each line's.
    """

    batch: Batch
    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    rare: Indices
    rare_edges: Indices

    @cached_property
    def folded_text(self) -> str:
        """The folded text, as long as the batch's."""
        return codepoints.to_text(self.codes)

    @cached_property
    def rare_lines(self) -> Indices:
        """The line of each of `rare`, (n,)."""
        return np.repeat(np.arange(len(self.batch.starts)), np.diff(self.rare_edges))

    @cached_property
    def visible(self) -> Indices:
        """Code points of each line that are not white space, (lines,)."""
        return np.diff(np.append(self.batch.starts, len(self.codes))) - self.count("space")

    @cached_property
    def tokens(self) -> Indices:
        """Words of each line between white space, (lines,)."""
        edges = np.append(self.batch.starts, len(self.codes))
        blanks = self.rare[(self._rare_classes == CODE["space"]).nonzero()[0]]
        blanks = np.concatenate((edges[:1] - 1, blanks, edges[-1:]))
        word_starts = blanks[:-1][np.diff(blanks) > 1] + 1
        return np.diff(np.searchsorted(word_starts, edges))

    def count(self, *classes: str) -> Indices:
        """Count the characters of some classes in each line, (lines,)."""
        counts = self._class_counts
        total: Indices = counts[CODE[classes[0]]]
        for name in classes[1:]:
            total = total + counts[CODE[name]]
        return total

    def count_bits(self, bits: int) -> Indices:
        """Count the characters with any of these bits in each line, white space behind it left out, (lines,)."""
        total: Indices = self._kind_counts[_kinds_with(bits)].sum(axis=0)
        return total - self._blanks_behind if bits & SPACE else total

    def count_marks(self, marks: str) -> Indices:
        """Count some characters, none of which is a letter or digit, in each line, (lines,)."""
        return np.bincount(self.rare_lines[self._marks_among_rare(marks)], minlength=len(self.batch.starts))

    def find_marks(self, marks: str) -> tuple[Indices, Indices]:
        """Find some characters, none of which is a letter or digit: their positions and lines, each (n,)."""
        rows = self._marks_among_rare(marks)
        return self.rare[rows], self.rare_lines[rows]

    def find_bits(self, bits: int) -> Indices:
        """Find the characters with any of these bits, plain Han left out: their positions (n,)."""
        rows: Indices = (self._rare_bits & bits != 0).nonzero()[0]
        return self.rare.take(rows)

    def find_ranges(self, ranges: Sequence[tuple[int, int]]) -> Indices:
        """Find the characters in half-open ranges of code points, in which no Han is: their positions (n,)."""
        start = int(self.batch.starts[0]) if len(self.batch.starts) else len(self.codes)
        places = np.concatenate((np.arange(start), self.rare)) if start else self.rare
        codes = self.codes.take(places)
        is_inside = np.zeros(len(codes), dtype=np.bool_)
        for first, end in ranges:
            is_inside |= (codes - np.uint32(first)) < np.uint32(end - first)
        return places[is_inside]

    def classes_at(self, positions: Indices) -> NDArray[np.uint8]:
        """Look up the classes of the characters at some positions."""
        return character_table().classes.take(self.kinds.take(positions))

    def bits_at(self, positions: Indices | slice) -> NDArray[np.uint8]:
        """Look up the bits of the characters at some positions."""
        return character_table().bits.take(self.kinds[positions])

    def are_letters(self, positions: Indices) -> NDArray[np.bool_]:
        """Tell which of the characters at some positions are letters or digits."""
        return self.kinds.take(positions) >= character_table().first_letter

    def _marks_among_rare(self, marks: str) -> Indices:
        rows, codes = self._rare_marks
        return rows[code_set(marks).contains(codes).nonzero()[0]]

    @cached_property
    def _rare_marks(self) -> tuple[Indices, NDArray[np.uint32]]:
        """Which of `rare` are no letters or digits, and their code points."""
        rows = (self._rare_kinds < character_table().first_letter).nonzero()[0]
        return rows, self.codes.take(self.rare.take(rows))

    @cached_property
    def _kind_counts(self) -> Indices:
        """The number of characters of each kind in each line, (kinds, lines)."""
        kinds, lines = len(character_table().classes), len(self.batch.starts)
        counts = np.bincount(self._rare_kinds.astype(np.int64) * lines + self.rare_lines, minlength=kinds * lines)
        counts = counts.reshape(kinds, lines)
        all_characters = np.diff(np.append(self.batch.starts, len(self.codes)))
        counts[character_table().plain_han] = all_characters - np.diff(self.rare_edges)
        return counts

    @cached_property
    def _class_counts(self) -> Indices:
        """The number of characters of each class in each line, (classes, lines)."""
        classes = character_table().classes  # in ascending order
        first = run_starts(classes)
        counts = np.zeros((len(NAMES), len(self.batch.starts)), dtype=np.int64)
        counts[classes[first]] = np.add.reduceat(self._kind_counts, first, axis=0)
        return counts

    @cached_property
    def _blanks_behind(self) -> Indices:
        """The number of spaces behind each line, (lines,)."""
        blanks = (self._rare_bits & SPACE != 0).nonzero()[0]
        blanks = blanks[self.rare[blanks] >= self.batch.stops[self.rare_lines[blanks]]]
        return np.bincount(self.rare_lines[blanks], minlength=len(self.batch.starts))

    @cached_property
    def _rare_kinds(self) -> NDArray[np.uint8]:
        return self.kinds.take(self.rare)

    @cached_property
    def _rare_bits(self) -> NDArray[np.uint8]:
        return character_table().bits.take(self._rare_kinds)

    @cached_property
    def _rare_classes(self) -> NDArray[np.uint8]:
        return character_table().classes.take(self._rare_kinds)


def read_characters(batch: Batch) -> Characters:
    """Fold a batch's text and look up what its characters are."""
    codes, kinds = _fold_and_classify(batch.codes)
    rare = (kinds != character_table().plain_han).nonzero()[0]
    edges = np.searchsorted(rare, np.append(batch.starts, len(codes)))
    return Characters(batch, codes, kinds, rare[edges[0] :], edges - edges[0])


def _fold_and_classify(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Look up folded code points and their kinds, each of the shape of `codes`."""
    if _kernels.active:
        folded_codes, kinds = np.empty(len(codes), dtype=np.uint32), np.empty(len(codes), dtype=np.uint8)
        _kernels.active.classify_codes(codes, folding_table(), character_table().kinds, folded_codes, kinds)
        return folded_codes, kinds
    indices = codes.astype(np.intp)  # what numpy makes of other integers before each look into a table
    return folding_table().take(indices), _kinds_after_folding().take(indices)


@cache
def _kinds_with(bits: int) -> Indices:
    """List the kinds that have any of these bits, (n,)."""
    kinds: Indices = (character_table().bits & bits != 0).nonzero()[0]
    return kinds


@cache
def _kinds_after_folding() -> NDArray[np.uint8]:
    """Tabulate the kind of what each code point is folded to, (COUNT,)."""
    return character_table().kinds.take(folding_table())
