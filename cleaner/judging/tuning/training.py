"""Measure labelled pages: the lines that phrases and trees are fitted on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.features import markup
from cleaner.judging import columns
from cleaner.judging.judge import Judge
from cleaner.judging.model.gram_index import END, GAP, START
from cleaner.judging.model.phrases import EDGE
from cleaner.text import lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.features.markup import Hints
    from cleaner.rules.schema import RulePack

BATCH = 40
"""Pages that are measured together."""
SHORTEST, LONGEST = 30, 100
"""Characters up to which a line counts no less for its length, and from which it counts no more."""


class LabelledPage(Struct, frozen=True):
    """A labelled page: one letter for every non-blank line of `text`.

    K keep, D drop, M either is fine, X keep but for some spans. `weight`: how much it counts beside a page of its own.
    `origins`: for composed pages the page and line (number among its non-blank ones) that each line was taken from,
    ("", 0) for none. `hints`: what its HTML says of its lines. `is_invented`: whether no phrases are learned from it.
    """

    id: str
    text: str
    labels: str
    site: str = ""
    weight: float = 1.0
    origins: tuple[tuple[str, int], ...] = ()
    hints: Hints | None = None
    is_invented: bool = False


class TrainingSet(Struct, frozen=True):
    """All lines of pages, measured, and whether each should be dropped.

    Attributes:
        pages: where the lines are from.
        excerpts: the lines as n-grams are taken from them.
        values: columns (lines,) float32 by name, but for those of phrases.
        layouts: of each batch of pages, to measure the columns of phrases.
        is_junk: (lines,) bool.
        is_content: (lines,) bool.
        is_decided: (lines,) bool, whether a rule decides alone.
        visible: (lines,) int64, characters that are not white space.
        weight: (lines,) float64, how much each counts; 0 where either is fine.
        page: (lines,) int64, the number of its page.
        sites: (lines,) str.
    """

    pages: tuple[LabelledPage, ...]
    excerpts: tuple[str, ...]
    values: dict[str, NDArray[np.float32]]
    layouts: tuple[Layout, ...]
    is_junk: NDArray[np.bool_]
    is_content: NDArray[np.bool_]
    is_decided: NDArray[np.bool_]
    visible: NDArray[np.int64]
    weight: NDArray[np.float64]
    page: NDArray[np.int64]
    sites: NDArray[np.str_]

    def matrix(self, names: Sequence[str], phrases: NDArray[np.float64]) -> NDArray[np.float32]:
        """Put columns together, those of phrases by their scores (lines,); (lines, columns)."""
        bounds = np.cumsum([0, *(len(layout.prose) for layout in self.layouts)]).tolist()
        parts = [
            columns.measure_phrases(layout, phrases[start:stop])
            for layout, (start, stop) in zip(self.layouts, pairwise(bounds), strict=True)
        ]
        values = self.values | {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        blank = np.zeros(len(self.page), dtype=np.float32)
        return np.stack([np.asarray(values.get(name, blank), dtype=np.float32) for name in names], axis=1)


def build_training_set(pages: Sequence[LabelledPage], pack: RulePack) -> TrainingSet:
    """Measure labelled pages with the rules of a pack.

    Raises:
        ValueError: a page has another number of lines than labels.
    """
    for page in pages:
        check_labels(page)
    judge = Judge(pack)
    parts = [_measure(judge, pages[start : start + BATCH]) for start in range(0, len(pages), BATCH)]
    names = sorted(set().union(*(values for _, values, _, _ in parts)))
    sizes = [len(layout.prose) for layout, *_ in parts]
    label = np.array(list("".join(page.labels for page in pages)))
    counts = [len(page.labels) for page in pages]
    number = np.repeat(np.arange(len(pages)), counts)
    visible = np.concatenate([layout.visible for layout, *_ in parts])
    return TrainingSet(
        pages=tuple(pages),
        excerpts=tuple(excerpt for *_, excerpts in parts for excerpt in excerpts),
        values={
            name: np.concatenate(
                [
                    values.get(name, np.zeros(size, np.float32))
                    for size, (_, values, _, _) in zip(sizes, parts, strict=True)
                ]
            )
            for name in names
        },
        layouts=tuple(layout for layout, *_ in parts),
        is_junk=label == "D",
        is_content=np.isin(label, ("K", "X")),
        is_decided=np.concatenate([is_decided for _, _, is_decided, _ in parts]),
        visible=visible,
        weight=_weigh(visible, label != "M", number, np.array([page.weight for page in pages])),
        page=number,
        sites=np.repeat(np.array([page.site or page.id for page in pages]), counts),
    )


def _measure(
    judge: Judge, pages: Sequence[LabelledPage]
) -> tuple[Layout, dict[str, NDArray[np.float32]], NDArray[np.bool_], list[str]]:
    """Measure a batch of pages: its layout, columns, lines that a rule decides on, and excerpts of its lines."""
    analysis = judge.analyze(lines.join([page.text for page in pages]))
    batch = analysis.batch
    evidence = judge.rules.weigh_lines(judge.rules.find_in_zones(analysis), len(batch.starts))
    hints = markup.combine([page.hints for page in pages], np.diff(batch.first_lines).tolist())
    values = columns.measure(analysis.layout, evidence, np.zeros(len(batch.starts)), hints)
    numbers = {name: np.asarray(column, dtype=np.float32) for name, column in values.items()}
    text = analysis.view.folded_text
    excerpts = [excerpt(text[start:stop]) for start, stop in zip(batch.starts, batch.stops, strict=True)]
    return analysis.layout, numbers, evidence.strongest >= 1, excerpts


_DIGIT, _BLANK = re.compile("[0-9]"), re.compile("[\t\u3000]")


def excerpt(line: str) -> str:
    """Write a folded line as `phrases.excerpt` does, for libraries that take text."""
    text = _BLANK.sub(" ", _DIGIT.sub("0", line))
    if len(text) > 2 * EDGE:
        text = f"{text[:EDGE]}{chr(GAP)}{text[-EDGE:]}"
    return f"{chr(START)}{text}{chr(END)}"


def _weigh(
    visible: NDArray[np.int64], counts: NDArray[np.bool_], page: NDArray[np.int64], page_weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weigh lines by the root of their length, up to a cap, and pages by the root of the root of their sum."""
    size = np.where(counts, np.sqrt(np.clip(visible, SHORTEST, LONGEST)), 0.0)
    total = np.bincount(page, weights=size, minlength=len(page_weight))
    weight = size / np.maximum(total, 1e-9)[page] ** 0.75 * page_weight[page]
    return np.asarray(weight * len(weight) / max(float(weight.sum()), 1e-9))


def check_labels(page: LabelledPage) -> None:
    """Raise ValueError where a page has another number of lines than labels."""
    count = len(ink_lines(page.text))
    if count != len(page.labels):
        raise ValueError(f"{page.id}: {count} lines that are not blank but {len(page.labels)} labels")


def without_junk(page: LabelledPage) -> LabelledPage:
    """Remove the lines labelled as junk from a page; ValueError where its labels do not fit."""
    check_labels(page)
    pairs = [(line, label) for line, label in zip(ink_lines(page.text), page.labels, strict=True) if label != "D"]
    text, labels = "\n".join(line for line, _ in pairs), "".join(label for _, label in pairs)
    return LabelledPage(page.id, text, labels, page.site)


def ink_lines(text: str) -> list[str]:
    """List the lines of a text that are not blank."""
    return [line for line in text.split("\n") if line.strip()]
