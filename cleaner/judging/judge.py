"""Which lines fall: rules and place give evidence, the sum decides.

A line falls at 1.0. The sum is a linear one, its weights fitted on labelled pages (`judging.training`) and kept in
the pack. Evidence summed against a fixed bar is SpamAssassin's model, text judged by its neighbours jusText's
(Pomikálek 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import counts
from cleaner.features.layout import Layout, lay_out
from cleaner.judging import columns, flags, verdicts
from cleaner.judging.columns import ECHO
from cleaner.judging.evidence import Evidences, Rules
from cleaner.judging.scores import BAR, Case
from cleaner.judging.verdicts import Judged
from cleaner.packs.builtin import PLACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.schema import RulePack
    from cleaner.text.lines import Block

__all__ = ["BAR", "Judge", "Judged"]

_MARGIN = 1e-3
"""More than rounding can add to a score."""


class Judge:
    """A rule pack ready to judge."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.rules = Rules(pack.rules)
        self.weights = dict(pack.judge)

    def judge(
        self,
        block: Block,
        hints: Mapping[str, NDArray[Any]] | None = None,
        *,
        sizes: NDArray[np.int64] | None = None,
        explain: bool = False,
    ) -> list[Judged]:
        """Judge all documents of a block together; none changes the result of another.

        `hints`: per-line columns from a reader that saw the markup, by name, each (lines,); they count with the weights
        the pack gives them. `sizes` (documents,): how many characters that are not white space each document had before
        anything was removed from it, for the flags on whole documents. `explain` lists the evidence of every verdict.
        """
        if not len(block.starts):
            return [Judged(flags=(flags.no_article(len(text)),)) for text in block.texts]
        judged = verdicts.of(replace(self.weigh(block, hints, exactly=explain), sizes=sizes), explain=explain)
        block.forget("characters", "shape")
        return judged

    def weigh(self, block: Block, hints: Mapping[str, NDArray[Any]] | None = None, *, exactly: bool = True) -> Case:
        """Scores of all lines, and what they are made of; not `exactly`, what cannot change a judgment is left out."""
        folded = counts.folded(block)
        layout = lay_out(block, folded)
        found = self._in_place(self.rules.find(block, folded), layout)
        lines = found.by_line(len(block.starts), self.rules.removes, self.rules.categories)
        names, values = columns.measure(layout, lines.categories, hints)
        weights = np.array([self.weights.get(name, 0.0) for name in names], dtype=np.float64)
        score = self._placed(values, weights) + lines.total
        case = Case(
            block,
            layout,
            self.rules.rules,
            found,
            names,
            values,
            weights,
            score,
            lines.strongest,
            needs_rule=PLACE in self.pack.off,
        )
        columns.listen(layout, names, values, None if exactly else self._asked(case))
        return replace(case, score=self._placed(values, weights) + lines.total)

    def _placed(self, values: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a line's looks and place say, (lines,)."""
        # a sum over a block depends in its last bits on what else the block holds: rounded, it does not
        # einsum, as BLAS wakes a thread a core for each little product
        summed = np.einsum("lc,c->l", values, weights)
        placed: NDArray[np.float64] = np.round(summed + self.weights.get("bias", 0.0), 6)
        return placed if self.weights else np.zeros(len(values))

    def _asked(self, case: Case) -> NDArray[np.bool_]:
        """Lines (lines,) on whose echo the judgment may depend, as `case` was weighed without.

        An echo is at most 1: below the bar by more than it can add, a line stays.
        """
        most = sum(max(w, 0) for name, w in zip(case.names, case.weights.tolist(), strict=True) if name.endswith(ECHO))
        near: NDArray[np.bool_] = case.decisive | (case.score + most >= BAR - _MARGIN)
        return near | flags.asks_scores(case.layout, ~near)[case.block.documents]

    def _in_place(self, found: Evidences, layout: Layout) -> Evidences:
        """Only hits that stand where their rule looks."""
        fits = np.ones(len(found.line), dtype=np.bool_)
        for name, looks_there in self.rules.places.items():
            fits &= ~looks_there[found.rule] | (found.line < 0) | layout.stands[name][found.line]
        return found if fits.all() else found.chosen(fits)
