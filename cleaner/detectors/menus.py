"""Menus: many short words in a line, or one to a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

ROW = re.compile(r" *[/·•-] *| +")
ARROWS = ">»›"
SENTENCE = '。!?;…:、,"“‘《={}<+@│'


def menu_bar(block: Block, folded: str, params: Params) -> Found:
    """Lines of short words between bars, `首页|新闻|财经|体育`, or, above the text, arrows, `首页 > 新闻 > 正文`.

    Left alone: rows of a table (bars at both ends, or as many bars as the line before or behind has), and arrows in the
    text or on a page without prose (a ranking, a path through settings).
    `params`: `least` (4) words, or 3 between arrows; `longest` (8) is the greatest mean length.
    """
    made = line_view.of(block, folded)
    least, longest = int(params.get("least", 4)), float(params.get("longest", 8))
    fits = _few_characters_a_word(made, made.count(line_view.SEPARATOR), longest) & (
        made.count(line_view.SEPARATOR) > 1
    )
    above = (made.prose_before == 0) & (made.prose_total > 0) & ~made.prose
    bars, arrows = made.marks("|"), made.marks(ARROWS)
    fits &= _bare(made)
    lines = np.flatnonzero(fits & ((bars >= least - 1) | (above & (arrows > 1)))).tolist()
    return whole(
        block, [n for n in lines if _is_bar(made, n, least, longest) or (above[n] and _is_path(made, n, longest))]
    )


def menu_words(block: Block, folded: str, params: Params) -> Found:
    """Lines of short words between spaces, slashes or dots: `首页 新闻 财经 体育`. A cast looks alike: evidence only.

    `params`: `least` (5) words; `longest` (5) is the greatest mean length of a word.
    """
    made = line_view.of(block, folded)
    least, longest = int(params.get("least", 5)), float(params.get("longest", 5))
    marks = made.count(line_view.SEPARATOR | line_view.SPACE)
    fits = _few_characters_a_word(made, marks, longest) & (marks >= least - 1) & (made.count(line_view.DIGIT) == 0)
    fits &= _bare(made)
    lines = np.flatnonzero(fits).tolist()
    return whole(block, [line for line in lines if _is_row(made.text(line), least, longest)])


def _bare(made: Shape) -> NDArray[np.bool_]:
    """Lines that hold no mark of a sentence or of code; found once for both detectors."""
    if "bare" not in made.memory:
        made.memory["bare"] = made.marks(SENTENCE) == 0
    bare: NDArray[np.bool_] = made.memory["bare"]
    return bare


def _few_characters_a_word(made: Shape, marks: NDArray[np.int64], longest: float) -> NDArray[np.bool_]:
    """Lines short for the marks they hold, mostly Han, without a comma."""
    short = (made.lengths <= (marks + 1) * (longest + 3)) & (made.count(line_view.HAN) * 2 > made.lengths - 2 * marks)
    few: NDArray[np.bool_] = short & (made.count(line_view.COMMA) == 0)
    return few


def _is_bar(made: Shape, line: int, least: int, longest: float) -> bool:
    """Whether bars divide a line into short words, and it is no row of a table."""
    text = made.text(line)
    bars = text.count("|")
    if bars + 1 < least or (text[0] == text[-1] == "|") or not _are_words(text.split("|"), least, longest):
        return False
    near = [made.text(line - 1)] if made.numbers[line] else []
    near += [made.text(line + 1)] if made.after[line] else []
    return all(other.count("|") != bars for other in near)


def _is_path(made: Shape, line: int, longest: float) -> bool:
    """Whether arrows divide a line into short words."""
    text = made.text(line)
    arrow = max(ARROWS, key=text.count)
    return _are_words(text.split(arrow), 3, longest)


def _are_words(parts: Sequence[str], least: int, longest: float) -> bool:
    words = [word for word in map(str.strip, parts) if word]
    plain = all(word.count(" ") < 3 for word in words)
    return len(words) >= least and plain and sum(map(len, words)) <= longest * len(words)


def _is_row(text: str, least: int, longest: float) -> bool:
    """Whether spaces divide a line into short words."""
    words = ROW.split(text)
    latin = sum(word.isascii() for word in words) * 3 > len(words)
    short = sum(map(len, words)) <= longest * len(words)
    return len(words) >= least and short and not latin


def menu_run(block: Block, folded: str, params: Params) -> Found:
    """Runs of very short lines without punctuation, one menu item to a line.

    Verse and tables look alike, so this is evidence only, and only outside of what stands between the first
    and the last line of prose; documents without prose have none. Score: from 0.3 for short runs to 1 for 24 lines.
    `params`: `least` (6) lines; `longest` (6) characters a line.
    """
    made = line_view.of(block, folded)
    least, longest = int(params.get("least", 6)), int(params.get("longest", 6))
    plain = made.count(line_view.END | line_view.COMMA) == 0
    tiny = plain & (made.lengths <= longest) & (made.count(line_view.HAN) * 2 >= made.lengths)
    outside = (made.prose_total > 2) & ((made.prose_before == 0) | (made.prose_before == made.prose_total))
    runs = made.runs(tiny & outside)
    runs = runs[runs[:, 1] - runs[:, 0] >= least]
    return whole(block, _spread(runs), _run_scores(runs))


def _spread(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lines of runs."""
    parts = [np.arange(start, stop) for start, stop in runs.tolist()]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _run_scores(runs: NDArray[np.int64]) -> NDArray[np.float64]:
    lengths = runs[:, 1] - runs[:, 0]
    return np.repeat(np.clip(lengths / 24, 0.3, 1.0), lengths)
