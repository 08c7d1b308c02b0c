"""A block weighed: what every line scored, and of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import Evidences
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Block

BAR = 1.0
"""The score at which a line falls."""


@dataclass(frozen=True)
class Case:
    """All that was weighed for one block.

    `score` (lines,): the sum of `values` (lines, columns) times `weights` (columns,), a bias and what the rules say.
    `strongest` (lines,): the greatest weight of a rule that drops. `sizes` (documents,): characters that are not white
    space of each document before anything was removed from it; None where the block is as it came. `needs_rule`: no
    line falls for which not one rule speaks.
    """

    block: Block
    layout: Layout
    rules: Sequence[Rule]
    found: Evidences
    names: tuple[str, ...]
    values: NDArray[np.float32]
    weights: NDArray[np.float64]
    score: NDArray[np.float64]
    strongest: NDArray[np.float64]
    sizes: NDArray[np.int64] | None = None
    needs_rule: bool = False

    @property
    def decisive(self) -> NDArray[np.bool_]:
        """Lines for which one rule is enough, (lines,)."""
        return self.strongest >= BAR

    @cached_property
    def falls(self) -> NDArray[np.bool_]:
        """Lines that fall, (lines,)."""
        summed = self.score >= BAR
        return self.decisive | (summed & (self.strongest > 0) if self.needs_rule else summed)

    def total(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sums (documents,) of values (lines,) over the lines that stay."""
        weights = np.where(self.falls, 0.0, values)
        return np.bincount(self.block.documents, weights=weights, minlength=len(self.block.texts)).astype(np.float64)

    @cached_property
    def left(self) -> NDArray[np.float64]:
        """Characters of each document that stay, white space aside, (documents,)."""
        return self.total(self.layout.lengths)
