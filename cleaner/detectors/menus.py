"""Menus: many short words in a line, or one to a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, whole_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

ARROWS = ">»›"
PATH = 3
"""Words between arrows, at least."""
SLACK = 3
"""Characters by which words may exceed the mean length, summed up over a line before it is read."""
PHRASE = 3
"""Words inside one entry that make it a phrase, which no menu has."""
FRAME = 2
"""Lines of prose of a document up to which nothing stands outside of its text."""
FULL_RUN, LEAST_SCORE = 24, 0.3
"""Lines of a run that is a menu for sure, and the score of the shortest."""

_BETWEEN = re.compile(r" *[/·•-] *| +")


@detector(decisive=False)
def menu_bar(view: LineView, *, least: int = 4, longest: float = 8.0) -> Detections:
    """Find lines of short words between bars or arrows: `本地｜财经｜体育｜健康`.

    Arrows count above the text only, `首页 > 新闻 > 正文`. Left alone: rows of a table (bars at both ends, or as many
    bars as the line before or behind has), and arrows in the text or on a page without prose (a ranking, a path
    through settings). The head of a table and the steps of a process look alike, so this is evidence, not proof.

    Args:
        view: the lines.
        least: words between bars; three between arrows are enough.
        longest: the greatest mean length of a word.
    """
    bars, arrows = view.characters.count_marks("|"), view.characters.count_marks(ARROWS)
    is_above = (view.prose_before == 0) & (view.prose_total > 0) & ~view.is_long_prose
    fits = _has_short_words(view, view.separators, longest) & (view.separators > 1) & view.is_bare
    rows = (fits & ((bars >= least - 1) | (is_above & (arrows >= PATH - 1)))).nonzero()[0].tolist()
    menus = [
        row
        for row in rows
        if _is_bar(view, row, least, longest) or (is_above[row] and _is_path(view.text(row), longest))
    ]
    return whole_lines(view.batch, menus)


@detector(decisive=False)
def menu_words(view: LineView, *, least: int = 5, longest: float = 5.0) -> Detections:
    """Find lines of short words between spaces, slashes or dots: `首页 新闻 财经 体育`.

    A cast looks alike: evidence only.

    Args:
        view: the lines.
        least: words in a line.
        longest: the greatest mean length of a word.
    """
    marks = view.separators + view.spaces
    fits = _has_short_words(view, marks, longest) & (marks >= least - 1) & (view.digits == 0) & view.is_bare
    return whole_lines(
        view.batch, [row for row in fits.nonzero()[0].tolist() if _is_row_of_words(view.text(row), least, longest)]
    )


@detector(decisive=False)
def menu_run(view: LineView, *, least: int = 6, longest: int = 6) -> Detections:
    """Find very short lines without punctuation, one after the other, outside the text.

    Verse and tables look alike, so this is evidence only, and only outside of what stands between the first
    and the last line of prose; documents without prose have none. Score: from 0.3 for short runs to 1 for 24 lines.

    Args:
        view: the lines.
        least: lines in a row.
        longest: characters of a line.
    """
    if view.most_lines < least:
        return whole_lines(view.batch, [])
    is_tiny = (view.end_marks + view.commas == 0) & (view.lengths <= longest) & (view.han * 2 >= view.lengths)
    is_outside = (view.prose_before == 0) | (view.prose_before == view.prose_total)
    runs = view.runs(is_tiny & is_outside & (view.prose_total > FRAME))
    runs = runs[runs[:, 1] - runs[:, 0] >= least]
    sizes = runs[:, 1] - runs[:, 0]
    return whole_lines(view.batch, _rows_of(runs), np.repeat(np.clip(sizes / FULL_RUN, LEAST_SCORE, 1.0), sizes))


def _has_short_words(view: LineView, marks: NDArray[np.int64], longest: float) -> NDArray[np.bool_]:
    """Mark lines short for the marks they hold, mostly Han, without a comma."""
    is_short = (view.lengths <= (marks + 1) * (longest + SLACK)) & (view.han * 2 > view.lengths - 2 * marks)
    mask: NDArray[np.bool_] = is_short & (view.commas == 0)
    return mask


def _is_bar(view: LineView, row: int, least: int, longest: float) -> bool:
    """Tell whether bars divide a line into short words, and it is no row of a table."""
    text = view.text(row)
    bars = text.count("|")
    if bars + 1 < least or (text[0] == text[-1] == "|") or not _are_words(text.split("|"), least, longest):
        return False
    neighbors = [view.text(row - 1)] if view.segments.position[row] else []
    neighbors += [view.text(row + 1)] if view.lines_after[row] else []
    return all(other.count("|") != bars for other in neighbors)


def _is_path(text: str, longest: float) -> bool:
    """Tell whether arrows divide a line into short words."""
    arrow = max(ARROWS, key=text.count)
    return _are_words(text.split(arrow), PATH, longest)


def _are_words(parts: Sequence[str], least: int, longest: float) -> bool:
    words = [word for word in map(str.strip, parts) if word]
    has_phrase = any(word.count(" ") >= PHRASE for word in words)
    return len(words) >= least and not has_phrase and sum(map(len, words)) <= longest * len(words)


def _is_row_of_words(text: str, least: int, longest: float) -> bool:
    """Tell whether spaces divide a line into short words, few of them in Latin letters."""
    words = _BETWEEN.split(text)
    is_foreign = sum(word.isascii() for word in words) * 3 > len(words)
    is_short = sum(map(len, words)) <= longest * len(words)
    return len(words) >= least and is_short and not is_foreign


def _rows_of(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the lines of runs."""
    rows = [np.arange(start, stop) for start, stop in runs.tolist()]
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
