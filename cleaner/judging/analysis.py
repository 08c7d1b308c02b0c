"""Analyze a batch: its lines, their layout, matches and phrases, each computed once, when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.features.layout import Layout, lay_out
from cleaner.features.line_view import LineView, view_lines
from cleaner.rules.matches import EarlierMatches, Matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cleaner.features.markup import Hints
    from cleaner.rules.matcher import Matcher
    from cleaner.text.lines import Batch

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Numbers = NDArray[np.float64]


class Earlier(NamedTuple):
    """What is known of the lines of an earlier batch.

    Attributes:
        matches: those of the rules.
        phrases: (earlier lines,) float64, their phrase scores; None where nobody asked for them.
    """

    matches: EarlierMatches
    phrases: Numbers | None


@dataclass(frozen=True)
class Analysis:
    """What is known of one batch. Nothing in it refers back to it, so it goes with the last who holds it.

    Attributes:
        batch: the documents.
        matcher: the pattern rules of a pack.
        score_phrases: scores lines by their n-grams, given code points, starts and stops.
        earlier: what is known of lines that stood in an earlier batch, to be taken from there.
        hosts: that of each document; empty where none is known.
        hints: what the markup of each says of its lines; empty where none has any.
    """

    batch: Batch
    matcher: Matcher
    score_phrases: Callable[[Codes, Indices, Indices], Numbers]
    earlier: Earlier | None = None
    hosts: tuple[str, ...] = ()
    hints: Sequence[Hints | None] = ()

    @cached_property
    def view(self) -> LineView:
        """The lines, folded and compared."""
        return view_lines(self.batch)

    @cached_property
    def layout(self) -> Layout:
        """What the lines are, and where bodies begin and end; there must be at least one line."""
        return lay_out(self.view)

    @cached_property
    def lists(self) -> Indices:
        """Numbers of the lists and tables of pages that lines stand in, (lines,); -1 for lines in none."""
        numbers, offset = np.full(len(self.batch.starts), -1), 0
        for hints, (first, stop) in zip(self.hints, pairwise(self.batch.first_lines.tolist()), strict=False):
            if hints and hints.elements:
                numbers[first:stop] = np.where(hints.lists >= 0, hints.lists + offset, -1)
                offset += len(hints.elements.tags)
        return numbers

    @cached_property
    def matches(self) -> Matches:
        """Where the pattern rules match."""
        return self.matcher.find(self.view, self.earlier and self.earlier.matches)

    @cached_property
    def phrase_scores(self) -> Numbers:
        """What the n-grams of each line are known for, (lines,), in log-odds."""
        codes, starts, stops = self.view.codes, self.batch.starts, self.batch.stops
        if self.earlier is None or self.earlier.phrases is None:
            return self.score_phrases(codes, starts, stops)
        earlier_rows = self.earlier.matches.rows
        scores = self.earlier.phrases.take(earlier_rows, mode="clip")
        new = (earlier_rows < 0).nonzero()[0]
        scores[new] = self.score_phrases(codes, starts[new], stops[new])
        return scores

    def reuse(self, rows: Indices) -> Earlier:
        """Offer what is known to a batch of which line i stood here at `rows[i]` (lines,), -1 where it is new."""
        scores = self.__dict__.get("phrase_scores")  # None where only rules act
        return Earlier(EarlierMatches(self.matches, self.batch.starts, rows), scores)
