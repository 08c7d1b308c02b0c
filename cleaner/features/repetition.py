"""Lines that repeat others: bigrams shared with the body, equal lines, equal beginnings."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.features.counts import CODE
from cleaner.text.hashing import hash_heads, hash_ranges, is_repeated, spread
from cleaner.text.segments import run_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.features.line_view import LineView

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35], dtype=np.uint32)
"""Odd numbers with well mixed bits: the golden ratio in 32 bits, and two of MurmurHash3 (Appleby, public domain)."""
_SPARSE = 0.4
"""The share of bigrams asked for up to which only those that may be shared are looked at."""
_CACHE_SIZE = 1 << 15
"""Characters whose table stays in a core's cache."""
_SMALLEST_TABLE = 32
"""Characters for which the smallest hash table is made."""


def shared_bigrams(view: LineView, body: Mask, rows: Mask | None = None) -> NDArray[np.float64]:
    """Measure the share (0..1) of each line's bigrams of letters that another line of the body has too.

    Bigrams are kept in one hash table with a range for each document, four to eight slots a character: about one in
    eight unlike bigrams of a long document collides. A few documents are looked at together, for the cache's sake.

    Args:
        view: the lines.
        body: (lines,) the lines that may share bigrams with others.
        rows: (lines,) the lines to measure, 0.0 for the others; None for all.
    """
    batch = view.batch
    shares = np.zeros(len(batch.starts))
    rows = np.ones(len(shares), dtype=np.bool_) if rows is None else rows
    letters = view.characters.is_letter()
    if _kernels.active:
        _fill_compiled(view, letters, (body, rows), shares)
        return shares
    has_rows = np.zeros(len(batch.texts), dtype=np.bool_)
    has_rows[batch.documents[rows]] = True
    lines = np.flatnonzero(has_rows[batch.documents])
    if not len(lines):
        return shares
    text = _Letters(view.codes, letters, batch.offsets, batch.starts)
    text = text if has_rows.all() else text.take(has_rows, batch.documents[lines], lines)
    shares[lines] = np.concatenate(
        [_shares(bigrams, body[lines[part]], rows[lines[part]]) for part, bigrams in text.bigrams()]
    )
    return shares


def _fill_compiled(view: LineView, letters: Mask, masks: tuple[Mask, Mask], shares: NDArray[np.float64]) -> None:
    """Compute the same by a compiled function, which fills `shares`."""
    batch = view.batch
    sizes = np.diff(batch.offsets)
    largest = int(sizes.max(initial=_SMALLEST_TABLE))
    table = np.full((4 << (largest - 1).bit_length(), 2), -1, dtype=np.int32)
    slots, edges = np.empty(largest, dtype=np.uint32), np.empty(len(shares) + 1, dtype=np.int64)
    lines = (batch.starts, batch.stops, batch.documents)
    _kernels.active.share_bigrams(view.codes, letters, *lines, sizes, *masks, table, slots, edges, shares)  # type: ignore[union-attr]


class _Bigrams(NamedTuple):
    """Bigrams of some lines: the slot of each in a hash table of `size` slots, and where each line's begin."""

    slots: Indices
    size: int
    edges: Indices


class _Letters(NamedTuple):
    """The letters of documents that begin at `offsets`, the last of which is their end, with lines at `starts`."""

    codes: NDArray[np.uint32]
    letters: Mask
    offsets: Indices
    starts: Indices

    def take(self, mask: Mask, documents: Indices, lines: Indices) -> _Letters:
        """Take the documents in `mask` alone, and their `lines`, which belong to `documents`."""
        sizes = np.diff(self.offsets)
        characters = np.repeat(mask, sizes)[: len(self.codes)]  # the last document has no line break behind it
        offsets = np.concatenate(([0], np.cumsum(sizes[mask])))
        shift = (self.offsets[:-1][mask] - offsets[:-1])[np.cumsum(mask)[documents] - 1]
        return _Letters(self.codes[characters], self.letters[characters], offsets, self.starts[lines] - shift)

    def bigrams(self) -> Iterator[tuple[slice, _Bigrams]]:
        """Yield the bigrams of a few documents at a time, and which lines are theirs."""
        edges = np.arange(0, len(self.codes), _CACHE_SIZE)
        documents = np.unique(np.searchsorted(self.offsets, edges, side="right") - 1)
        lines = np.append(np.searchsorted(self.starts, self.offsets[documents]), len(self.starts)).tolist()
        document_bounds = pairwise([*documents.tolist(), len(self.offsets) - 1])
        for (first, stop), (low, high) in zip(document_bounds, pairwise(lines), strict=True):
            yield slice(low, high), self._bigrams_of(self.offsets[first : stop + 1], self.starts[low:high])

    def _bigrams_of(self, offsets: Indices, starts: Indices) -> _Bigrams:
        begin, end = int(offsets[0]), int(offsets[-1])
        letters = self.letters[begin:end]
        positions = np.flatnonzero(letters[:-1] & letters[1:])
        edges = np.searchsorted(positions, np.append(starts, end) - begin)
        slots, size = _hash_bigrams(self.codes[begin:end], offsets - begin, positions)
        return _Bigrams(slots, size, edges)


