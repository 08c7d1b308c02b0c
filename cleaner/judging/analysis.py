"""Analyze a batch: its lines, their layout and the matches of rules, each computed once, when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cleaner.features.layout import Layout, lay_out
from cleaner.features.line_view import LineView, view_lines
from cleaner.rules.matches import EarlierMatches, Matches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cleaner.rules.matcher import Matcher
    from cleaner.text.lines import Batch


@dataclass(frozen=True)
class Analysis:
    """What is known of one batch. Nothing in it refers back to it, so it goes with the last who holds it.

    Attributes:
        batch: the documents.
        matcher: the pattern rules of a pack.
        earlier: matches in lines that stood in an earlier batch, to be taken from there.
    """

    batch: Batch
    matcher: Matcher
    earlier: EarlierMatches | None = None

    @cached_property
    def view(self) -> LineView:
        """The lines, folded and compared."""
        return view_lines(self.batch)

    @cached_property
    def layout(self) -> Layout:
        """What the lines are, and where bodies begin and end; there must be at least one line."""
        return lay_out(self.view)

    @cached_property
    def matches(self) -> Matches:
        """Where the pattern rules match."""
        return self.matcher.find(self.view, self.earlier)

    def reuse(self, rows: NDArray[np.int64]) -> EarlierMatches:
        """Offer the matches to a batch of which line i stood here at `rows[i]` (lines,), -1 where it is new."""
        return EarlierMatches(self.matches, self.batch.starts, rows)
