"""Refit the judge's weights: ridge-penalised logistic regression, tried on sites left out.

The weights of the linear sum are those of a logistic regression (iteratively reweighted least squares, Newton's method
on the penalised likelihood), divided by SCALE and shifted so that a line is dropped at 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cleaner.judging.training import EXTRA_WEIGHTS, FIXED_WEIGHTS, SCALE, TrainingSet
from cleaner.packs import loader
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.schema import RulePack

THRESHOLD = 0.45
"""Log-odds at which a line is dropped: above 0, because lost content costs more than junk that stays."""

RIDGE = 10.0
"""The penalty on the square of each weight."""

_INTERCEPT_RIDGE = 1e-3
_STEPS, _SMALLEST_STEP = 30, 1e-4
"""Newton's method ends after so many steps, or after one that moves no coefficient by more."""
_HIGHEST_LOGIT = 30
"""Log-odds beyond which a chance is 0 or 1 in floats."""


class Examples(NamedTuple):
    """Lines to fit on.

    Attributes:
        values: (lines, columns) float64.
        junk: (lines,) float64, 1.0 for a line to drop.
        weight: (lines,) float64, how much each line counts.
        offset: (lines,) float64, log-odds that are added to the sum as they are.
    """

    values: NDArray[np.float64]
    junk: NDArray[np.float64]
    weight: NDArray[np.float64]
    offset: NDArray[np.float64]


def select_examples(training_set: TrainingSet, rows: NDArray[np.bool_]) -> Examples:
    """Select the lines of a training set that `rows` (lines,) marks."""
    return Examples(
        training_set.values[rows], training_set.junk[rows], training_set.weight[rows], training_set.rule_score[rows]
    )


def fit(examples: Examples, ridge: float = RIDGE, start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Fit coefficients in log-odds.

    Args:
        examples: the lines.
        ridge: the penalty; the intercept has none to speak of.
        start: (columns + 1,) coefficients near the solution; with them it is found sooner.

    Returns:
        (columns + 1,) float64, the last one the intercept.
    """
    values, junk, weight, offset = examples
    design = np.hstack((values, np.ones((len(values), 1))))
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = _INTERCEPT_RIDGE
    beta = np.zeros(design.shape[1]) if start is None else start.copy()
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ beta + offset, -_HIGHEST_LOGIT, _HIGHEST_LOGIT)))
        gradient = design.T @ (weight * (chance - junk)) + penalty * beta
        hessian = (design.T * (weight * chance * (1 - chance) + 1e-9)) @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < _SMALLEST_STEP:
            break
    return beta


def fit_without_groups(training_set: TrainingSet, groups: Sequence[str]) -> Iterator[tuple[str, dict[str, float]]]:
    """Fit weights without each group of pages; `groups` names the group of each page."""
    start = fit(select_examples(training_set, training_set.weight > 0))
    for name in sorted(set(groups)):
        yield name, fit_weights(training_set, [other != name for other in groups], start=start)


def fit_weights(
    training_set: TrainingSet,
    pages: Sequence[bool] | None = None,
    *,
    start: NDArray[np.float64] | None = None,
    threshold: float = THRESHOLD,
) -> dict[str, float]:
    """Fit the weights for a pack's `[judge]` table, on all pages or those marked in `pages`; zeros are omitted.

    `start`: coefficients near the solution, from `fit`.
    """
    rows = training_set.weight > 0
    if pages is not None:
        rows &= np.asarray(pages, dtype=np.bool_)[training_set.page]
    beta = fit(select_examples(training_set, rows), start=start)
    pairs = zip(training_set.scores.names, beta, strict=False)
    weights = {name: round(float(coefficient) / SCALE, 4) for name, coefficient in pairs}
    bias = round(DROP_SCORE + (float(beta[-1]) - threshold) / SCALE, 4)
    return {"bias": bias} | {name: weight for name, weight in weights.items() if weight} | FIXED_WEIGHTS | EXTRA_WEIGHTS


def replace_weights(pack: RulePack, judge: Mapping[str, float]) -> RulePack:
    """Replace the weights of the judge in a pack."""
    return loader.rehash(replace(pack, judge=dict(judge)))


class Trial(Struct, frozen=True):
    """The errors of weights on pages they were not fitted on, in characters.

    Lines that may stay or go count nowhere; spans inside lines count as content.

    Attributes:
        content: characters to keep.
        lost_content: those of them that were dropped.
        junk: characters to drop.
        remaining_junk: those of them that stayed.
    """

    group: str
    content: int
    lost_content: int
    junk: int
    remaining_junk: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over characters, 0..1; 1.0 where there is nothing to get wrong."""
        if not self.content:
            return float(self.remaining_junk == 0)
        correct = self.content - self.lost_content
        return 2 * correct / max(2 * correct + self.lost_content + self.remaining_junk, 1)


def run_trials(training_set: TrainingSet, groups: Sequence[str]) -> Iterator[Trial]:
    """Judge each group of pages once, by weights fitted without it."""
    scores, lengths = training_set.scores, training_set.scores.layout.visible
    page_group = np.asarray(groups)[training_set.page]
    is_original = np.arange(len(page_group)) < len(page_group) - np.count_nonzero(training_set.is_derived)
    extra = scores.values @ np.array([EXTRA_WEIGHTS.get(column, 0.0) for column in scores.names])
    for group, judge in fit_without_groups(training_set, groups):
        beta = np.array([judge.get(column, 0.0) for column in scores.names])
        total = training_set.values @ beta + extra + judge["bias"] + training_set.rule_score / SCALE
        is_dropped = scores.is_decided | (np.round(total, 6) >= DROP_SCORE)
        in_group = is_original & (page_group == group)
        content, junk = in_group & training_set.is_content, in_group & (training_set.junk > 0)
        masks = (content, content & is_dropped, junk, junk & ~is_dropped)
        yield Trial(group, *(int(lengths[mask].sum()) for mask in masks))


def write_weights(text: str, judge: Mapping[str, float]) -> str:
    """Replace the `[judge]` table, the last one, in the TOML of a pack."""
    head = text.split("[judge]")[0].rstrip()
    return f"{head}\n\n[judge]\n" + "".join(f'"{name}" = {weight}\n' for name, weight in judge.items())
