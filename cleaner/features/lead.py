"""The lead of each document, its first long lines of prose, and which line above it speaks of the same: the title.

Pairs of letters that a line shares with the lead are what Chinese has for shared words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.features.classes import CODE, LETTERS
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout

    Indices = NDArray[np.int64]
    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

LONG, LEADS = 30, 3
"""Characters of a long line of prose, and how many of them are a lead."""
REACH, WIDTH, FEWEST = 60, 80, 2
"""Lines above the lead and characters of each that are compared with it, and pairs below which a line says nothing."""
ENOUGH = 4.0
"""Shared pairs, each times the share of them, from which a line is a title for sure."""
_BITS = 21
"""Bits of a code point."""


class Lead(NamedTuple):
    """What lines above the lead have in common with it, each (lines,) float64.

    Attributes:
        share: of a line's pairs of letters in the lead.
        title: 0..1, how surely a line is the title: the one line of a document that shares most.
        above: 0..1, for a line above the title, how surely that is one.
        below: 0..1, the same for a line between the title and the lead.
    """

    share: Numbers
    title: Numbers
    above: Numbers
    below: Numbers


def measure_lead(layout: Layout) -> Lead:
    """Measure what lines share with the lead of their document."""
    count, documents = len(layout.prose), layout.batch.documents
    is_lead, is_above = _find_lead(layout)
    if not is_above.any():
        nothing = np.zeros(count)
        return Lead(nothing, nothing, nothing, nothing)
    lead_pairs, _ = _pairs(layout, is_lead, None)
    pairs, lines = _pairs(layout, is_above, WIDTH)
    is_shared = _contains(distinct(lead_pairs), pairs)
    total = np.bincount(lines, minlength=count)
    matches = np.where(total >= FEWEST, np.bincount(lines[is_shared], minlength=count), 0)
    share = matches / np.maximum(total, 1)
    strength = matches * share
    best = np.zeros(len(layout.batch.texts))
    np.maximum.at(best, documents, strength)
    is_best = (strength > 0) & (strength == best[documents])
    is_title = is_best & (layout.segments.sum_before(is_best) == 0)
    title = np.where(is_title, np.minimum(strength, ENOUGH) / ENOUGH, 0.0)
    below = np.where(is_above, layout.segments.sum_before(title), 0.0)
    return Lead(share, title, layout.segments.sum_after(title), below)


def _find_lead(layout: Layout) -> tuple[Mask, Mask]:
    """Mark the lines of each lead, and the lines not far above it, each (lines,)."""
    is_long = layout.prose & (layout.visible >= LONG)
    earlier = layout.segments.sum_before(is_long)
    rows, firsts = np.arange(len(is_long)), np.flatnonzero(is_long & (earlier == 0))
    following = np.append(firsts, len(is_long))[np.searchsorted(firsts, rows)]
    is_above = (earlier == 0) & ~is_long & (following < layout.segments.high) & (following - rows <= REACH)
    return is_long & (earlier < LEADS), is_above


def _pairs(layout: Layout, mask: Mask, width: int | None) -> tuple[Indices, Indices]:
    """List the pairs of letters of some lines with their document, as one number each, and the row of each's line."""
    rows, batch, characters = np.flatnonzero(mask), layout.batch, layout.view.characters
    sizes = batch.stops[rows] - batch.starts[rows]
    sizes = np.minimum(sizes, width) if width else sizes
    lines = np.repeat(rows, sizes)
    positions = np.repeat(batch.starts[rows] - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(lines))
    is_letter = _LETTER[characters.classes_at(positions)]
    first = np.flatnonzero(is_letter[:-1] & is_letter[1:] & (lines[:-1] == lines[1:]))
    codes = characters.codes[positions].astype(np.int64)
    pairs = (batch.documents[lines[first]] << 2 * _BITS) | (codes[first] << _BITS) | codes[first + 1]
    return pairs, lines[first]


def _contains(known: Indices, values: Indices) -> Mask:
    """Mark the values (n,) that are among some sorted ones."""
    index = np.searchsorted(known, values)
    return np.asarray(np.append(known, -1)[index] == values)


_LETTER = np.isin(np.arange(max(CODE.values()) + 1), [CODE[name] for name in LETTERS])
