"""Matches of patterns in the lines of a batch, and how they move to a batch that holds the same lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]


class Matches(NamedTuple):
    """Matches of a matcher's rules in one batch, one entry a match, ordered by line, then rule, then place.

    A match of scope "block" counts on each line it covers, one of scope "document" on the line it begins in.

    Attributes:
        line: (n,) int64, index into the batch's lines.
        rule: (n,) int64, index into `Matcher.rules`.
        start, stop: (n,) int64, the match in the batch's text.
        overruns: rule id and first characters of the texts on which a pattern ran out of time and was given up.
    """

    line: Indices
    rule: Indices
    start: Indices
    stop: Indices
    overruns: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_numbers(cls, numbers: Sequence[int], overruns: Sequence[tuple[str, str]] = ()) -> Matches:
        """Read matches from line, rule, start and stop of each, one behind the other: one array for all is fastest."""
        line, rule, start, stop = np.array(numbers, dtype=np.int64).reshape(-1, 4).T
        return cls(line, rule, start, stop, tuple(overruns))

    def move(self, rows: Indices, starts: Indices, new_starts: Indices) -> Matches:
        """Move the matches to a batch that holds some of their lines.

        Args:
            rows: (lines,) where each line stands in the other batch, -1 for nowhere.
            starts, new_starts: where the lines of this and of the other batch begin.
        """
        line = rows[self.line]
        remains = line >= 0
        line, shift = line[remains], new_starts[line[remains]] - starts[self.line[remains]]
        return Matches(line, self.rule[remains], self.start[remains] + shift, self.stop[remains] + shift, self.overruns)


class EarlierMatches(NamedTuple):
    """Matches of an earlier batch, and which lines of the batch at hand stood in it, letter by letter.

    Attributes:
        matches: those of the earlier batch.
        starts: (earlier lines,) int64, where its lines begin.
        rows: (lines,) int64, the row that each line had there, -1 for a line that is new.
    """

    matches: Matches
    starts: Indices
    rows: Indices

    def move(self, new_starts: Indices) -> Matches:
        """Move the matches to the batch at hand, whose lines begin at `new_starts`."""
        new_rows = np.full(len(self.starts), -1)
        old_lines = (self.rows >= 0).nonzero()[0]
        new_rows[self.rows[old_lines]] = old_lines
        return self.matches.move(new_rows, self.starts, new_starts)


def merge(several: Sequence[Matches]) -> Matches:
    """Merge matches in parts of a batch into those of the whole, in their order."""
    line, rule, start, stop = (np.concatenate(column) for column in list(zip(*several, strict=True))[:4])
    order = np.lexsort((start, rule, line))
    overruns = tuple(chain.from_iterable(part.overruns for part in several))
    return Matches(line[order], rule[order], start[order], stop[order], overruns)