def _shares(bigrams: _Bigrams, body: Mask, rows: Mask) -> NDArray[np.float64]:
    """Measure the share of each line's slots that another line of the body has, for lines `rows`."""
    slots, counts = bigrams.slots, np.diff(bigrams.edges)
    small: type[np.signedinteger[Any]] = np.int16 if len(counts) <= np.iinfo(np.int16).max else np.int32
    owner, in_body = np.repeat(np.arange(len(counts), dtype=small), counts), np.repeat(body, counts)
    if counts[rows].sum() < _SPARSE * len(slots):
        wanted_slots = np.zeros(bigrams.size, dtype=np.bool_)
        wanted_slots[slots[np.repeat(rows, counts)]] = True
        candidates = np.flatnonzero(wanted_slots.take(slots))
        slots, owner, in_body = slots[candidates], owner[candidates], in_body[candidates]
    last_owner = np.full(bigrams.size, -1, dtype=small)
    last_owner[slots[in_body]] = owner[in_body]  # of writes to one slot the last one stays
    last = last_owner.take(slots)
    is_other = last != owner
    in_earlier = np.zeros(bigrams.size, dtype=np.bool_)
    in_earlier[slots[np.flatnonzero(is_other & in_body)]] = True
    shared_rows = np.flatnonzero((is_other & (last >= 0)) | in_earlier.take(slots))
    return np.where(rows, np.bincount(owner[shared_rows], minlength=len(counts)) / np.maximum(counts, 1), 0)


def _hash_bigrams(codes: NDArray[np.uint32], offsets: Indices, positions: Indices) -> tuple[Indices, int]:
    """Find the slots of the bigrams at `positions` in one hash table for all documents, and the table's size."""
    sizes = np.maximum(np.diff(offsets), _SMALLEST_TABLE)
    bits = np.ceil(np.log2(sizes)).astype(np.uint32) + np.uint32(2)
    base = np.concatenate(([0], np.cumsum(1 << bits.astype(np.int64))))
    hashes = ((codes * _MULTIPLIERS[0])[:-1] + (codes * _MULTIPLIERS[1])[1:])[positions]
    hashes ^= hashes >> np.uint32(15)
    hashes *= _MULTIPLIERS[2]
    counts = np.diff(np.searchsorted(positions, offsets))
    hashes >>= np.repeat(np.uint32(32) - bits, counts)
    return hashes + np.repeat(base[:-1], counts), int(base[-1])


def hash_lines(characters: Characters) -> NDArray[np.uint64]:
    """Hash each line; lines of a document with the same characters, white space aside, have equal hashes, (lines,).

    Most lines differ from all others by their first and last character and how many they have of each class: only what
    does not is read in full. White space that does not count as such at a line's ends leaves all in doubt.
    """
    starts, lasts = characters.batch.starts, characters.batch.stops - 1
    classes = [name for name in CODE if name != "space"]
    counts = (characters.count(name).view(np.uint64) for name in classes)
    terms = (number * count for number, count in zip(spread(np.arange(len(classes))), counts, strict=True))
    ends = characters.codes[starts] + (characters.codes[lasts].astype(np.uint64) << 32)
    hashes = spread(sum(terms) + ends + spread(characters.batch.documents))
    space_at_end = (characters.classes_at(np.stack((starts, lasts))) == CODE["space"]).any()
    doubtful = is_repeated(hashes) | bool(space_at_end)
    if doubtful.any():
        hashes[doubtful] = _hash_visible(characters, doubtful)
    return hashes


def _hash_visible(characters: Characters, lines: Mask) -> NDArray[np.uint64]:
    """Hash all characters of some lines that are not white space."""
    edges = np.append(characters.batch.starts, len(characters.codes))
    visible = np.concatenate((np.zeros(edges[0], dtype=np.bool_), np.repeat(lines, np.diff(edges))))
    visible[characters.rare[characters.classes_at(characters.rare) == CODE["space"]]] = False
    lengths = characters.visible[lines]
    stops = np.cumsum(lengths)
    return hash_ranges(characters.codes[visible], stops - lengths, stops)


def hash_openings(view: LineView, width: int) -> NDArray[np.uint64]:
    """Hash the first `width` code points of each line; lines that are shorter differ from all others, (lines,)."""
    is_short = view.lengths < width
    return np.where(is_short, spread(np.arange(len(is_short))), hash_heads(view.codes, view.batch.starts, width))


def count_repeats(keys: NDArray[np.uint64], documents: Indices) -> tuple[Indices, Indices]:
    """Count the earlier and the later lines of the same document that have the same key, each (lines,)."""
    earlier, later = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    keys = keys + spread(documents)
    rows = np.flatnonzero(is_repeated(keys))
    if not len(rows):
        return earlier, later
    order = rows[np.argsort(keys[rows], kind="stable")]
    group = run_ids(keys[order])
    sizes = np.bincount(group)
    rank = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[group]
    earlier[order], later[order] = rank, sizes[group] - 1 - rank
    return earlier, later
