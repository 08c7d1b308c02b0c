"""Text that stands twice on a page: titles, paragraphs, outlines, buttons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, whole_lines
from cleaner.features.classes import CodeSet
from cleaner.lazy_patterns import lazy_pattern
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Rows = NDArray[np.int64]

TITLE_LONGEST, TITLE_HAN, TITLE_COPIES = 80, 3, 4
"""Characters of a title, at most; the part of Han, one in so many; how often it stands on a page, at most."""
TITLE_NEAR = 3
"""Lines between two copies that stand near each other."""
HEAD = 3
"""Lines at the top of a page that may be its title."""
REFRAINS = 3
"""Copies of titles that make an outline or a refrain."""
SITE_LONGEST, SITE_REACH = 120, 200
"""Characters of a title with the site's name, and lines below it in which the title alone is looked for."""
OUTLINE_COPIED = 8
"""Of ten lines of an outline so many stand apart in the text."""
OUTLINE_DISORDER = 2
"""Lines of an outline that may stand in another order in the text."""
BUTTON_LONGEST, BUTTON_MOST = 12, 5000
"""Characters of a button; lines that stand as often as this are the rows of a file."""

_PAIR = 2
_LABEL = lazy_pattern(r"[图表](?:\d|[一二三四五六七八九十])|第.{1,4}[条节章回]|[\u4e00-\u9fff]{2,4}:")
_FOUR_HAN = lazy_pattern(r"(?:[^\u4e00-\u9fff]{0,12}[\u4e00-\u9fff]){4}")
_SENTENCE_MARKS = CodeSet("。;,")
_BARS = frozenset("|_")
_BEFORE_SITE = lazy_pattern(r" *[_|]+ *| +[-–—] *|[-–—]+ *(?=[^-–—]*$)")


@detector(decisive=True)
def repeated_title(view: LineView, *, least: int = 8) -> Detections:
    """Find all copies but one of a title: printed twice, again below the text, or once more with the site's name.

    Of copies above the text the last stays if they stand far apart, else the first: a page title stands above the
    menus, the heading below them. Left alone: documents without prose (verse whose first line is its title, lists,
    code), numbered headings and captions, lines behind a label (解锁条件：…).

    Args:
        view: the lines.
        least: characters of a title.
    """
    batch, prose_before = view.batch, view.prose_before
    later = ((view.previous_copy >= 0) & (view.lengths >= least) & (view.lengths <= TITLE_LONGEST)).nonzero()[0]
    later = later[(view.han[later] * TITLE_HAN >= view.lengths[later]) & (view.copies[later] <= TITLE_COPIES)]
    later = later[~_SENTENCE_MARKS.contains(view.last_codes[later])]
    earlier, document = view.previous_copy[later], batch.documents[later]
    prose = view.prose_total[later]
    is_near = later - earlier <= TITLE_NEAR
    printed_twice = is_near & (prose_before[later] == 0) & (view.copies[later] == _PAIR)
    printed_twice &= (prose > 1) | ((view.segments.position[earlier] < HEAD) & (prose > 0))
    above_text = ~is_near & (prose_before[later] == 0) & (prose > 1)
    below_text = (prose_before[earlier] == 0) & (prose_before[later] > 0)
    copies = np.bincount(document[above_text | below_text], minlength=len(batch.texts))
    is_rare = copies[document] < REFRAINS
    copied = (
        later[printed_twice | (below_text & is_rare)],
        earlier[above_text & is_rare],
        _with_site_name(view, least),
    )
    rows = distinct(np.concatenate(copied)).tolist()
    return whole_lines(batch, [row for row in rows if not _LABEL.match(view.text(row))])


def _with_site_name(view: LineView, least: int) -> Rows:
    """List head lines that are a later line of the document with the name of a site behind it."""
    is_head = (view.segments.position < HEAD) & (view.lengths > least) & (view.lengths <= SITE_LONGEST)
    is_head &= view.separators > 0
    if not is_head.any():
        return np.zeros(0, dtype=np.int64)
    # a title holds no bar: no line with one near its beginning has a title in front of the site's name
    positions, rows = view.characters.find_marks("_|")
    is_head[rows[positions < view.batch.starts[rows] + least]] = False
    head_rows = []
    for row in is_head.nonzero()[0].tolist():
        text = view.text(row)
        titles = {text[: mark.start()] for mark in _BEFORE_SITE.finditer(text, least)}
        if any(
            _stands_below(view, row, title) for title in titles if _BARS.isdisjoint(title) and _FOUR_HAN.match(title)
        ):
            head_rows.append(row)
    return np.array(head_rows, dtype=np.int64)


