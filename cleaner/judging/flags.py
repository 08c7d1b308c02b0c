"""Flag whole documents; flags change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.model import Flag, Span
from cleaner.packs.builtin import HEAVY_LOSS, LIST, NO_ARTICLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.scores import ScoredLines

LEAST, SCRAPS = 50, 300
"""Characters that must be left for a document to hold an article, of one that lost half, and of one that lost most."""

_OWN = 0.07
"""The share of a document that whole sentences must be to make a text of their own."""

_DOUBTED = 0.7
"""The mean score, by characters, from which what is left is hardly a text, half of it where a third is gone.

A line falls at 1.0; text wrapped at a width, of which nothing goes, often stands between the two.
"""

_MANY, _TITLES, _LONGEST = 8, 0.4, 80
"""Lines of a list at least, the share of them that are titles, and the characters of the longest title."""

_THREAD = 3
"""Lines of a forum's furniture that make a thread, whose short posts are doubted but are its text."""


def of(case: ScoredLines) -> Iterator[tuple[int, Flag]]:
    """Flags with the number of their document: those of rules, then those of documents without an article."""
    found = case.matches
    flagging = np.array([rule.action == "flag" for rule in case.rules] or [False])
    for at in np.flatnonzero(flagging[found.rule]).tolist():
        rule = case.rules[int(found.rule[at])]
        document = int(np.searchsorted(case.batch.offsets, found.start[at], side="right")) - 1
        offset = int(case.batch.offsets[document])
        yield document, Flag(rule.id, Span(int(found.start[at]) - offset, int(found.stop[at]) - offset), rule.why)
    without = _without_article(case)
    for document in np.flatnonzero(without).tolist():
        yield document, no_article(len(case.batch.texts[document]))
    for document in np.flatnonzero(without & _listing(case)).tolist():
        yield document, _list(len(case.batch.texts[document]))


def after(before: Sequence[Flag], now: Sequence[Flag]) -> tuple[Flag, ...]:
    """The flags of a document judged again: a list without an article stays a list when its links are gone."""
    was = any(flag.rule == LIST for flag in before) and all(flag.rule != LIST for flag in now)
    return (*now, *(_list(flag.span.stop) for flag in now if was and flag.rule == NO_ARTICLE))


def heavy_loss(length: int, before: int, left: int) -> Flag:
    """The flag on a document of now `length` characters, of whose `before` ones, blanks aside, so many are left."""
    return Flag(HEAVY_LOSS, Span(0, length), f"{1 - left / before:.0%} of {before:,} characters removed")


def no_article(length: int) -> Flag:
    """The flag on a document of `length` characters that holds no article."""
    return Flag(NO_ARTICLE, Span(0, length), "little is left that reads as a text of its own")


def _list(length: int) -> Flag:
    return Flag(LIST, Span(0, length), "its lines are titles or links to other texts")


def _listing(case: ScoredLines) -> NDArray[np.bool_]:
    """Documents (documents,) of several lines many of which are titles: no sentences, and not long."""
    layout, documents = case.layout, case.batch.documents
    title = ~layout.prose & (layout.features["ends"] == 0) & (layout.visible >= 3) & (layout.visible <= _LONGEST)
    count = np.bincount(documents, minlength=len(case.batch.texts))
    titles = np.bincount(documents, weights=title, minlength=len(case.batch.texts))
    return np.asarray((count >= _MANY) & (titles >= _TITLES * count))


def _without_article(case: ScoredLines) -> NDArray[np.bool_]:
    """Documents of which next to nothing is left, or lines that barely stayed, or teasers and titles for sentences.

    The limits are hand-set on labelled pages, and on manuals and short texts that are all content.
    """
    layout, looks, size = case.layout, case.layout.features, case.remaining
    before = np.maximum(size if case.sizes is None else case.sizes, 1)
    whole = case.sum_remaining(np.where(layout.prose & looks["ends"], layout.visible, 0))
    lines = case.sum_remaining(np.ones(len(case.is_dropped)))
    doubt = np.round(case.sum_remaining(layout.visible * case.score) / np.maximum(size, 1), 6)
    cut, stops = case.sum_remaining(looks["cut"] | looks["ends-cut"]), case.sum_remaining(looks["stop-any"])
    own = (whole >= 0.7 * size) & (size >= 25 * lines) & (size >= _OWN * before)  # not what is left of a frame
    scraps = ((size < LEAST) & (size < 0.5 * before)) | ((size < SCRAPS) & (size < 0.12 * before))
    teasers = (lines >= 5) & (size >= 500) & (whole < 0.25 * size) & (cut >= 0.35 * lines)
    titles = (lines >= 8) & (stops == 0) & (doubt >= 0.3)
    code = case.sum_remaining(layout.view.characters.count("symbol")) > 0.05 * size
    unsure = (doubt >= _DOUBTED) | ((doubt >= 0.5 * _DOUBTED) & (size < 0.7 * before))
    doubted = (size >= 2 * LEAST) & (whole < 0.4 * size) & unsure & ~code & (_posts(case) < _THREAD)
    return np.asarray((scraps & ~own) | doubted | teasers | titles)


def asks_scores(layout: Layout, stays: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Documents (documents,) whose flags depend on scores of lines, whichever stay beside those that do for sure."""
    count, documents = len(layout.batch.texts), layout.batch.documents
    length = np.bincount(documents, weights=layout.visible, minlength=count)
    sentences = np.where(layout.prose & layout.features["ends"] & stays, layout.visible, 0)
    whole = np.bincount(documents, weights=sentences, minlength=count)
    stops = np.bincount(documents, weights=layout.features["stop-any"] & stays, minlength=count)
    return np.asarray((whole < 0.4 * length) | (stops == 0))


def _posts(case: ScoredLines) -> NDArray[np.int64]:
    """Hits (documents,) of rules on a forum's furniture."""
    forum = np.array([rule.category == "forum" for rule in case.rules] or [False])
    rows = case.matches.line[(case.matches.line >= 0) & forum[case.matches.rule]]
    return np.bincount(case.batch.documents[rows], minlength=len(case.batch.texts))
