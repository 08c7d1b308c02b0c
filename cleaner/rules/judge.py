"""Which lines fall: rules and place give evidence, the sum decides.

A line falls at 1.0. The sum is a linear one, its weights fitted on labelled pages (`cleaner.rules.tune`) and kept in the
pack. Evidence summed against a fixed bar is SpamAssassin's model, text judged by its neighbours jusText's (Pomikálek 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.normalize import conversion
from cleaner.rules import features, verdicts
from cleaner.rules.evidence import Evidences, Rules
from cleaner.rules.verdicts import BAR, Case, Judged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block
    from cleaner.rules.schema import RulePack

__all__ = ["BAR", "Judge", "Judged"]


class Judge:
    """A rule pack ready to judge."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.rules = Rules(pack.rules)
        self.weights = dict(pack.judge)

    def judge(
        self, block: Block, hints: Mapping[str, NDArray[Any]] | None = None, *, explain: bool = False
    ) -> list[Judged]:
        """Judge all documents of a block together; none changes the result of another.

        `hints`: per-line columns from a reader that saw the markup, by name, each (lines,); they count with the weights
        the pack gives them. `explain` lists the evidence of every verdict.
        """
        if not len(block.starts):
            return [Judged() for _ in block.texts]
        return verdicts.of(self.weigh(block, hints), explain=explain)

    def weigh(self, block: Block, hints: Mapping[str, NDArray[Any]] | None = None) -> Case:
        """Scores of all lines, and what they are made of."""
        folded = conversion.fold(block.text)
        layout = features.lay_out(block, folded)
        found = self._in_place(self.rules.find(block, folded), layout)
        speaks = (found.line >= 0) & (self.rules.actions[found.rule] == "drop")
        rows, weight = found.line[speaks], found.weight[speaks]
        strongest = np.zeros(len(block.starts))
        np.maximum.at(strongest, rows, weight)
        decisive = strongest >= BAR
        names, values = features.measure(layout, self._by_category(found.chosen(speaks), len(block.starts)), hints)
        score = self._score(names, values, np.bincount(rows, weights=weight, minlength=len(block.starts)))
        falls = decisive | ((score >= BAR) & ~layout.is_open)
        return Case(block, layout, self.rules.rules, found, names, values, self._column_weights(names), score, decisive, falls)

    def _score(self, names: tuple[str, ...], values: NDArray[np.float32], rules: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of all evidence; rounded, because sums over a block depend on its order in the last bits."""
        if not self.weights:
            return rules
        return np.round(values @ self._column_weights(names) + self.weights.get("bias", 0.0), 6)

    def _column_weights(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        return np.array([self.weights.get(name, 0.0) for name in names], dtype=np.float64)

    def _by_category(self, found: Evidences, lines: int) -> dict[str, NDArray[np.float64]]:
        """For each category (lines,) the greatest weight its rules give a line."""
        categories = self.rules.categories[found.rule]
        made = {}
        for name in features.CATEGORIES:
            column = np.zeros(lines)
            of = categories == name
            np.maximum.at(column, found.line[of], found.weight[of])
            made[name] = np.minimum(column, 1.0)
        return made

    def _in_place(self, found: Evidences, layout: features.Layout) -> Evidences:
        """Only hits that stand where their rule looks."""
        place = self.rules.places[found.rule]
        row = np.maximum(found.line, 0)
        fits = (place == "anywhere") | (found.line < 0)
        for name in ("head", "body", "tail"):
            fits |= (place == name) & layout.stands[name][row]
        return found.chosen(fits)
