"""The lead of each document, its first long lines of prose, and which line above it speaks of the same: the title.

Pairs of letters that a line shares with the lead are what Chinese has for shared words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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
_SLOTS_PER_PAIR, _MOST_BITS = 4, 20
"""Slots of a table of hashed pairs for each of them, and the bits of its size at most."""
_MIX, _SHIFT = np.uint32(0x9E3779B1), np.uint32(16)
"""The factor that spreads pairs, and by how much a document's number is shifted."""


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


class _Pairs(NamedTuple):
    """Pairs of letters of some lines.

    Attributes:
        position: (pairs,) int64, where each begins in the batch's text.
        rows, counts: (lines,) int64, the lines, and how many pairs each has.
    """

    position: Indices
    rows: Indices
    counts: Indices

    @property
    def lines(self) -> Indices:
        """The row of each pair's line, (pairs,)."""
        return np.repeat(self.rows, self.counts)


def measure_lead(layout: Layout) -> Lead:
    """Measure what lines share with the lead of their document."""
    count, documents = len(layout.prose), layout.batch.documents
    is_lead, is_above = _find_lead(layout)
    if not is_above.any():
        nothing = np.zeros(count)
        return Lead(nothing, nothing, nothing, nothing)
    pairs = _find_pairs(layout, is_above, WIDTH)
    has_above = np.bincount(documents[is_above], minlength=len(layout.batch.texts)) > 0
    lead_pairs = _find_pairs(layout, is_lead & has_above[documents], None)
    is_shared = _are_shared(layout, pairs, lead_pairs)
    total = np.zeros(count, dtype=np.int64)
    total[pairs.rows] = pairs.counts
    matches = np.where(total >= FEWEST, np.bincount(pairs.lines[is_shared], minlength=count), 0)
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


def _find_pairs(layout: Layout, mask: Mask, width: int | None) -> _Pairs:
    """Find the pairs of letters in the first `width` characters of some lines."""
    rows, batch = np.flatnonzero(mask), layout.batch
    starts, stops = batch.starts[rows], batch.stops[rows]
    stops = np.minimum(stops, starts + width) if width else stops
    edges = np.concatenate(([0], np.stack((starts, stops), axis=1).ravel()))
    is_inside = np.repeat(np.arange(len(edges) - 1) % 2 == 1, np.diff(edges))
    is_letter = layout.view.characters.are_letters(len(is_inside)) & is_inside
    position = np.flatnonzero(is_letter[:-1] & is_letter[1:])
    bounds = np.searchsorted(position, np.append(starts, len(is_inside)))
    return _Pairs(position, rows, np.diff(bounds))


def _are_shared(layout: Layout, pairs: _Pairs, others: _Pairs) -> Mask:
    """Mark the pairs that are, in the same document, among some others, of which most are none of them."""
    bits = min((_SLOTS_PER_PAIR * len(pairs.position)).bit_length(), _MOST_BITS)
    is_wanted = np.zeros(1 << bits, dtype=np.bool_)
    is_wanted[_spread_pairs(layout, pairs, bits)] = True
    candidates = np.flatnonzero(is_wanted.take(_spread_pairs(layout, others, bits)))
    documents = layout.batch.documents
    known = distinct(_pack_pairs(layout, others.position[candidates], documents[others.lines[candidates]]))
    values = _pack_pairs(layout, pairs.position, documents[pairs.lines])
    return np.asarray(np.append(known, -1)[np.searchsorted(known, values)] == values)


def _spread_pairs(layout: Layout, pairs: _Pairs, bits: int) -> Indices:
    """Hash pairs of letters with their document, (pairs,), in so many `bits`."""
    codes = layout.view.codes
    hashes = codes.take(pairs.position)
    hashes *= _MIX
    hashes += codes[1:].take(pairs.position)
    hashes += np.repeat(layout.batch.documents[pairs.rows].astype(np.uint32) << _SHIFT, pairs.counts)
    hashes *= _MIX
    return (hashes >> np.uint32(hashes.itemsize * 8 - bits)).astype(np.int64)


def _pack_pairs(layout: Layout, position: Indices, document: Indices) -> Indices:
    """Write pairs of letters and their document as one number each, (pairs,)."""
    codes = layout.view.codes
    return (document << 2 * _BITS) | (codes[position].astype(np.int64) << _BITS) | codes[position + 1]
