"""What is said of whole documents. Flags change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.model import Flag, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.case import Case

NO_ARTICLE = "core/judge/no-article"
"""The document holds no text of its own: menus, link lists, forms, teasers of other pages."""

LEAST = 50
"""Characters that must be left for a document to hold an article."""

_DOUBTED = 0.5
"""The mean score, by characters, from which what is left is hardly a text: half of what makes a line fall."""


def of(case: Case) -> Iterator[tuple[int, Flag]]:
    """Flags with the number of their document: those of rules, then those of documents without an article."""
    found = case.found
    flagging = np.array([rule.action == "flag" for rule in case.rules] or [False])
    for at in np.flatnonzero(flagging[found.rule]).tolist():
        rule = case.rules[int(found.rule[at])]
        document = int(np.searchsorted(case.block.offsets, found.start[at], side="right")) - 1
        offset = int(case.block.offsets[document])
        yield document, Flag(rule.id, Span(int(found.start[at]) - offset, int(found.stop[at]) - offset), rule.why)
    for document in np.flatnonzero(_without_article(case)).tolist():
        yield document, no_article(len(case.block.texts[document]))


def no_article(length: int) -> Flag:
    """The flag on a document of `length` characters that holds no article."""
    return Flag(NO_ARTICLE, Span(0, length), "little is left that reads as a text of its own")


def _without_article(case: Case) -> NDArray[np.bool_]:
    """Documents of which next to nothing is left, or lines that barely stayed, or teasers and titles for sentences.

    The limits are hand-set on labelled pages.
    """
    block, layout = case.block, case.layout
    kept = ~case.falls

    def total(values: NDArray[Any]) -> NDArray[np.float64]:
        weights = np.where(kept, values, 0.0)
        return np.bincount(block.documents, weights=weights, minlength=len(block.texts)).astype(np.float64)

    size, lines, looks = total(layout.lengths), total(kept), layout.looks
    doubt = np.round(total(layout.lengths * case.score) / np.maximum(size, 1), 6)
    whole = total(np.where(layout.prose & looks["ends"], layout.lengths, 0))
    cut, stops = total(looks["cut"] | looks["ends-cut"]), total(looks["stop-any"])
    teasers = (lines >= 5) & (size >= 500) & (whole < 0.3 * size) & (cut >= 0.3 * lines)
    titles = (lines >= 8) & (stops == 0) & (doubt >= 0.3)
    code = total(layout.counted.of("symbol")) > 0.05 * size
    doubted = (size >= 1.5 * LEAST) & (doubt >= _DOUBTED) & ~code
    return np.asarray((size < LEAST) | doubted | teasers | titles)
