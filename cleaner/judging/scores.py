"""Lines of a batch with their scores, and what the scores are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.judging.bars import LIKELY
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import LineEvidence, RuleMatches
    from cleaner.judging.model.phrases import Phrases
    from cleaner.judging.model.trees import Trees
    from cleaner.judging.page.main_element import MainElement
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

SCALE = 4.0
"""Log-odds that make 1.0 of a score."""


@dataclass(frozen=True)
class ScoredLines:
    """The lines of one batch with all that was weighed.

    Attributes:
        rules: the rules of the pack.
        matches: those of the rules in the batch.
        evidence: what the rules say of each line.
        trees, phrases: what was learned; None where only rules act.
        values: (columns, lines) float32, the columns of the trees.
        main_element: what the element with the page's text says; None for texts without markup.
        function_words: (lines,) log-odds that those of other languages add; None where only rules act.
        log_odds: (lines,) of junk, the sum of trees, main element and function words; None where only rules act.
        bars: (lines,) the log-odds from which each line is dropped; None: no line is but by a rule.
        sizes: (documents,) characters of each document that are not white space, before anything was removed from it;
            None where the batch is as it came.
    """

    layout: Layout
    rules: Sequence[Rule]
    matches: RuleMatches
    evidence: LineEvidence
    trees: Trees | None = None
    phrases: Phrases | None = None
    values: NDArray[np.float32] | None = None
    main_element: MainElement | None = None
    function_words: NDArray[np.float64] | None = None
    log_odds: NDArray[np.float64] | None = None
    bars: NDArray[np.float64] | None = None
    sizes: NDArray[np.int64] | None = None

    @property
    def batch(self) -> Batch:
        """The documents."""
        return self.layout.batch

    @cached_property
    def is_decided(self) -> NDArray[np.bool_]:
        """Lines for which one rule is enough or, where nothing was learned, several together are, (lines,)."""
        alone = self.evidence.strongest >= DROP_SCORE
        return alone if self.trees else alone | (np.round(self.evidence.total, 6) >= DROP_SCORE)

    @cached_property
    def score(self) -> NDArray[np.float64]:
        """Scores on the scale of the rules' weights, (lines,): 1.0 where a line is likely to be junk."""
        rules = np.where(self.is_decided, np.maximum(self.evidence.total, DROP_SCORE), self.evidence.total)
        if self.log_odds is None:
            return rules
        return np.where(self.is_decided, rules, DROP_SCORE + (self.log_odds - LIKELY) / SCALE)

    @cached_property
    def is_dropped(self) -> NDArray[np.bool_]:
        """Lines that are dropped, (lines,)."""
        if self.log_odds is None or self.bars is None:
            return self.is_decided
        return self.is_decided | ((self.log_odds >= self.bars) & ~self.evidence.is_kept)

    def sum_all(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum up values (lines,) over the lines of each document, (documents,)."""
        return np.bincount(self.batch.documents, weights=values, minlength=len(self.batch.texts)).astype(np.float64)

    def sum_remaining(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum up values (lines,) over the lines of each document that stay, (documents,)."""
        return self.sum_all(np.where(self.is_dropped, 0.0, values))

    @cached_property
    def remaining(self) -> NDArray[np.float64]:
        """Characters of each document that stay, white space aside, (documents,)."""
        return self.sum_remaining(self.layout.visible)
