"""Flag whole documents and measure the doubt about them; neither changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.judging.doubt import measure_doubt
from cleaner.model import Flag, Span
from cleaner.packs.builtin import HEAVY_LOSS, LIST, NO_ARTICLE, RESTLESS, SUSPECT, UNSURE
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.judging.scores import ScoredLines

    Mask = NDArray[np.bool_]

# The limits are hand-set on labelled pages, and on manuals and short texts that are all content.

LEAST, SCRAPS = 50, 300
"""Characters that must remain for an article in a document that lost half, and in one that lost most."""
HALF_REMAINS, LITTLE_REMAINS = 0.5, 0.12
"""The shares of a document that remain where it lost half, and where it lost most."""

SENTENCE_SHARE, SENTENCE_LENGTH, TEXT_SHARE = 0.7, 25, 0.07
"""The share of whole sentences in a text of its own, characters of its lines in the mean, its share of the document."""

FEW_SENTENCES = 0.4
"""The share of whole sentences below which a document may be something else than a text."""

HIGH_SCORE = 0.7
"""The mean score, by characters, from which the remainder is hardly a text, half of it where a third is gone.

A line is dropped at 1.0; text wrapped at a width, of which nothing goes, often stands between the two.
"""
CODE, TWO_THIRDS_REMAIN = 0.05, 0.7
"""The share of symbols in code; the share of a document that remains where a third is gone."""

TEASER_LINES, TEASER_SIZE, TEASER_SENTENCES, TEASER_CUTS = 5, 500, 0.25, 0.35
"""Lines and characters of a page of teasers at least, its share of whole sentences at most, of cut lines at least."""

TITLE_LINES, TITLE_SCORE = 6, 0.3
"""Lines without a full stop that are titles, and their mean score, at least."""

LIST_LINES, LIST_TITLES, TITLE_LENGTH = 8, 0.4, (3, 80)
"""Lines of a list at least, the share of them that are titles, and the characters of a title."""

THREAD = 3
"""Lines of a forum's furniture that make a thread, whose short posts are doubted but are its text."""


SUSPICIOUS = 0.3
"""Log-odds from which a line is suspected on a page that loses nothing: a chance of 57 in 100."""

UNSURE_DOUBT = 0.15
"""The doubt from which a document is flagged: of labelled pages of sites a model was not fitted on, 14 in 100.

Their mean F1 is 73, that of the others 97.
"""


def measure_final_doubt(scores: ScoredLines) -> NDArray[np.float64]:
    """Measure the doubt about each document, (documents,) in 0..1, to three digits; none where only rules act."""
    if scores.log_odds is None or scores.bars is None:
        return np.zeros(len(scores.batch.texts))
    doubt = measure_doubt(scores.batch, scores.layout.visible, scores.log_odds, scores.is_decided, scores.is_dropped)
    return np.where(scores.sum_all(np.isfinite(scores.bars)) > 0, np.round(doubt, 3), 0.0)


class ArticleMarks(NamedTuple):
    """Documents (documents,) that hold no article, and those of them that are lists."""

    has_none: Mask
    is_list: Mask


def mark_articles(scores: ScoredLines) -> ArticleMarks:
    """Mark the documents of a batch that hold no article."""
    has_none = _has_no_article(scores)
    return ArticleMarks(has_none, has_none & _is_list(scores))


def flag_documents(scores: ScoredLines, marks: ArticleMarks) -> Iterator[tuple[int, Flag]]:
    """Yield flags with the number of their document: those of rules, then those of documents without an article."""
    matches, offsets = scores.matches, scores.batch.offsets
    is_flag = np.array([rule.action == "flag" for rule in scores.rules] or [False])
    for index in is_flag[matches.rule].nonzero()[0].tolist():
        rule, start, stop = scores.rules[int(matches.rule[index])], int(matches.start[index]), int(matches.stop[index])
        document = int(np.searchsorted(offsets, start, side="right")) - 1
        offset = int(offsets[document])
        yield document, Flag(rule.id, Span(start - offset, stop - offset), rule.why)
    yield from _flag_suspects(scores)
    lengths = [len(text) for text in scores.batch.texts]
    for document in marks.has_none.nonzero()[0].tolist():
        yield document, flag_no_article(lengths[document])
    for document in marks.is_list.nonzero()[0].tolist():
        yield document, _flag_list(lengths[document])


def _flag_suspects(scores: ScoredLines) -> Iterator[tuple[int, Flag]]:
    """Yield a flag on the likeliest furniture of each document that loses nothing, as no sign on it is sure."""
    if scores.log_odds is None or scores.bars is None:
        return
    has_loss = scores.sum_all(scores.is_dropped) > 0
    if scores.sizes is not None:
        has_loss |= scores.sizes > scores.sum_all(scores.layout.visible)
    owners = scores.batch.documents
    rows = ((scores.log_odds >= SUSPICIOUS) & ~scores.evidence.is_kept & ~has_loss[owners]).nonzero()[0]
    if not len(rows):
        return
    rows = rows[scores.layout.is_taught[owners[rows]]]
    rows = rows[np.lexsort((rows, -scores.log_odds[rows], owners[rows]))]
    for row in rows[run_starts(owners[rows])].tolist():
        document = int(owners[row])
        offset = int(scores.batch.offsets[document])
        span = Span(int(scores.batch.starts[row]) - offset, int(scores.batch.stops[row]) - offset)
        yield document, Flag(SUSPECT, span)


