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

    Codes = NDArray[np.uint32]
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
    """Pairs of neighbouring characters of some lines: their code points, their document and the row of their line.

    Attributes:
        first, second: (pairs,) uint32, their code points.
        rows, counts: (lines,) int64, the lines, and how many pairs each has.
        documents: (lines,) int64, the document of each line.
    """

    first: Codes
    second: Codes
    rows: Indices
    counts: Indices
    documents: Indices

    @property
    def lines(self) -> Indices:
        """The row of each pair's line, (pairs,)."""
        return np.repeat(self.rows, self.counts)

    def hash(self, bits: int) -> Indices:
        """Hash the pairs with their document, (pairs,), in so many `bits`."""
        hashes = self.first * _MIX
        hashes += self.second
        hashes += np.repeat(self.documents.astype(np.uint32) << _SHIFT, self.counts)
        hashes *= _MIX
        return (hashes >> np.uint32(hashes.itemsize * 8 - bits)).astype(np.int64)

    def pack(self, which: Indices | slice) -> Indices:
        """Write some pairs and their document as one number each, (pairs,)."""
        documents = np.repeat(self.documents, self.counts)[which]
        return (documents << 2 * _BITS) | (self.first[which].astype(np.int64) << _BITS) | self.second[which]


def measure_lead(layout: Layout) -> Lead:
    """Measure what lines share with the lead of their document."""
    count, documents = len(layout.prose), layout.batch.documents
    is_lead, is_above = _find_lead(layout)
    if not is_above.any():
        nothing = np.zeros(count)
        return Lead(nothing, nothing, nothing, nothing)
    pairs = _letter_pairs(layout, is_above.nonzero()[0])
    has_above = np.bincount(documents[is_above], minlength=len(layout.batch.texts)) > 0
    lead_pairs = _all_pairs(layout, (is_lead & has_above[documents]).nonzero()[0])
    is_shared = _are_shared(pairs, lead_pairs)
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
    rows, firsts = np.arange(len(is_long)), (is_long & (earlier == 0)).nonzero()[0]
    following = np.append(firsts, len(is_long))[np.searchsorted(firsts, rows)]
    is_above = (earlier == 0) & ~is_long & (following < layout.segments.high) & (following - rows <= REACH)
    return is_long & (earlier < LEADS), is_above


def _letter_pairs(layout: Layout, rows: Indices) -> _Pairs:
    """Find the pairs of letters in the first characters of some lines."""
    batch, characters = layout.batch, layout.view.characters
    sizes = np.minimum(batch.lengths[rows], WIDTH)
    ends = sizes.cumsum()
    position = np.repeat(batch.starts[rows] - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
    is_letter = characters.are_letters(position)
    begins = is_letter[:-1] & is_letter[1:]
    begins[ends[:-1] - 1] = False  # what ends one line and begins the next is no pair
    counts = np.add.reduceat(np.append(begins, False), ends - sizes, dtype=np.int64)
    position = position[:-1][begins]
    return _Pairs(characters.codes[position], characters.codes[position + 1], rows, counts, batch.documents[rows])


def _all_pairs(layout: Layout, rows: Indices) -> _Pairs:
    """Find the pairs of characters of some lines, each with what stands behind it."""
    batch, codes = layout.batch, layout.view.codes
    starts, stops = batch.starts[rows], np.minimum(batch.stops[rows] + 1, len(codes))
    bounds = zip(starts.tolist(), stops.tolist(), strict=True)
    characters = np.concatenate([codes[start:stop] for start, stop in bounds] or [codes[:0]])
    counts = stops - starts
    counts[-1:] -= 1  # the last character has no other behind it
    return _Pairs(characters[:-1], characters[1:], rows, counts, batch.documents[rows])


def _are_shared(pairs: _Pairs, others: _Pairs) -> Mask:
    """Mark the pairs that are, in the same document, among some others, of which most are none of them."""
    bits = min((_SLOTS_PER_PAIR * len(pairs.first)).bit_length() + 1, _MOST_BITS)
    is_wanted = np.zeros(1 << bits, dtype=np.bool_)
    is_wanted[pairs.hash(bits)] = True
    known = distinct(others.pack(is_wanted.take(others.hash(bits)).nonzero()[0]))
    values = pairs.pack(slice(None))
    return np.asarray(np.append(known, -1)[np.searchsorted(known, values)] == values)
