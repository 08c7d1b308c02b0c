"""Lines of a batch with their scores, and what the scores are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import RuleMatches
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch


@dataclass(frozen=True)
class ScoredLines:
    """The lines of one batch with all that was weighed.

    Attributes:
        rules: the rules of the pack.
        matches: those of the rules in the batch.
        names: of the columns.
        values: (lines, columns) float32.
        weights: (columns,) float64.
        score: (lines,) the sum of values times weights, a bias and what the rules say.
        strongest: (lines,) the greatest weight of a rule that drops.
        sizes: (documents,) characters of each document that are not white space, before anything was removed from it;
            None where the batch is as it came.
        needs_rule: whether only lines are dropped for which at least one rule speaks.
    """

    layout: Layout
    rules: Sequence[Rule]
    matches: RuleMatches
    names: tuple[str, ...]
    values: NDArray[np.float32]
    weights: NDArray[np.float64]
    score: NDArray[np.float64]
    strongest: NDArray[np.float64]
    sizes: NDArray[np.int64] | None = None
    needs_rule: bool = False

    @property
    def batch(self) -> Batch:
        """The documents."""
        return self.layout.batch

    @property
    def is_decided(self) -> NDArray[np.bool_]:
        """Lines for which one rule is enough, (lines,)."""
        return self.strongest >= DROP_SCORE

    @cached_property
    def is_dropped(self) -> NDArray[np.bool_]:
        """Lines that are dropped, (lines,)."""
        reaches_bar = self.score >= DROP_SCORE
        return self.is_decided | (reaches_bar & (self.strongest > 0) if self.needs_rule else reaches_bar)

    def sum_remaining(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum up values (lines,) over the lines of each document that stay, (documents,)."""
        weights = np.where(self.is_dropped, 0.0, values)
        return np.bincount(self.batch.documents, weights=weights, minlength=len(self.batch.texts)).astype(np.float64)

    @cached_property
    def remaining(self) -> NDArray[np.float64]:
        """Characters of each document that stay, white space aside, (documents,)."""
        return self.sum_remaining(self.layout.visible)