def carry_list_flag(before: Sequence[Flag], after: Sequence[Flag]) -> tuple[Flag, ...]:
    """Add the flag on a list to a document judged again: it stays a list when its links are gone."""
    was_list = any(flag.rule == LIST for flag in before) and all(flag.rule != LIST for flag in after)
    return (*after, *(_flag_list(flag.span.stop) for flag in after if was_list and flag.rule == NO_ARTICLE))


def flag_heavy_loss(length: int, before: int, remaining: int) -> Flag:
    """Flag a document of now `length` characters; `before` and `remaining` count those that are not white space."""
    return Flag(HEAVY_LOSS, Span(0, length), f"{1 - remaining / before:.0%} of {before:,} characters removed")


def flag_restless(length: int, rounds: int) -> Flag:
    """Flag a document of `length` characters of which every round would remove more."""
    return Flag(RESTLESS, Span(0, length), f"still changing after {rounds} rounds: all its lines stay")


def flag_no_article(length: int) -> Flag:
    """Flag a document of `length` characters that holds no article."""
    return Flag(NO_ARTICLE, Span(0, length), "little is left that reads as a text of its own")


def flag_unsure(length: int, doubt: float) -> Flag:
    """Flag a document of `length` characters about which there is doubt."""
    return Flag(UNSURE, Span(0, length), f"doubt {doubt:.2f}: many characters lie where content and junk look alike")


def _flag_list(length: int) -> Flag:
    return Flag(LIST, Span(0, length), "its lines are titles or links to other texts")


def _is_list(scores: ScoredLines) -> Mask:
    """Mark documents (documents,) of several lines many of which are titles: no sentences, and not long."""
    layout, documents, count = scores.layout, scores.batch.documents, len(scores.batch.texts)
    shortest, longest = TITLE_LENGTH
    is_title = ~layout.prose & (layout.features["ends"] == 0)
    is_title &= (layout.visible >= shortest) & (layout.visible <= longest)
    lines = np.bincount(documents, minlength=count)
    titles = np.bincount(documents, weights=is_title, minlength=count)
    return np.asarray((lines >= LIST_LINES) & (titles >= LIST_TITLES * lines))


def _has_no_article(scores: ScoredLines) -> Mask:
    """Mark documents (documents,) that keep scraps, lines that barely stayed, or teasers and titles for sentences."""
    layout, features, size = scores.layout, scores.layout.features, scores.remaining
    before = np.maximum(scores.sum_all(layout.visible) if scores.sizes is None else scores.sizes, 1)
    sentences = scores.sum_remaining(np.where(layout.prose & features["ends"], layout.visible, 0))
    lines = scores.sum_remaining(np.ones(len(scores.is_dropped)))
    mean_score = np.round(scores.sum_remaining(layout.visible * scores.score) / np.maximum(size, 1), 6)
    cuts = scores.sum_remaining(features["cut"] | features["ends-cut"])
    stops = scores.sum_remaining(features["stop-any"])
    symbols = scores.sum_remaining(layout.view.characters.count("symbol"))
    is_text = (sentences >= SENTENCE_SHARE * size) & (size >= SENTENCE_LENGTH * lines) & (size >= TEXT_SHARE * before)
    has_scraps = ((size < LEAST) & (size <= HALF_REMAINS * before)) | (
        (size < SCRAPS) & (size < LITTLE_REMAINS * before)
    )
    has_teasers = (lines >= TEASER_LINES) & (size >= TEASER_SIZE)
    has_teasers &= (sentences < TEASER_SENTENCES * size) & (cuts >= TEASER_CUTS * lines)
    has_titles = (lines >= TITLE_LINES) & (stops == 0) & (mean_score >= TITLE_SCORE)
    is_unsure = (mean_score >= HIGH_SCORE) | ((mean_score >= HIGH_SCORE / 2) & (size < TWO_THIRDS_REMAIN * before))
    is_unsure &= (size >= 2 * LEAST) & (sentences < FEW_SENTENCES * size)
    is_unsure &= (symbols <= CODE * size) & (_count_posts(scores) < THREAD)
    return np.asarray((has_scraps & ~is_text) | is_unsure | has_teasers | has_titles)


def _count_posts(scores: ScoredLines) -> NDArray[np.int64]:
    """Count the matches (documents,) of rules on a forum's furniture."""
    is_forum = np.array([rule.category == "forum" for rule in scores.rules] or [False])
    lines = scores.matches.line[(scores.matches.line >= 0) & is_forum[scores.matches.rule]]
    return np.bincount(scores.batch.documents[lines], minlength=len(scores.batch.texts))
