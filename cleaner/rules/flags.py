"""What is said of whole documents. Flags change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.model import Flag, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.case import Case

NO_ARTICLE = "core/judge/no-article"
"""The document holds no text of its own: menus, link lists, forms, teasers of other pages."""

LEAST = 60
"""Characters that must be left for a document to hold an article."""

_LIST_LINES, _LIST_LENGTH = 5, 300


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
    """Documents of which next to nothing is left, or teasers and titles rather than sentences."""
    block, layout = case.block, case.layout
    kept = ~case.falls

    def total(values: NDArray[np.bool_] | NDArray[np.int64]) -> NDArray[np.float64]:
        return np.bincount(block.documents, weights=np.where(kept, values, 0), minlength=len(block.texts))

    size, lines = total(layout.lengths), total(kept)
    whole = total(np.where(layout.prose & layout.looks["ends"], layout.lengths, 0))
    cut = total(layout.looks["cut"] | layout.looks["ends-cut"])
    teasers = (lines >= _LIST_LINES) & (size >= _LIST_LENGTH) & (whole < 0.3 * size) & (cut >= 0.3 * lines)
    return (size < LEAST) | teasers
