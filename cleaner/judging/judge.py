"""Which lines fall: rules and place give evidence, the sum decides.

A line is dropped at 1.0. The sum is a linear one, its weights fitted on labelled pages (`judging.fitting`) and kept in
the pack. Evidence summed against a fixed bar is SpamAssassin's model, text judged by its neighbours jusText's
(Pomikálek 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.judging import columns, flags, verdicts
from cleaner.judging.analysis import Analysis
from cleaner.judging.columns import SHARED_BIGRAMS
from cleaner.judging.evidence import CompiledRules
from cleaner.judging.scores import ScoredLines
from cleaner.judging.verdicts import Judgment
from cleaner.packs.builtin import PLACE
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.matches import EarlierMatches
    from cleaner.rules.schema import RulePack
    from cleaner.text.lines import Batch

    Columns = Mapping[str, NDArray[Any]]


_MARGIN = 1e-3
"""More than rounding can add to a score."""


class Judge:
    """A rule pack ready to judge."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.rules = CompiledRules(pack.rules)
        self.weights = dict(pack.judge)

    def analyze(self, batch: Batch, earlier: EarlierMatches | None = None) -> Analysis:
        """Analyze a batch for this pack; matches in lines of an `earlier` one are taken from there."""
        return Analysis(batch, self.rules.matcher, earlier)

    def judge(
        self,
        analysis: Analysis,
        markup: Columns | None = None,
        *,
        sizes: NDArray[np.int64] | None = None,
        explain: bool = False,
    ) -> list[Judgment]:
        """Judge all documents of a batch together; none changes the result of another.

        Args:
            analysis: the batch.
            markup: columns (lines,) by name from a reader that saw the markup; they count with the weights the pack
                gives them.
            sizes: (documents,) characters that are not white space of each document before anything was removed from
                it, for the flags on whole documents.
            explain: list the evidence of every verdict.
        """
        if not len(analysis.batch.starts):
            return [Judgment(flags=(flags.flag_no_article(len(text)),)) for text in analysis.batch.texts]
        scores = replace(self.score(analysis, markup, is_exact=explain), sizes=sizes)
        return verdicts.decide(scores, explain=explain)

    def score(self, analysis: Analysis, markup: Columns | None = None, *, is_exact: bool = True) -> ScoredLines:
        """Score all lines of a batch; not `is_exact`, what cannot change a judgment is left out."""
        layout, matches = analysis.layout, self.rules.find_in_zones(analysis)
        evidence = self.rules.weigh_lines(matches, len(analysis.batch.starts))
        names, values = columns.measure(layout, evidence.categories, markup)
        weights = np.array([self.weights.get(name, 0.0) for name in names], dtype=np.float64)
        scores = ScoredLines(
            layout=layout,
            rules=self.rules.rules,
            matches=matches,
            names=names,
            values=values,
            weights=weights,
            score=self._sum_columns(values, weights) + evidence.total,
            strongest=evidence.strongest,
            needs_rule=PLACE in self.pack.off,
        )
        columns.fill_shared_bigrams(layout, names, values, None if is_exact else self._may_change(scores))
        return replace(scores, score=self._sum_columns(values, weights) + evidence.total)

    def _sum_columns(self, values: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum up what each line and its place say, (lines,)."""
        # a sum over a batch depends in its last bits on what else the batch holds: rounded, it does not
        # einsum, as BLAS wakes a thread a core for each little product
        total = np.einsum("lc,c->l", values, weights)
        sums: NDArray[np.float64] = np.round(total + self.weights.get("bias", 0.0), 6)
        return sums if self.weights else np.zeros(len(values))

    def _may_change(self, scores: ScoredLines) -> NDArray[np.bool_]:
        """Mark lines (lines,) whose judgment may depend on shared bigrams, by scores without them.

        A share is at most 1: below the bar by more than it can add, a line stays.
        """
        weights = zip(scores.names, scores.weights.tolist(), strict=True)
        bigram_weight = sum(max(weight, 0) for name, weight in weights if name.endswith(SHARED_BIGRAMS))
        may_drop: NDArray[np.bool_] = scores.is_decided | (scores.score + bigram_weight >= DROP_SCORE - _MARGIN)
        return may_drop | flags.needs_scores(scores.layout, ~may_drop)[scores.batch.documents]
