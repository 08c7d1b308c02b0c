"""The lines of a batch as features, rules and detectors see them; everything is computed once, when first asked for."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.features import keywords
from cleaner.features.classes import COMMA, DIGIT, END, HAN, SEPARATOR, SPACE
from cleaner.features.counts import Characters, read_characters
from cleaner.text import hashing
from cleaner.text.segments import Segments, run_bounds, run_lengths, run_start_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.keywords import KeywordLine
    from cleaner.text.lines import Batch

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

LONG_PROSE = 40
"""Characters of a line of long prose, at least."""
SENTENCE_OR_CODE = '。!?;…:、,"“‘《={}<+@│'
"""Marks of a sentence or of code; no menu has one of them."""

_ALL_ROWS = slice(None)


@dataclass(frozen=True)
class LineView:
    """The lines of a batch: their folded characters, and how lines of one document compare.

    Rows are indices of `batch.starts`; positions are those of `batch.text` and `folded_text`, which are equally long.
    """

    batch: Batch
    characters: Characters

    @property
    def codes(self) -> Codes:
        """The code points of the folded text, (characters,)."""
        return self.characters.codes

    @property
    def folded_text(self) -> str:
        """The text of the batch as rules and detectors match it."""
        return self.characters.folded_text

    @cached_property
    def segments(self) -> Segments:
        """The lines as segments, one a document."""
        return Segments.of(self.batch.documents)

    @property
    def lengths(self) -> Indices:
        """Code points of each line, (lines,)."""
        return self.batch.lengths

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins, as numbers of Python."""
        return list(self.batch.starts.tolist())

    @cached_property
    def stops(self) -> list[int]:
        """Where each line ends, as numbers of Python."""
        return list(self.batch.stops.tolist())

    def text(self, row: int) -> str:
        """Take a line of the folded text, without surrounding white space."""
        return self.folded_text[self.starts[row] : self.stops[row]]

    def row_at(self, position: int) -> int:
        """Find the line that a position lies in, or in the white space behind which it lies."""
        return bisect_right(self.starts, position) - 1

    def head(self, index: int, rows: Indices | slice = _ALL_ROWS) -> Codes:
        """Take the code point of each line at `index`, the line's last one where it is shorter."""
        return self.codes[np.minimum(self.batch.starts[rows] + index, self.batch.stops[rows] - 1)]

    def tail(self, index: int, rows: Indices | slice = _ALL_ROWS) -> Codes:
        """Take the code point of each line at `index` from its end, 1 for the last; the first where it is shorter."""
        return self.codes[np.maximum(self.batch.stops[rows] - index, self.batch.starts[rows])]

    @cached_property
    def first_codes(self) -> Codes:
        """The first code point of each line, (lines,)."""
        return self.codes[self.batch.starts]

    @cached_property
    def last_codes(self) -> Codes:
        """The last code point of each line, (lines,)."""
        return self.codes[self.batch.stops - 1]

    @cached_property
    def first_bits(self) -> NDArray[np.uint8]:
        """The bits of each line's first character, (lines,)."""
        return self.characters.bits_at(self.batch.starts)

    @cached_property
    def last_bits(self) -> NDArray[np.uint8]:
        """The bits of each line's last character, (lines,)."""
        return self.characters.bits_at(self.batch.stops - 1)

    @cached_property
    def han(self) -> Indices:
        """Han characters of each line, (lines,)."""
        return self.characters.count_bits(HAN)

    @cached_property
    def digits(self) -> Indices:
        """Digits of each line, (lines,)."""
        return self.characters.count_bits(DIGIT)

    @cached_property
    def separators(self) -> Indices:
        """Bars, arrows and the like of each line, (lines,)."""
        return self.characters.count_bits(SEPARATOR)

    @cached_property
    def spaces(self) -> Indices:
        """Spaces inside each line, (lines,)."""
        return self.characters.count_bits(SPACE)

    @cached_property
    def commas(self) -> Indices:
        """Commas of each line, (lines,)."""
        return self.characters.count_bits(COMMA)

    @cached_property
    def end_marks(self) -> Indices:
        """Marks of each line that end a sentence or a head, (lines,)."""
        return self.characters.count_bits(END)

    @cached_property
    def is_bare(self) -> Mask:
        """Whether each line holds no mark of a sentence or of code, (lines,)."""
        return np.asarray(self.characters.count_marks(SENTENCE_OR_CODE) == 0)

    @cached_property
    def is_long_prose(self) -> Mask:
        """Whether each line is long, mostly Han, and has two marks of punctuation, (lines,)."""
        is_long = (self.lengths >= LONG_PROSE) & (self.han * 2 > self.lengths)
        prose: Mask = is_long & (self.end_marks + self.commas > 1)
        return prose

    @cached_property
    def prose_before(self) -> Indices:
        """The lines of long prose before each line in its document, (lines,)."""
        total = np.concatenate(([0], self.is_long_prose.cumsum()))
        return total[:-1] - total[self.batch.first_lines[self.batch.documents]]

    @cached_property
    def prose_total(self) -> Indices:
        """The lines of long prose of each line's document, (lines,)."""
        total = np.concatenate(([0], self.is_long_prose.cumsum()))[self.batch.first_lines]
        return np.diff(total)[self.batch.documents]

    @cached_property
    def most_lines(self) -> int:
        """The lines of the document that has most of them."""
        first_lines = self.batch.first_lines
        return int((first_lines[1:] - first_lines[:-1]).max(initial=0))

    @cached_property
    def lines_after(self) -> Indices:
        """The lines that follow each line in its document, (lines,)."""
        return self.segments.high - 1 - np.arange(len(self.lengths))

    @cached_property
    def previous_copy(self) -> Indices:
        """The last line before each line, in its document, with the same text, or -1, (lines,)."""
        order, keys = self._equal_lines
        previous = np.full(len(self.lengths), -1, dtype=np.int64)
        later = (~run_start_mask(keys)).nonzero()[0]
        previous[order[later]] = order[later - 1]
        return previous

    @cached_property
    def copies(self) -> Indices:
        """How often each line's text stands in its document, itself counted, (lines,)."""
        order, keys = self._equal_lines
        sizes = run_lengths(keys)
        copies = np.ones(len(self.lengths), dtype=np.int64)
        copies[order] = np.repeat(sizes, sizes)
        return copies

    @cached_property
    def _equal_lines(self) -> tuple[Indices, NDArray[np.uint64]]:
        """Lines that may equal another of their document, equal ones together, and their keys, which are equal too."""
        batch = self.batch
        keys, candidates = hashing.hash_by_group(self.codes, batch.starts, batch.stops, batch.documents)
        order = candidates[keys[candidates].argsort(kind="stable")]
        return order, keys[order]

    def runs(self, mask: Mask) -> Indices:
        """Find maximal runs of marked neighbouring lines of one document: (runs, 2), half-open."""
        return run_bounds(mask, self.batch.documents)

    @cached_property
    def keyword_lines(self) -> list[KeywordLine]:
        """Lines of keywords that come back in another order, of the usual mean length."""
        return keywords.find_permuted(self, keywords.MEAN_LENGTH)


def view_lines(batch: Batch) -> LineView:
    """View the lines of a batch."""
    return LineView(batch, read_characters(batch))
