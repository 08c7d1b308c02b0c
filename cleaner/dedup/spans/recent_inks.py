"""The ink of texts that are compared again and again: the last ones stay in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.dedup.spans.folds import FoldedTexts, fold_codes
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.spans.matches import Links
    from cleaner.dedup.spans.text_batch import Fetch

CAPACITY = 1 << 23
"""Characters of the texts that stay; they take 32 MiB."""
_MISSING = -1


class RecentInks:
    """Folded texts end to end, numbered as they were read.

    `rows`: the text of each number. `ink`: what they are folded to.
    """

    def __init__(self, fetch: Fetch, lengths: NDArray[np.int64]) -> None:
        """Read texts by `fetch`, which have these lengths."""
        self.lengths, self._fetch = lengths, fetch
        self._numbers = np.full(len(lengths), _MISSING, dtype=np.int32)
        self._codes = np.empty(min(CAPACITY, int(lengths.sum())), dtype=np.uint32)
        self.rows, self._bounds = np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64)

    @property
    def ink(self) -> FoldedTexts:
        """The texts that are there."""
        return FoldedTexts(self._codes[: self._bounds[-1]], self._bounds)

    def number_texts(self, links: Links) -> Links:
        """Return links with their texts numbered; what is missing is read, and all else goes where there is no room."""
        rows = np.concatenate((links.copies, links.keepers))
        missing = distinct(rows[self._numbers[rows] == _MISSING])
        if self.lengths[missing].sum() + self._bounds[-1] > len(self._codes):
            self._clear()
            missing = distinct(rows)
        if len(missing):
            self._add(missing)
        copies, keepers = (self._numbers[column].astype(np.int64) for column in (links.copies, links.keepers))
        return links._replace(copies=copies, keepers=keepers)

    def _clear(self) -> None:
        self._numbers[self.rows] = _MISSING
        self.rows, self._bounds = self.rows[:0], self._bounds[:1]

    def _add(self, rows: NDArray[np.int64]) -> None:
        codes, bounds = fold_codes(self._fetch(rows), self.lengths[rows])
        start = self._bounds[-1]
        if start + len(codes) > len(self._codes):  # texts larger than all that usually stays
            self._codes = np.empty(len(codes), dtype=np.uint32)
        self._codes[start : start + len(codes)] = codes
        self._numbers[rows] = np.arange(len(self.rows), len(self.rows) + len(rows))
        self.rows = np.concatenate((self.rows, rows))
        self._bounds = np.concatenate((self._bounds, bounds[1:] + start))
