"""What stands around a line, document by document: sums over neighbours, running totals, runs, the densest stretch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """The lines of many documents as rows: `low`, `high` (lines,) bound the rows of each line's own document."""

    documents: Indices
    low: Indices
    high: Indices

    @cached_property
    def position(self) -> Indices:
        """The number of lines before each line in its document."""
        return np.arange(len(self.documents)) - self.low

    @cached_property
    def size(self) -> Indices:
        """The number of lines of each line's document."""
        return self.high - self.low

    def window(self, values: NDArray[Any], reach: int) -> Numbers:
        """Mean of the neighbours up to `reach` lines away, the line itself left out; 0.0 without neighbours."""
        if reach not in self._reached:
            at = np.arange(len(self.documents))
            start, stop = np.maximum(at - reach, self.low), np.minimum(at + reach + 1, self.high)
            self._reached[reach] = start, stop, np.maximum(stop - start - 1, 1)
        start, stop, size = self._reached[reach]
        total = _totals(values)
        return np.asarray((total[stop] - total[start] - values) / size)

    @cached_property
    def _reached(self) -> dict[int, tuple[Indices, Indices, Indices]]:
        """By reach the bounds of the windows and their sizes; filled by `window`."""
        return {}

    def before(self, values: NDArray[Any]) -> Numbers:
        """The sum over the lines above in the same document."""
        total = _totals(values)
        return total[:-1] - total[self.low]

    def after(self, values: NDArray[Any]) -> Numbers:
        """The sum over the lines below in the same document."""
        total = _totals(values)
        return total[self.high] - total[1:]

    def whole(self, values: NDArray[Any]) -> Numbers:
        """The sum over the document, at each of its lines."""
        total = _totals(values)
        return total[self.high] - total[self.low]

    def shifted(self, values: NDArray[Any], by: int) -> Numbers:
        """The value `by` lines below (above when negative), 0.0 past the document's ends."""
        found = np.zeros(len(values))
        if by > 0:
            found[:-by] = values[by:]
            found[self.position >= self.size - by] = 0
        else:
            found[-by:] = values[:by]
            found[self.position < -by] = 0
        return found

    def previous(self, marked: NDArray[np.bool_]) -> Indices:
        """The nearest marked row above each line in its document, -1 where there is none."""
        at = np.where(marked, np.arange(len(marked)), -1)
        last = np.concatenate(([-1], np.maximum.accumulate(at)[:-1])) if len(at) else at
        return np.where(last >= self.low, last, -1)

    def runs(self, keys: NDArray[Any]) -> Indices:
        """The length of the run of equal neighbouring keys that each line stands in."""
        if not len(keys):
            return np.zeros(0, dtype=np.int64)
        run = self._runs(keys)
        return np.asarray(np.bincount(run)[run])

    def shares(self, keys: NDArray[Any], marked: NDArray[np.bool_]) -> Numbers:
        """The share of marked lines in the run of equal neighbouring keys that each line stands in."""
        if not len(keys):
            return np.zeros(0)
        run = self._runs(keys)
        return np.asarray((np.bincount(run, weights=marked) / np.bincount(run))[run])

    def _runs(self, keys: NDArray[Any]) -> Indices:
        """The number of the run each line stands in."""
        first = np.concatenate(([True], (keys[1:] != keys[:-1]) | (self.documents[1:] != self.documents[:-1])))
        return np.cumsum(first) - 1

    def densest(self, gains: NDArray[Any]) -> tuple[Indices, Indices]:
        """Rows [start, stop) of the stretch with the greatest sum in each line's document; empty where none is > 0."""
        if not len(gains):
            return self.low, self.low
        # whole numbers: between stretches of equal sums, rounding that comes from earlier documents would decide
        whole = np.round(np.asarray(gains, dtype=np.float64) * _FINE).astype(np.int64)
        total = np.concatenate(([0], np.cumsum(whole)))
        step = 2 * int(np.abs(whole).sum()) + 1
        level = total[:-1] - self.documents * step  # a new document always lies lower: the minimum starts afresh
        lowest = np.minimum.accumulate(level)
        starts = np.maximum.accumulate(np.where(level == lowest, np.arange(len(gains)), 0))
        sums = total[1:] - total[starts]
        fresh = self.position == 0
        firsts = np.flatnonzero(fresh)
        best = np.maximum.reduceat(sums, firsts)
        rank = np.cumsum(fresh) - 1
        where = np.where(sums == best[rank], np.arange(len(gains)), len(gains))
        last = np.minimum.reduceat(where, firsts)
        start, stop = np.where(best > 0, starts[last], 0)[rank], np.where(best > 0, last + 1, 0)[rank]
        return start, stop


def rows(documents: Indices) -> Rows:
    """Rows for lines that belong to `documents` (lines,), in order."""
    edges = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1]))) if len(documents) else documents
    sizes = np.diff(np.concatenate((edges, [len(documents)])))
    low = np.repeat(edges, sizes)
    return Rows(documents, low, low + np.repeat(sizes, sizes))


_FINE = 1 << 20
"""Parts of one that is counted in: sums of such whole numbers are exact, whatever stands before a document."""


def _totals(values: NDArray[Any]) -> Numbers:
    total = np.empty(len(values) + 1)
    total[0] = 0.0
    if values.dtype.kind == "f":
        np.cumsum(np.rint(values * _FINE), out=total[1:])
        total /= _FINE
    else:
        np.cumsum(values, dtype=np.float64, out=total[1:])
    return total
