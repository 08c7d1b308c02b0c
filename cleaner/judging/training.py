"""Refit the judge's weights on labelled pages: ridge-penalised logistic regression, tried on sites left out.

The weights of the linear sum are those of a logistic regression (iteratively reweighted least squares, Newton's method
on the penalised likelihood), divided by SCALE and shifted so that a line falls at 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cleaner.judging.judge import Judge
from cleaner.judging.scores import ScoredLines
from cleaner.packs import loader
from cleaner.rules.schema import DROP_SCORE
from cleaner.text import lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.schema import RulePack

SCALE = 4.0
"""Log-odds that make 1.0 of a score."""

THRESHOLD = 0.45
"""Log-odds at which a line falls: above 0, because lost content costs more than junk that stays."""

RIDGE = 10.0

RESTED = 0.5
"""How much a page without its junk counts, against the page as it was."""

EXCERPTS = (1, 2, 4, 7, 12)
"""Lines of the excerpts of content that teach the judge to let a few lines by themselves rest."""

EXCERPT = 0.25
"""How much each of them counts, against the page as it was."""

FIXED = {"body/none": -0.3}
"""Weights that are set, not fitted: without a body a line needs better reasons to fall."""

AFTERWARDS = {"near/between-posts": -0.7, "place/title": -0.35}
"""Weights added when all others are fitted: too few labelled lines are of the kind they are for to fit them."""

_CAP = 100


class Page(Struct, frozen=True):
    """A labelled page: one letter for every non-blank line of `text`.

    K keep, D drop, M either is fine, X keep but for some spans.
    """

    id: str
    text: str
    labels: str
    site: str = ""


class Lesson(Struct, frozen=True):
    """What there is to learn from pages: columns of all their lines, and what should become of them.

    `values` (lines, columns) float64. `said` (lines,) float64: what the rules say already, in log-odds. `junk` (lines,)
    float64: 1.0 for a line to drop. `weight` (lines,) float64: how much the line counts, 0.0 for those where either is
    fine. `content` (lines,) bool: lines to keep. `page` (lines,) int64: which page it is of. `copy` (lines,) bool:
    lines of pages without their junk and of excerpts, which come after those of all pages as they are.
    """

    case: ScoredLines
    values: NDArray[np.float64]
    said: NDArray[np.float64]
    junk: NDArray[np.float64]
    weight: NDArray[np.float64]
    content: NDArray[np.bool_]
    page: NDArray[np.int64]
    copy: NDArray[np.bool_]


def lesson(pages: Sequence[Page], pack: RulePack, *, excerpts: bool = True) -> Lesson:
    """Measure labelled pages with the rules of `pack`, then each page without its junk, then excerpts of those.

    The second teach the judge to let a clean page rest: what is left when all junk is gone stays; the third, if
    `excerpts`, that a few lines by themselves are nobody's frame. ValueError where labels and lines differ in number.
    """
    for page in pages:
        count = sum(1 for line in page.text.split("\n") if line.strip())
        if count != len(page.labels):
            raise ValueError(f"{page.id}: {count} lines that are not blank but {len(page.labels)} labels")
    clean = [rested(page) for page in pages]
    turns = range(len(EXCERPTS) if excerpts else 0)
    every = [*pages, *clean, *(excerpt(page, turn) for turn in turns for page in clean)]
    judge = Judge(pack)
    case = judge.score(judge.analyze(lines.join([page.text for page in every])))
    label = np.array(list("".join(page.labels for page in every)))
    copy = case.batch.documents >= len(pages)
    share = np.array([1.0, RESTED] + [EXCERPT] * len(EXCERPTS))[case.batch.documents // len(pages)]
    weight = np.where((label == "M") | case.is_decided, 0.0, _importance(case) * share)
    weight *= np.count_nonzero(~copy) / max(float(weight[~copy].sum()), 1e-9)
    fixed = np.array([FIXED.get(name, 0.0) for name in case.names])
    said = case.values @ fixed + judge.rules.weigh_lines(case.matches, len(label)).total
    junk = (label == "D").astype(np.float64)
    fitted = [name not in FIXED and name not in AFTERWARDS for name in case.names]
    values = case.values.astype(np.float64) * np.array(fitted)
    content = np.isin(label, ("K", "X"))
    return Lesson(case, values, SCALE * said, junk, weight, content, case.batch.documents % len(pages), copy)


def rested(page: Page) -> Page:
    """A page without the lines labelled as junk."""
    inked = [line for line in page.text.split("\n") if line.strip()]
    kept = [(line, label) for line, label in zip(inked, page.labels, strict=True) if label != "D"]
    return Page(page.id, "\n".join(line for line, _ in kept), "".join(label for _, label in kept), page.site)


def excerpt(page: Page, turn: int) -> Page:
    """Some neighbouring lines of a page, from further down at each turn."""
    inked = page.text.split("\n")[: len(page.labels)]
    size = EXCERPTS[turn]
    start = max(len(inked) - size, 0) * (turn + 1) // (len(EXCERPTS) + 1)
    return Page(page.id, "\n".join(inked[start : start + size]), page.labels[start : start + size], page.site)


def _importance(case: ScoredLines) -> NDArray[np.float64]:
    """The square root of a line's length, up to a cap, over that of its page's total: damped twice."""
    size = np.sqrt(np.clip(case.layout.visible, 1, _CAP))
    total = case.layout.segments.sum_all(size)
    return size / np.sqrt(total)


def fit(
    values: NDArray[np.float64],
    junk: NDArray[np.float64],
    weight: NDArray[np.float64],
    said: NDArray[np.float64],
    ridge: float = RIDGE,
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Coefficients (columns + 1,) in log-odds, the last one the intercept, which is not penalised.

    `said` (lines,) is added to the sum as it is.
    """
    design = np.hstack((values, np.ones((len(values), 1))))
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = 1e-3
    beta = np.zeros(design.shape[1]) if start is None else start.copy()
    for _ in range(30):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ beta + said, -30, 30)))
        slope = design.T @ (weight * (chance - junk)) + penalty * beta
        bend = (design.T * (weight * chance * (1 - chance) + 1e-9)) @ design + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        beta -= step
        if np.abs(step).max() < 1e-4:
            break
    return beta


