"""Arrays in segments: runs of equal neighbours, and sums, windows and stretches that stay within one document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_PRECISION = 1 << 20
"""Sums are made of whole parts of this size, so that they are exact, whatever stands before a document."""


def run_starts(*keys: NDArray[Any]) -> Indices:
    """Find where runs of equal neighbours start.

    Args:
        keys: arrays (n,); neighbours are equal if they are in all of them.

    Returns:
        Indices (runs,) of the first of each run.
    """
    return run_start_mask(*keys).nonzero()[0]


def run_start_mask(*keys: NDArray[Any]) -> Mask:
    """Tell which elements (n,) start a run of equal neighbours."""
    begins = np.ones(len(keys[0]), dtype=np.bool_)
    if len(begins):
        begins[1:] = keys[0][1:] != keys[0][:-1]
        for others in keys[1:]:
            begins[1:] |= others[1:] != others[:-1]
    return begins


def run_ids(*keys: NDArray[Any]) -> Indices:
    """Assign numbers to the runs of equal neighbours: the run (n,) that each stands in, from 0."""
    return run_start_mask(*keys).cumsum() - 1


def run_lengths(*keys: NDArray[Any]) -> Indices:
    """Measure the runs of equal neighbours, (runs,)."""
    return np.diff(run_starts(*keys), append=len(keys[0]))


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Sort values (n,), each once: (distinct,); `np.unique` does so too, but imports `numpy.ma`, which takes 10 ms."""
    ordered = np.sort(values, axis=None)
    return ordered[run_start_mask(ordered)]


def run_bounds(mask: Mask, documents: Indices) -> Indices:
    """Find maximal runs of marked neighbours of one document: (runs, 2), half-open."""
    rows = mask.nonzero()[0]
    if not len(rows):
        return np.zeros((0, 2), dtype=np.int64)
    starts = run_starts(neighbor_ids(rows), documents[rows])
    stops = np.append(starts[1:], len(rows))
    return np.stack((rows[starts], rows[stops - 1] + 1), axis=1)


def neighbor_ids(rows: Indices) -> Indices:
    """Assign numbers to ascending rows: rows that follow each other without a gap have the same."""
    return rows - np.arange(len(rows))


@dataclass(frozen=True)
class Windows:
    """The neighbours of each row up to some reach away, within its segment.

    Attributes:
        starts, stops: (rows,) int64, the bounds of each row's window.
        sizes: (rows,) int64, the rows in it but the row itself, at least 1.
    """

    starts: Indices
    stops: Indices
    sizes: Indices

    def mean(self, values: NDArray[Any]) -> Numbers:
        """Average the neighbours of each row, the row itself left out; 0.0 without neighbours."""
        total = _running_total(values)
        return np.asarray((total[self.stops] - total[self.starts] - values) / self.sizes)

    def mean_above(self, values: NDArray[Any]) -> Numbers:
        """Average the rows of each window above the row itself; 0.0 where there is none."""
        total = _running_total(values)
        return np.asarray((total[:-1] - total[self.starts]) / np.maximum(np.arange(len(values)) - self.starts, 1))

    def mean_below(self, values: NDArray[Any]) -> Numbers:
        """Average the rows of each window below the row itself; 0.0 where there is none."""
        total = _running_total(values)
        return np.asarray((total[self.stops] - total[1:]) / np.maximum(self.stops - np.arange(len(values)) - 1, 1))


