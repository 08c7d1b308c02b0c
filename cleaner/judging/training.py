"""Measure labelled pages: what the judge's weights are fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.judging.judge import Judge
from cleaner.judging.scores import ScoredLines
from cleaner.text import lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.schema import RulePack

SCALE = 4.0
"""Log-odds that make 1.0 of a score."""

CLEAN_SHARE = 0.5
"""The weight of a page without its junk, against the page as it was."""

EXCERPT_LINES = (1, 2, 4, 7, 12)
"""Lines of the excerpts of content that teach the judge to let a few lines by themselves rest."""

EXCERPT_SHARE = 0.25
"""The weight of each excerpt, against the page as it was."""

FIXED_WEIGHTS = {"body/none": -0.3}
"""Weights that are set, not fitted: without a body a line needs better reasons to be dropped."""

EXTRA_WEIGHTS = {"near/between-posts": -0.7, "place/title": -0.35}
"""Weights added when all others are fitted: too few labelled lines are of the kind they are for to fit them."""

_LONGEST = 100
"""Characters from which on a line counts no more for its length."""


class LabelledPage(Struct, frozen=True):
    """A labelled page: one letter for every non-blank line of `text`.

    K keep, D drop, M either is fine, X keep but for some spans.
    """

    id: str
    text: str
    labels: str
    site: str = ""


class TrainingSet(Struct, frozen=True):
    """Columns of all lines of pages, and whether each line should be dropped.

    Attributes:
        scores: the lines as the rules' pack judges them.
        values: (lines, columns) float64.
        rule_score: (lines,) float64, the sum of what is not fitted: rules and fixed weights, in log-odds.
        junk: (lines,) float64, 1.0 for a line to drop.
        weight: (lines,) float64, how much the line counts, 0.0 for those where either is fine.
        is_content: (lines,) bool, lines to keep.
        page: (lines,) int64, the number of its page.
        is_derived: (lines,) bool, lines of pages without their junk and of excerpts, which come after those of all
            pages as they are.
    """

    scores: ScoredLines
    values: NDArray[np.float64]
    rule_score: NDArray[np.float64]
    junk: NDArray[np.float64]
    weight: NDArray[np.float64]
    is_content: NDArray[np.bool_]
    page: NDArray[np.int64]
    is_derived: NDArray[np.bool_]


def build_training_set(pages: Sequence[LabelledPage], pack: RulePack, *, excerpts: bool = True) -> TrainingSet:
    """Measure labelled pages with the rules of `pack`, then each page without its junk, then excerpts of those.

    The second teach the judge to let a clean page rest: the remainder stays when all junk is gone; the third, if
    `excerpts`, that a few lines by themselves are nobody's frame. ValueError where labels and lines differ in number.
    """
    for page in pages:
        count = len(_ink_lines(page.text))
        if count != len(page.labels):
            raise ValueError(f"{page.id}: {count} lines that are not blank but {len(page.labels)} labels")
    clean = [without_junk(page) for page in pages]
    turns = range(len(EXCERPT_LINES) if excerpts else 0)
    texts = [*pages, *clean, *(take_excerpt(page, turn) for turn in turns for page in clean)]
    judge = Judge(pack)
    scores = judge.score(judge.analyze(lines.join([page.text for page in texts])))
    label = np.array(list("".join(page.labels for page in texts)))
    is_derived = scores.batch.documents >= len(pages)
    shares = np.array([1.0, CLEAN_SHARE] + [EXCERPT_SHARE] * len(EXCERPT_LINES))
    share = shares[scores.batch.documents // len(pages)]
    weight = np.where((label == "M") | scores.is_decided, 0.0, _importance(scores) * share)
    weight *= np.count_nonzero(~is_derived) / max(float(weight[~is_derived].sum()), 1e-9)
    fixed_weights = np.array([FIXED_WEIGHTS.get(name, 0.0) for name in scores.names])
    rule_score = scores.values @ fixed_weights + judge.rules.weigh_lines(scores.matches, len(label)).total
    is_fitted = [name not in FIXED_WEIGHTS and name not in EXTRA_WEIGHTS for name in scores.names]
    return TrainingSet(
        scores=scores,
        values=scores.values.astype(np.float64) * np.array(is_fitted),
        rule_score=SCALE * rule_score,
        junk=(label == "D").astype(np.float64),
        weight=weight,
        is_content=np.isin(label, ("K", "X")),
        page=scores.batch.documents % len(pages),
        is_derived=is_derived,
    )


def without_junk(page: LabelledPage) -> LabelledPage:
    """Remove the lines labelled as junk from a page."""
    pairs = zip(_ink_lines(page.text), page.labels, strict=True)
    content = [(line, label) for line, label in pairs if label != "D"]
    text, labels = "\n".join(line for line, _ in content), "".join(label for _, label in content)
    return LabelledPage(page.id, text, labels, page.site)


def take_excerpt(page: LabelledPage, turn: int) -> LabelledPage:
    """Take some neighbouring lines of a page, from further down at each turn."""
    text_lines = page.text.split("\n")[: len(page.labels)]
    size = EXCERPT_LINES[turn]
    start = max(len(text_lines) - size, 0) * (turn + 1) // (len(EXCERPT_LINES) + 1)
    text, labels = "\n".join(text_lines[start : start + size]), page.labels[start : start + size]
    return LabelledPage(page.id, text, labels, page.site)


def _ink_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _importance(scores: ScoredLines) -> NDArray[np.float64]:
    """Weigh lines (lines,) by the root of their length, up to a cap, over that of their page's total: damped twice."""
    size = np.sqrt(np.clip(scores.layout.visible, 1, _LONGEST))
    total = scores.layout.segments.sum_all(size)
    return size / np.sqrt(total)