def everything(taught: Lesson) -> NDArray[np.float64]:
    """Coefficients fitted on all pages, to start other fits from."""
    counts = taught.weight > 0
    return fit(taught.values[counts], taught.junk[counts], taught.weight[counts], taught.said[counts])


def left_out(taught: Lesson, groups: Sequence[str]) -> Iterator[tuple[str, dict[str, float]]]:
    """For each group of pages the weights fitted without it; `groups` names the group of each page."""
    start = everything(taught)
    for name in sorted(set(groups)):
        yield name, weights(taught, [other != name for other in groups], start=start)


def weights(
    taught: Lesson,
    pages: Sequence[bool] | None = None,
    *,
    start: NDArray[np.float64] | None = None,
    threshold: float = THRESHOLD,
) -> dict[str, float]:
    """Weights for a pack's `[judge]` table, fitted on all pages or those marked in `pages`; zeros are left out.

    `start`: coefficients near the solution, from `fit`; with them it is found sooner.
    """
    counts = taught.weight > 0
    if pages is not None:
        counts &= np.asarray(pages, dtype=np.bool_)[taught.page]
    beta = fit(taught.values[counts], taught.junk[counts], taught.weight[counts], taught.said[counts], start=start)
    named = {name: round(float(b) / SCALE, 4) for name, b in zip(taught.case.names, beta, strict=False)}
    bias = round(DROP_SCORE + (float(beta[-1]) - threshold) / SCALE, 4)
    return {"bias": bias} | {name: weight for name, weight in named.items() if weight} | FIXED | AFTERWARDS


def with_weights(pack: RulePack, judge: Mapping[str, float]) -> RulePack:
    """`pack` with other weights of the judge."""
    return loader.rehash(replace(pack, judge=dict(judge)))


class Trial(Struct, frozen=True):
    """How weights do on pages they were not fitted on, in characters.

    `content` and how much of it was `lost`, `junk` and how much of it was `left`. What may stay or fall counts nowhere;
    spans inside lines count as content.
    """

    group: str
    content: int
    lost: int
    junk: int
    left: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over characters, 0..1; 1.0 where there is nothing to get wrong."""
        kept = self.content - self.lost
        return 2 * kept / max(2 * kept + self.lost + self.left, 1) if self.content else float(self.left == 0)


def trials(taught: Lesson, groups: Sequence[str]) -> Iterator[Trial]:
    """One trial for each group of pages, judged once by weights fitted without it."""
    group = np.asarray(groups)[taught.page]
    first = np.arange(len(group)) < len(group) - np.count_nonzero(taught.copy)
    lengths = taught.case.layout.visible
    late = taught.case.values @ np.array([AFTERWARDS.get(column, 0.0) for column in taught.case.names])
    for name, judge in left_out(taught, groups):
        beta = np.array([judge.get(column, 0.0) for column in taught.case.names])
        score = taught.values @ beta + late + judge["bias"] + taught.said / SCALE
        falls = taught.case.is_decided | (np.round(score, 6) >= DROP_SCORE)
        own = first & (group == name)
        content, junk = own & taught.content, own & (taught.junk > 0)

        def count(which: NDArray[np.bool_]) -> int:
            return int(lengths[which].sum())

        yield Trial(name, count(content), count(content & falls), count(junk), count(junk & ~falls))


def written(text: str, judge: Mapping[str, float]) -> str:
    """The TOML of a pack with its `[judge]` table, the last in the file, replaced."""
    head = text.split("[judge]")[0].rstrip()
    return f"{head}\n\n[judge]\n" + "".join(f'"{name}" = {weight}\n' for name, weight in judge.items())
