"""Where recurring lines stand on their pages: around the body, which is what a page alone has, or between its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.features.classes import COMMA, END
from cleaner.features.line_view import LONG_PROSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

GAIN_CAP, GAIN_LENGTH = 8, 2
"""The logarithms (base 2) of the length from which a line with marks adds no more, and up to which it adds nothing."""
BARE_GAIN, LOSS, STEADY_LOSS = 0.3, 0.7, 8.0
"""What a line of its own without marks, as a title or a verse, adds to a body, and what a recurring one takes, and one
that most pages have: more than a teaser under it adds."""
STEADY = 0.6
"""The share of a host's pages that are most."""
SHEET_LENGTH = 12
"""Characters of a line of its own, at most, that may be a value of a data sheet."""

LABEL_LENGTH = 10
"""Characters of a label before its colon, at most."""


class LinePlaces(NamedTuple):
    """Places of the lines of a batch, each (lines,) bool.

    Attributes:
        head, tail: before and after the body; a line in neither stands in it, or its page has none.
        outer: no line of the page's own stands further out.
        values: the last line of the page's own above the tail looks like a value of a data sheet.
        labels: a line next to it is a label with its value.
        body: lines of its own in the body, with marks of a sentence.
    """

    head: Mask
    tail: Mask
    outer: Mask
    values: Mask
    labels: Mask
    body: Mask


def place_lines(view: LineView, shares: NDArray[np.float64], is_own: Mask) -> LinePlaces:
    """Place the lines of a batch.

    Args:
        view: the lines.
        shares: (lines,) the share of the host's pages that a line recurs on, 0 where it does not.
        is_own: (lines,) those that stand on this page alone; the rest, as bare numbers, is neither.
    """
    segments, lengths = view.segments, view.lengths
    has_marks = is_prose(view)
    bits = np.clip(np.log2(np.maximum(lengths, 1)), GAIN_LENGTH, GAIN_CAP) - GAIN_LENGTH
    gain = np.where(
        is_own,
        np.where(has_marks, bits, BARE_GAIN),
        -np.where(shares >= STEADY, STEADY_LOSS, np.where(shares > 0, LOSS, 0.0)),
    )
    start, stop = segments.densest(gain)
    rows = np.arange(len(lengths))
    has_body = start < stop
    head, tail = has_body & (rows < start), has_body & (rows >= stop)
    last_above = segments.previous(is_own)
    next_below = _next(is_own, segments.high)
    outer = np.where(head, last_above < 0, np.where(tail, next_below < 0, False))
    is_value = is_own & (lengths <= SHEET_LENGTH) & ~has_marks
    values = tail & (last_above >= 0) & is_value[last_above]
    body = is_own & has_marks & has_body & (rows >= start) & (rows < stop)
    is_label = _find_labels(view)
    labels = (segments.neighbor(is_label, -1) > 0) | (segments.neighbor(is_label, 1) > 0)
    return LinePlaces(head, tail, outer, values, labels, body)


def _find_labels(view: LineView) -> Mask:
    """Mark the lines with a colon near their begin and something behind it, (lines,)."""
    labels = np.zeros(len(view.lengths), dtype=np.bool_)
    positions, rows = view.characters.find_marks("：:")
    is_label = (positions - view.batch.starts[rows] <= LABEL_LENGTH) & (positions < view.batch.stops[rows] - 1)
    labels[rows[is_label]] = True
    return labels


def is_prose(view: LineView) -> Mask:
    """Mark the lines that hold a full stop or end like a sentence, and long ones with a comma, (lines,)."""
    has_stop = (view.characters.count("stop") > 0) | (view.last_bits & (END | COMMA) > 0)
    prose: Mask = has_stop | ((view.lengths >= LONG_PROSE) & (view.commas > 0))
    return prose


def _next(mask: Mask, high: Indices) -> Indices:
    """Find the nearest marked row below each row in its segment, -1 where there is none."""
    rows = np.where(mask, np.arange(len(mask)), len(mask))
    following = np.append(np.minimum.accumulate(rows[::-1])[::-1][1:], len(mask)) if len(mask) else rows
    return np.where(following < high, following, -1)
