"""Items of a text's own: its outline, bulleted and numbered lines, fields, options of a manual.

A menu, a list of links and a ranking look the same line by line. What tells them apart is the line above the first
item, which announces a list that belongs to the text, and what the items say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import numbering, repetition
from cleaner.features.classes import FIRST_IDEOGRAPH, CodeSet
from cleaner.text.hashing import hash_heads
from cleaner.text.segments import neighbor_ids, run_ids, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line import LineFeatures
    from cleaner.features.line_view import LineView
    from cleaner.features.numbering import NumberedLines

    Indices = NDArray[np.int64]

Mask = Any

BULLET_LENGTH, BULLET_RUN, BULLET_GAP = 3, 2, 2
"""Characters of a bulleted line and bullets in a row, at least; headings that may stand between two runs of them."""
SPOKEN_SHARE = 0.5
"""The share of bullets with particles from which a run of them is the author's."""
CLAUSE_SHARE = 0.4
"""The share of numbered lines with clauses from which a run of them is the author's."""
SWITCH_REACH, SWITCH_AROUND, SWITCH_GAP = 6, 0.15, 4
"""Lines away, the share of them that are switches of a program, and the lines that may stand between two."""
FIELD_NAME, FIELD_LENGTH, FIELDS, FIELD_VALUES = 10, 60, 4, 0.5
"""Characters of a field's name and of the whole field, at most; fields in a row, at least; the share in words."""

_BULLETS = CodeSet("•●◆■▪◦○★☆✓✔✅►▸‣◇□▲△*-–")
_DASHES = CodeSet("*-–")
_DIGITS = CodeSet("0123456789")
_AUTHOR_BULLETS = CodeSet("◆◇★☆✓✔✅△▲□")
"""Bullets that authors type; templates draw theirs."""
_NAME_HEAD = 3
"""Characters by which names of fields are compared, beside their length."""


def find_items(view: LineView, features: LineFeatures) -> NDArray[np.bool_]:
    """Mark lines that are items, (lines,)."""
    announces = features["ends"] | features["ends-colon"]
    numbers = numbering.read_numbers(view)
    items = numbering.in_outline(numbers, view.segments) | _numbered_items(view, numbers, announces)
    items |= _bulleted_items(view, announces)
    return np.asarray(items | _switches(view) | _fields(view, features))


def _bulleted_items(view: LineView, announces: Mask) -> Mask:
    """Mark lines behind one bullet, announced or half of them with particles, and headings between them."""
    rows = (_BULLETS.contains(view.first_codes) & (view.characters.visible >= BULLET_LENGTH)).nonzero()[0]
    if len(rows) < BULLET_RUN:
        return _mask(view, rows[:0])
    bullet = view.first_codes[rows]
    runs = _runs(view, rows, bullet)
    spoken = (_shares(runs, view.characters.count("function")[rows] > 0) >= SPOKEN_SHARE) & ~_DASHES.contains(bullet)
    of_author = _are_announced(view, rows, runs, announces) | spoken | _AUTHOR_BULLETS.contains(bullet)
    of_author &= np.bincount(runs)[runs] >= BULLET_RUN
    return numbering.fill_gaps(_mask(view, rows[of_author]), view.segments, BULLET_GAP)


def _numbered_items(view: LineView, numbers: NumberedLines, announces: Mask) -> Mask:
    """Mark numbers one after the other on neighbouring lines, announced or a good third of them of several clauses.

    Those of a ranking stand below its title, and are titles.
    """
    rows = numbering.plain_neighbors(numbers, view.segments)
    if not len(rows):
        return _mask(view, rows)
    runs = _runs(view, rows)
    second, third = view.head(1, rows), view.head(2, rows)
    is_list_mark = np.where(_DIGITS.contains(second), third, second) == ord("、")
    clauses = view.characters.count("comma", "stop", "end")[rows] > is_list_mark
    clauses |= view.last_codes[rows] == ord(";")
    return _mask(view, rows[_are_announced(view, rows, runs, announces) | (_shares(runs, clauses) >= CLAUSE_SHARE)])


def _switches(view: LineView) -> Mask:
    """Mark options of a program, `-h, --help`, and what stands between two of them."""
    rows = (view.first_codes == ord("-")).nonzero()[0]
    if not len(rows):
        return _mask(view, rows)
    second, third = view.head(1, rows), view.head(2, rows)
    letter = np.where(second == ord("-"), third, second)
    switches = _mask(view, rows[(letter >= ord("a")) & (letter <= ord("z"))])
    if not switches.any():
        return switches
    around = view.segments.windows(SWITCH_REACH).mean(switches)
    return numbering.fill_gaps(switches & (around >= SWITCH_AROUND), view.segments, SWITCH_GAP)


def _fields(view: LineView, features: LineFeatures) -> Mask:
    """Mark lines of a name, a colon and a value, no name twice, and most values in words.

    A block of contacts has numbers for values; a box beside each post of a thread has its names again and again.
    """
    codes, batch = view.codes, view.batch
    rows, name_length = _names(view, features)
    if len(rows) < FIELDS:
        return _mask(view, rows[:0])
    colon = batch.starts[rows] + name_length
    names = hash_heads(codes, batch.starts[rows], _NAME_HEAD) + name_length.astype(np.uint64)
    earlier, later = repetition.count_repeats(names, batch.documents[rows])
    is_unique = earlier + later == 0
    rows, colon = rows[is_unique], colon[is_unique]
    last = batch.stops[rows] - 1
    value = codes[np.minimum(colon + 1, last)]
    value = np.where(value == ord(" "), codes[np.minimum(colon + 2, last)], value)
    runs = _runs(view, rows)
    in_words = _shares(runs, value >= FIRST_IDEOGRAPH) > FIELD_VALUES
    return _mask(view, rows[(np.bincount(runs)[runs] >= FIELDS) & in_words])


def _names(view: LineView, features: LineFeatures) -> tuple[Indices, Indices]:
    """Find short lines that begin with a name before a colon: their rows and the lengths of the names."""
    batch, codes = view.batch, view.codes
    is_short = (view.characters.count("colon") > 0) & (view.characters.visible <= FIELD_LENGTH) & ~features["ends"]
    rows = (is_short & (view.first_codes >= FIRST_IDEOGRAPH)).nonzero()[0]
    if not len(rows):
        return rows, rows
    positions = batch.starts[rows, None] + np.arange(FIELD_NAME + 1)
    length = (codes[np.minimum(positions, len(codes) - 1)] == ord(":")).argmax(axis=1)
    fits = (length > 0) & (batch.starts[rows] + length + 1 < batch.stops[rows])
    return rows[fits], length[fits]


def _mask(view: LineView, rows: Indices) -> NDArray[np.bool_]:
    mask = np.zeros(len(view.batch.starts), dtype=np.bool_)
    mask[rows] = True
    return mask


def _runs(view: LineView, rows: Indices, *keys: NDArray[Any]) -> Indices:
    """Assign numbers to runs of neighbouring lines with equal keys in one document: the run of each of `rows`."""
    return run_ids(neighbor_ids(rows), view.batch.documents[rows], *keys)


def _shares(runs: Indices, mask: Mask) -> Any:
    """Measure the share of marked lines in the run of each."""
    return (np.bincount(runs, weights=mask) / np.maximum(np.bincount(runs), 1))[runs]


def _are_announced(view: LineView, rows: Indices, runs: Indices, announces: Mask) -> Any:
    """Tell for each of `rows` whether the line above the first of its run announces a list."""
    first = rows[run_starts(runs)]
    return (announces[first - 1] & (first > view.segments.low[first]))[runs]