def _stands_below(view: LineView, row: int, title: str) -> bool:
    """Tell whether a title is a line of its own among the next ones."""
    end = view.stops[row + min(int(view.lines_after[row]), SITE_REACH)]
    start = view.folded_text.find(title, view.stops[row], end)
    while start >= 0:
        holder = view.row_at(start)
        if view.starts[holder] == start and view.stops[holder] == start + len(title):
            return True
        start = view.folded_text.find(title, view.stops[holder], end)
    return False


@detector(decisive=False)
def repeated_paragraph(view: LineView, *, least: int = 40) -> Detections:
    """Find second and later copies of a paragraph in one document.

    A clause of a contract, a litany and a refrain come back too, so this is evidence, not proof.

    Args:
        view: the lines.
        least: characters of a paragraph; shorter lines may be refrains or clauses.
    """
    is_copy = (view.previous_copy >= 0) & (view.lengths >= least) & (view.han * 2 > view.lengths)
    return whole_lines(view.batch, is_copy.nonzero()[0])


@detector(decisive=False)
def outline_copy(view: LineView, *, least: int = 4) -> Detections:
    """Find runs of headings that all come again in the text, apart from each other, in the same order.

    An author's table of contents and the rows of two tables look alike, so this is evidence, not proof.

    Args:
        view: the lines.
        least: lines in a row.
    """
    batch = view.batch
    if view.most_lines <= least:
        return whole_lines(batch, [])
    has_copy = (view.copies > 1) & (view.lengths <= TITLE_LONGEST)
    runs = view.runs(has_copy)
    runs = runs[runs[:, 1] - runs[:, 0] >= least]
    if not len(runs):
        return whole_lines(batch, [])
    in_run = np.zeros(len(has_copy), dtype=bool)
    for start, stop in runs.tolist():
        in_run[start:stop] = True
    has_outline = np.zeros(len(batch.texts), dtype=bool)
    has_outline[batch.documents[runs[:, 0]]] = True
    others = (has_copy & ~in_run & has_outline[batch.documents]).nonzero()[0].tolist()
    headings = {(int(batch.documents[row]), view.text(row)): row for row in others}
    return whole_lines(batch, [row for run in runs.tolist() for row in _outline(view, headings, *run)])


def _outline(view: LineView, headings: dict[tuple[int, str], int], start: int, stop: int) -> Iterator[int]:
    """Yield the lines from `start` to `stop` if they are an outline of `headings`, given by document and text."""
    document = int(view.batch.documents[start])
    places = [headings.get((document, view.text(row)), -1) for row in range(start, stop)]
    places = [place for place in places if place >= 0]
    in_order = sum(left < right for left, right in pairwise(places))
    han = int(view.han[start:stop].sum())
    is_spread = len(places) > 1 and places[-1] - places[0] >= 2 * (len(places) - 1)
    is_han = han * TITLE_HAN >= int(view.lengths[start:stop].sum())
    is_copied = len(places) * 10 >= OUTLINE_COPIED * (stop - start)
    if is_han and is_spread and is_copied and in_order >= len(places) - OUTLINE_DISORDER:
        yield from range(start, stop)


@detector(decisive=False)
def repeated_lines(view: LineView, *, least: int = 4) -> Detections:
    """Find short lines that come with every post: buttons around posts and entries.

    Score: grows with the count, from 0.5 at the least to 1 at three times that. Left alone: lines that do not come
    nearly as often as the most frequent (a reply that some give), two characters in turn (a refrain), heads that end
    in a colon, code. Cells of a flattened table and a chorus look alike, so this is evidence, not proof.

    Args:
        view: the lines.
        least: times that a line stands in a document.
    """
    if view.most_lines < least:
        return whole_lines(view.batch, [])
    batch, copies, han = view.batch, view.copies, view.han
    fits = (copies >= least) & (copies < BUTTON_MOST) & (view.lengths <= BUTTON_LONGEST)
    fits &= (han > 1) & (han * 2 > view.lengths)
    rows = np.array([row for row in fits.nonzero()[0].tolist() if _is_label(view.text(row))], dtype=np.int64)
    most_copies = np.zeros(len(batch.texts), dtype=np.int64)
    np.maximum.at(most_copies, batch.documents[rows], copies[rows])
    rows = rows[copies[rows] * 2 > most_copies[batch.documents[rows]]]
    return whole_lines(batch, rows, np.clip(copies[rows] / (3 * least) + 1 / 6, 0.5, 1.0))


def _is_label(text: str) -> bool:
    """Tell whether a short line may be a button: no head with a colon, no two characters taking turns."""
    characters = len(set(text))
    return text[-1] != ":" and (characters > _PAIR or len(text) == _PAIR)