@dataclass(frozen=True)
class Segments:
    """Rows in segments, such as lines in documents.

    Attributes:
        owners: (rows,) int64, the segment each row belongs to, ascending.
        low, high: (rows,) int64, the bounds of each row's own segment.
    """

    owners: Indices
    low: Indices
    high: Indices

    @classmethod
    def of(cls, owners: Indices) -> Segments:
        """Find the segments of rows with ascending `owners` (rows,)."""
        starts = run_starts(owners)
        sizes = np.diff(starts, append=len(owners))
        low = np.repeat(starts, sizes)
        return cls(owners, low, low + np.repeat(sizes, sizes))

    @cached_property
    def position(self) -> Indices:
        """The number of rows before each row in its segment."""
        return np.arange(len(self.owners)) - self.low

    @cached_property
    def size(self) -> Indices:
        """The number of rows of each row's segment."""
        return self.high - self.low

    def windows(self, reach: int) -> Windows:
        """Bound the neighbours of each row up to `reach` rows away."""
        if reach not in self._windows:
            rows = np.arange(len(self.owners))
            starts, stops = np.maximum(rows - reach, self.low), np.minimum(rows + reach + 1, self.high)
            self._windows[reach] = Windows(starts, stops, np.maximum(stops - starts - 1, 1))
        return self._windows[reach]

    @cached_property
    def _windows(self) -> dict[int, Windows]:
        """The windows that were asked for, by reach."""
        return {}

    @cached_property
    def _is_single(self) -> bool:
        """Whether there is one segment only."""
        return len(self.low) > 0 and int(self.low[-1]) == 0

    def sum_before(self, values: NDArray[Any]) -> Numbers:
        """Sum up the rows above each row in its segment."""
        total = _running_total(values)
        return total[:-1] - total[self.low]

    def sum_after(self, values: NDArray[Any]) -> Numbers:
        """Sum up the rows below each row in its segment."""
        total = _running_total(values)
        return total[self.high] - total[1:]

    def sum_all(self, values: NDArray[Any]) -> Numbers:
        """Sum up each segment, at each of its rows."""
        total = _running_total(values)
        return total[self.high] - total[self.low]

    def neighbor(self, values: NDArray[Any], offset: int) -> Numbers:
        """Take the value `offset` rows below (above when negative), 0.0 past the segment's ends."""
        neighbors = np.zeros(len(values))
        if offset > 0:
            neighbors[:-offset] = values[offset:]
            if self._is_single:
                return neighbors
            neighbors[self.position >= self.size - offset] = 0
        else:
            neighbors[-offset:] = values[:offset]
            if self._is_single:
                return neighbors
            neighbors[self.position < -offset] = 0
        return neighbors

    def previous(self, mask: Mask) -> Indices:
        """Find the nearest marked row above each row in its segment, -1 where there is none."""
        if not mask.any():
            return np.full(len(mask), -1)
        marked_rows = np.where(mask, np.arange(len(mask)), -1)
        last = np.concatenate(([-1], np.maximum.accumulate(marked_rows)[:-1]))
        return np.where(last >= self.low, last, -1)

    def run_sizes(self, keys: NDArray[Any]) -> Indices:
        """Measure the run of equal neighbouring keys that each row stands in, within its segment."""
        sizes = run_lengths(keys, self.owners)
        return np.repeat(sizes, sizes)

    def run_shares(self, keys: NDArray[Any], mask: Mask) -> Numbers:
        """Measure the share of marked rows in the run of equal neighbouring keys that each row stands in."""
        runs = run_ids(keys, self.owners)
        return np.asarray((np.bincount(runs, weights=mask) / np.maximum(np.bincount(runs), 1))[runs])

    def densest(self, gains: NDArray[Any]) -> tuple[Indices, Indices]:
        """Find the stretch with the greatest sum in each row's segment, at each of its rows.

        Args:
            gains: (rows,) what each row adds to a stretch or takes from it.

        Returns:
            Rows start and stop, each (rows,) int64, equal where no stretch of the segment has a sum above 0.
        """
        if not len(gains):
            return self.low, self.low
        # whole numbers: between stretches of equal sums, rounding that comes from earlier segments would decide
        exact = np.rint(np.asarray(gains, dtype=np.float64) * _PRECISION).astype(np.int64)
        total = np.concatenate(([0], exact.cumsum()))
        rows = np.arange(len(gains))
        starts = self._lowest_before(total[:-1])
        sums = total[1:] - total[starts]
        segment_starts, segment = run_starts(self.owners), run_ids(self.owners)
        best = np.maximum.reduceat(sums, segment_starts)
        last = np.minimum.reduceat(np.where(sums == best[segment], rows, len(rows)), segment_starts)
        start, stop = np.where(best > 0, starts[last], 0), np.where(best > 0, last + 1, 0)
        return start[segment], stop[segment]

    def _lowest_before(self, levels: Indices) -> Indices:
        """Find the last row up to each row in its segment where `levels` is lowest.

        One running minimum serves all segments: each is pushed down by more than any two levels differ, so that
        the minimum starts afresh with it.
        """
        step = int(np.ptp(levels)) + 1
        separate_levels = levels - run_ids(self.owners) * step
        return np.maximum.accumulate(
            np.where(separate_levels == np.minimum.accumulate(separate_levels), np.arange(len(levels)), 0)
        )


def _running_total(values: NDArray[Any]) -> Numbers:
    """Sum up values (n,) from the front: (n + 1,), the first 0.0."""
    total = np.empty(len(values) + 1)
    total[0] = 0.0
    if values.dtype.kind == "f":
        np.rint(values * _PRECISION).cumsum(out=total[1:])
        total /= _PRECISION
    else:
        values.cumsum(dtype=np.float64, out=total[1:])
    return total
