"""Lists of links to other pages: dated titles, titles and teasers cut at a length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.detectors.api import Detections, detector, whole_lines
from cleaner.features.classes import COMMA, DIGIT, END, HAN, LATIN
from cleaner.features.dates import ends_in_date, first_date
from cleaner.text.segments import distinct, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]

DATED_LENGTHS, DATED_DIGITS = (10, 70), 3
"""Characters of a dated title, and digits, at least."""

SHORTEST_GROUP = 2
"""Lines cut at one length, at least, whatever a rule asks for: one line alone was cut nowhere."""
LONGEST, TEASER = 250, 60
"""Characters of a line that was cut, at most, and from which it is a teaser rather than a title."""
NO_CUT, TITLE, PLAIN_TEASER, WITH_OMISSION = range(4)
"""Kinds of lines: none that was cut, like a cut title, like a teaser without a mark, with an omission mark."""
CLOSED_SHARE, JOINED_SHARE = 0.34, 0.5
"""The shares of lines behind cut ones that end a sentence, and of cut ones behind another, up to which they were cut.
"""
TITLES, TITLES_AROUND = 5, 3
"""Cut titles of one length, at least, and the part, one in so many, that they are of the lines between them."""
TITLE_COMMAS, TITLE_SPACES, TITLE_ENDS = 0.34, 0.5, 0.34
"""The shares of cut titles with commas and with spaces, and of lines between them that end a sentence, at most."""


@detector(decisive=False)
def dated_links(view: LineView, *, least: int = 3) -> Detections:
    """Find titles that each carry a date, one after the other: lists of other articles, newest first.

    Dates behind the titles count in any order; dates before them only when they fall or stay the same (a chronicle
    rises). A changelog, a list of papers and a timetable look alike, so this is evidence, not proof.

    Args:
        view: the lines.
        least: lines in a row.
    """
    batch, bits_at = view.batch, view.characters.bits_at
    if view.most_lines < least:
        return whole_lines(batch, [])
    shortest, longest = DATED_LENGTHS
    is_short = (view.lengths >= shortest) & (view.lengths <= longest)
    is_short &= (view.digits >= DATED_DIGITS) & (view.digits * 2 < view.lengths)
    if not is_short.any():
        return whole_lines(batch, [])
    last = (view.last_bits | bits_at(np.maximum(batch.stops - 2, 0))) & DIGIT > 0
    first = (view.first_bits | bits_at(np.minimum(batch.starts + 1, len(view.codes) - 1))) & DIGIT > 0
    first &= view.last_bits & END == 0
    dated = (_end_in_dates(view, is_short & last, least), _begin_with_dates(view, is_short & first, least))
    return whole_lines(batch, distinct(np.concatenate(dated)))


def _end_in_dates(view: LineView, fits: Mask, least: int) -> Rows:
    """List the lines of runs that end in a date."""
    is_dated = np.zeros(len(fits), dtype=bool)
    for row in _long_runs(view.runs(fits), least).tolist():
        is_dated[row] = ends_in_date(view.text(row))
    return _long_runs(view.runs(is_dated), least)


def _begin_with_dates(view: LineView, fits: Mask, least: int) -> Rows:
    """List the lines of runs that begin with dates that do not rise."""
    rows = _long_runs(view.runs(fits), least).tolist()
    days = {row: date for row in rows if (date := first_date(view.text(row)))}
    is_dated = np.zeros(len(fits), dtype=bool)
    is_dated[list(days)] = True
    falling = [
        (start, stop)
        for start, stop in view.runs(is_dated).tolist()
        if all(days[row + 1] <= days[row] for row in range(start, stop - 1))
    ]
    return _long_runs(np.array(falling, dtype=np.int64).reshape(-1, 2), least)


def _long_runs(runs: Rows, least: int) -> Rows:
    """List all lines of the runs of at least this length."""
    rows = [np.arange(start, stop) for start, stop in runs.tolist() if stop - start >= least]
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)


@detector(decisive=True)
def cut_lines(view: LineView, *, least: int = 3, shortest: int = 18) -> Detections:
    """Find lines cut at one and the same length: teasers, and titles of a related list.

    Cut lines of one list have one length, and end either in no sentence mark or all in an omission mark. They are most
    of the lines around them that end so (a novel has many lines that end in …, of all lengths). …… is an author's mark,
    no template's. Text wrapped at a width and pages of a book look alike but run on: there full lines stand next to
    each other, or the line behind ends a sentence.

    Args:
        view: the lines.
        least: cut lines of one length in a document.
        shortest: characters of a line, more than two halves of a verse.
    """
    if view.most_lines < least:
        return whole_lines(view.batch, [])
    kind = _kinds(view, shortest)
    rows = (kind != NO_CUT).nonzero()[0]
    if len(rows) < max(least, SHORTEST_GROUP):
        return whole_lines(view.batch, [])
    groups = _same_length_and_kind(view, rows, kind, max(least, SHORTEST_GROUP))
    cut = [group for group in groups if _is_cut(view, group, kind)]
    return whole_lines(view.batch, np.sort(np.concatenate(cut)) if cut else [])


def _same_length_and_kind(view: LineView, rows: Rows, kind: NDArray[np.int64], least: int) -> list[Rows]:
    """Group rows by document, length and kind, in this order; only groups of `least` rows and more."""
    keys = (kind[rows], view.lengths[rows], view.batch.documents[rows])
    order = np.lexsort(keys)
    edges = np.append(run_starts(*(key[order] for key in keys)), len(order))
    return [rows[order[edges[run] : edges[run + 1]]] for run in (np.diff(edges) >= least).nonzero()[0].tolist()]


def _kinds(view: LineView, shortest: int) -> NDArray[np.int64]:
    """Tell for each line what kind of cut line it could be, (lines,)."""
    last, before = view.last_codes, view.codes[np.maximum(view.batch.stops - 2, 0)]
    is_marked = ((last == ord("…")) & (before != ord("…"))) | ((last == ord(".")) & (before == ord(".")))
    is_plain = view.last_bits & (HAN | LATIN | DIGIT | COMMA) > 0
    fits = (view.lengths >= shortest) & (view.lengths <= LONGEST) & (view.han * 2 > view.lengths)
    plain_kind = np.where(view.lengths >= TEASER, PLAIN_TEASER, TITLE)
    return np.where(fits, np.where(is_marked, WITH_OMISSION, np.where(is_plain, plain_kind, NO_CUT)), NO_CUT)


def _is_cut(view: LineView, group: Rows, kind: NDArray[np.int64]) -> bool:
    """Tell whether lines of one length and kind were cut to it, rather than wrapped at it or alike by chance."""
    if kind[group[0]] == TITLE:
        return _are_cut_titles(view, group)
    around = kind[int(group[0]) : int(group[-1]) + 1]
    if len(group) * 2 < np.count_nonzero(around == kind[group[0]]):
        return False
    is_last_of_run = np.diff(group, append=-1) != 1
    following = group[is_last_of_run & (view.lines_after[group] > 0)] + 1
    closed_share = _share(view.last_bits[following] & END) if len(following) else 1.0
    runs_on = np.count_nonzero(np.diff(group) == 1) > JOINED_SHARE * len(group)
    return bool(kind[group[0]] == WITH_OMISSION) or (closed_share <= CLOSED_SHARE and not runs_on)


def _are_cut_titles(view: LineView, group: Rows) -> bool:
    """Tell titles: of a run of lines none is longer, a good part has that length, and few a comma or a space."""
    first, last = int(group[0]), int(group[-1]) + 1
    return bool(
        len(group) >= TITLES
        and len(group) * TITLES_AROUND >= last - first
        and view.lengths[first:last].max() <= view.lengths[first]
        and _share(view.commas[group]) <= TITLE_COMMAS
        and _share(view.spaces[group]) <= TITLE_SPACES
        and _share(view.last_bits[first:last] & END) <= TITLE_ENDS
    )


def _share(values: NDArray[Any]) -> float:
    """Measure the share of values that are not 0."""
    return np.count_nonzero(values) / len(values)
