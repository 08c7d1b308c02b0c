"""Lists of links to other pages: dated titles, titles and teasers cut at a length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

_MONTH, _NUMBER = r"(?:1[0-2]|0?[1-9])", r"(?:[12]\d|3[01]|0?[1-9])"
_DAY = rf"(?:(?:(?:19|20)\d\d[-/.年])?{_MONTH}[-/月]{_NUMBER}日?|(?:19|20)\d\d\.{_MONTH}\.{_NUMBER})"
_TIME = r"(?:[ t]*\d{1,2}:\d\d(?::\d\d)?)?"
_YEAR_BACK, _MONTH_BACK, _NUMBER_BACK = r"\d\d(?:91|02)", r"(?:[0-2]1|[1-9]0?)", r"(?:\d[12]|[01]3|[1-9]0?)"
_DAY_BACK = (
    rf"(?:日?{_NUMBER_BACK}[-/月]{_MONTH_BACK}(?:[-/.年]{_YEAR_BACK})?|{_NUMBER_BACK}\.{_MONTH_BACK}\.{_YEAR_BACK})"
)
LAST_DATE = re.compile(rf"[)\]]?(?:(?:\d\d:)?\d\d:\d{{1,2}}[ t]*)?{_DAY_BACK}[(\[]?(?![-/.\d])")
"""A date and time at the end of a line that is read backwards: found or not at the first character."""
DATE_FIRST = re.compile(rf"[-·•*]? ?[(\[]?({_DAY}){_TIME}[)\]]? *(?![-/.\d])")


def dated_links(block: Block, folded: str, params: Params) -> Found:
    """Runs of short lines that each carry a date: lists of other articles, newest first.

    Dates behind the titles count in any order; dates before them only when they fall or stay the same (a chronicle
    rises). `params`: `least` (3) is the least length of a run in lines.
    """
    made = line_view.of(block, folded)
    least = int(params.get("least", 3))
    digits = made.count(line_view.DIGIT)
    short = (made.lengths >= 10) & (made.lengths <= 70) & (digits >= 3) & (digits * 2 < made.lengths)
    last = (made.ends | made.at(np.maximum(block.stops - 2, 0))) & line_view.DIGIT > 0
    first = (made.at(block.starts) | made.at(np.minimum(block.starts + 1, len(folded) - 1))) & line_view.DIGIT > 0
    first &= made.ends & line_view.END == 0
    return whole(block, np.union1d(_last(made, short & last, least), _first(made, short & first, least)))


def _last(made: Shape, fits: NDArray[np.bool_], least: int) -> NDArray[np.int64]:
    """Lines of runs that end in a date."""
    dated = np.zeros(len(fits), dtype=bool)
    for line in _long(made.runs(fits), least).tolist():
        dated[line] = LAST_DATE.match(made.text(line)[:-23:-1]) is not None
    return _long(made.runs(dated), least)


def _first(made: Shape, fits: NDArray[np.bool_], least: int) -> NDArray[np.int64]:
    """Lines of runs that begin with dates that do not rise."""
    days: dict[int, tuple[int, ...]] = {}
    for line in _long(made.runs(fits), least).tolist():
        found = DATE_FIRST.match(made.text(line))
        if found:
            days[line] = tuple(int(part) for part in re.findall(r"\d+", found[1]))
    chosen = np.zeros(len(fits), dtype=bool)
    chosen[list(days)] = True
    runs = [
        (start, stop)
        for start, stop in made.runs(chosen).tolist()
        if all(days[line + 1] <= days[line] for line in range(start, stop - 1))
    ]
    return _long(np.array(runs, dtype=np.int64).reshape(-1, 2), least)


def _long(runs: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """All lines of the runs of at least this length."""
    kept = [np.arange(start, stop) for start, stop in runs.tolist() if stop - start >= least]
    return np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)


LONG = 60


def cut_lines(block: Block, folded: str, params: Params) -> Found:
    """Lines that a site cut at a fixed length: teasers, and titles of a related list.

    Cut lines of one list have one length, and end either in no sentence mark or all in an omission mark. They are most
    of the lines around them that end so (a novel has many lines that end in …, of all lengths). Text wrapped at a width
    and pages of a book look alike but run on: there full lines stand next to each other, or the line behind ends a
    sentence. `params`: `least` (3) cut lines of one length in a document; `shortest` (18) characters, more than two
    halves of a verse.
    """
    made = line_view.of(block, folded)
    least, shortest = max(int(params.get("least", 3)), 2), int(params.get("shortest", 18))
    kind = _kinds(made, shortest)
    lines = np.flatnonzero(kind > 0)
    key = (block.documents[lines] * 4096 + np.minimum(made.lengths[lines], 4095)) * 4 + kind[lines]
    order = np.argsort(key, kind="stable")
    edges = np.concatenate(([0], np.flatnonzero(np.diff(key[order])) + 1, [len(order)]))
    hits = []
    for at in np.flatnonzero(np.diff(edges) >= least).tolist():
        group = lines[order[edges[at] : edges[at + 1]]]
        if _is_cut(made, group, kind):
            hits.append(group)
    return whole(block, np.sort(np.concatenate(hits)) if hits else [])


def _kinds(made: Shape, shortest: int) -> NDArray[np.int64]:
    """For each line: 1 like a cut title, 2 like a teaser without a mark, 3 with an omission mark, 0 none of them."""
    stops = made.block.stops
    last, before = made.codes[stops - 1], made.codes[np.maximum(stops - 2, 0)]
    marked = (last == ord("…")) | ((last == ord(".")) & (before == ord(".")))
    plain = made.ends & (line_view.HAN | line_view.LATIN | line_view.DIGIT | line_view.COMMA) > 0
    fits = (made.lengths >= shortest) & (made.lengths <= 250) & (made.count(line_view.HAN) * 2 > made.lengths)
    return np.where(fits, np.where(marked, 3, np.where(plain, 1 + (made.lengths >= LONG), 0)), 0)


def _is_cut(made: Shape, group: NDArray[np.int64], kind: NDArray[np.int64]) -> bool:
    """Whether lines of one length and kind were cut to it, rather than wrapped at it or alike by chance."""
    if kind[group[0]] == 1:
        return _is_cut_titles(made, group)
    around = kind[int(group[0]) : int(group[-1]) + 1]
    if len(group) * 2 < np.count_nonzero(around == kind[group[0]]):
        return False
    behind = np.setdiff1d(group[made.after[group] > 0] + 1, group)
    closed = _share(made.ends[behind] & line_view.END) if len(behind) else 1.0
    runs_on = np.count_nonzero(np.diff(group) == 1) > 0.5 * len(group)
    return bool(kind[group[0]] == 3) or (closed <= 0.34 and not runs_on)


def _is_cut_titles(made: Shape, group: NDArray[np.int64]) -> bool:
    """Titles: in a run of lines of which none is longer a good part has that length, and few a comma or a space."""
    first, last = int(group[0]), int(group[-1]) + 1
    return bool(
        len(group) >= 5
        and len(group) * 3 >= last - first
        and made.lengths[first:last].max() <= made.lengths[first]
        and _share(made.count(line_view.COMMA)[group]) <= 0.34
        and _share(made.count(line_view.SPACE)[group]) <= 0.5
        and _share(made.ends[first:last] & line_view.END) <= 0.34
    )


def _share(values: NDArray[Any]) -> float:
    """The share of values that are not 0."""
    return np.count_nonzero(values) / len(values)
