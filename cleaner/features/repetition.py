"""Which lines repeat others: bigrams shared with the body, equal lines, equal beginnings."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.features.classes import alphabet
from cleaner.features.counts import CODE, Characters
from cleaner.text.hashing import heads, ranges, repeated, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cleaner.text.lines import Block

# odd numbers with well mixed bits: the golden ratio in 32 bits, and two of MurmurHash3 (Appleby, public domain)
_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35], dtype=np.uint32)
_FEW = 0.4
"""The share of bigrams asked for up to which only those that may be met are looked at."""
_PART = 1 << 15  # characters whose table stays in a core's cache


def shared_bigrams(
    block: Block, characters: Characters, among: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """The share (0..1) of each line's bigrams of letters that another line marked in `among` has too.

    `asked` (lines,): 0.0 for the others; None: all are. Bigrams are kept in one hash table with a range for each
    document, four to eight slots a character: about one in eight unlike bigrams of a long document collides. A few
    documents are looked at together, for the cache's sake.
    """
    found = np.zeros(len(block.starts))
    asked = np.ones(len(found), dtype=np.bool_) if asked is None else asked
    letters = characters.kinds >= alphabet().letters
    if _kernels.active:
        _compiled(_kernels.active.share_bigrams, block, characters.codes, letters, among, asked, found)
        return found
    held = np.zeros(len(block.texts), dtype=np.bool_)
    held[block.documents[asked]] = True
    rows = np.flatnonzero(held[block.documents])
    if not len(rows):
        return found
    text = _Text(characters.codes, letters, block.offsets, block.starts)
    parts = (text if held.all() else text.of(held, block.documents[rows], rows)).parts()
    found[rows] = np.concatenate([_shared(*part, among[rows[lines]], asked[rows[lines]]) for lines, part in parts])
    return found


def _compiled(
    kernel: Callable[..., None],
    block: Block,
    codes: NDArray[np.uint32],
    letters: NDArray[np.bool_],
    among: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    found: NDArray[np.float64],
) -> None:
    """The same by a compiled function, which fills `found`."""
    sizes = np.diff(block.offsets)
    most = int(sizes.max(initial=32))
    table = np.full((4 << (most - 1).bit_length(), 2), -1, dtype=np.int32)
    slots, edges = np.empty(most, dtype=np.uint32), np.empty(len(found) + 1, dtype=np.int64)
    kernel(codes, letters, block.starts, block.stops, block.documents, sizes, among, asked, table, slots, edges, found)


class _Text(NamedTuple):
    """A text of documents that begin at `offsets`, the last of which is its end, and lines that begin at `starts`."""

    codes: NDArray[np.uint32]
    letters: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    starts: NDArray[np.int64]

    def of(self, held: NDArray[np.bool_], documents: NDArray[np.int64], rows: NDArray[np.int64]) -> _Text:
        """The text of some documents alone, and of their lines, which are `rows` and belong to `documents`."""
        sizes = np.diff(self.offsets)
        inside = np.repeat(held, sizes)[: len(self.codes)]  # the last document has no line break behind it
        offsets = np.concatenate(([0], np.cumsum(sizes[held])))
        shift = (self.offsets[:-1][held] - offsets[:-1])[np.cumsum(held)[documents] - 1]
        return _Text(self.codes[inside], self.letters[inside], offsets, self.starts[rows] - shift)

    def parts(self) -> Iterator[tuple[slice, tuple[NDArray[np.int64], int, NDArray[np.int64]]]]:
        """A few documents at a time: their lines, the slots of their bigrams, of how many, and where lines begin."""
        documents = np.unique(np.searchsorted(self.offsets, np.arange(0, len(self.codes), _PART), side="right") - 1)
        rows = np.append(np.searchsorted(self.starts, self.offsets[documents]), len(self.starts)).tolist()
        for (one, other), (low, high) in zip(
            pairwise([*documents.tolist(), len(self.offsets) - 1]), pairwise(rows), strict=True
        ):
            offsets = self.offsets[one : other + 1]
            letter = self.letters[offsets[0] : offsets[-1]]
            begins = np.flatnonzero(letter[:-1] & letter[1:])
            edges = np.searchsorted(begins, np.append(self.starts[low:high], offsets[-1]) - offsets[0])
            slot, size = _slots(self.codes[offsets[0] : offsets[-1]], offsets - offsets[0], begins)
            yield slice(low, high), (slot, size, edges)


def _shared(
    slot: NDArray[np.int64],
    size: int,
    edges: NDArray[np.int64],
    among: NDArray[np.bool_],
    asked: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The share of each line's slots that another line in `among` has, for lines `asked`; `edges`: where they begin."""
    counts = np.diff(edges)
    small: type[np.signedinteger[Any]] = np.int16 if len(counts) <= np.iinfo(np.int16).max else np.int32
    who, chosen = np.repeat(np.arange(len(counts), dtype=small), counts), np.repeat(among, counts)
    if counts[asked].sum() < _FEW * len(slot):
        wanted = np.zeros(size, dtype=np.bool_)
        wanted[slot[np.repeat(asked, counts)]] = True
        near = np.flatnonzero(wanted.take(slot))
        slot, who, chosen = slot[near], who[near], chosen[near]
    last = np.full(size, -1, dtype=small)
    last[slot[chosen]] = who[chosen]  # of writes to one slot the last one stays
    later = last.take(slot)
    other = later != who
    earlier = np.zeros(size, dtype=np.bool_)
    earlier[slot[np.flatnonzero(other & chosen)]] = True
    shared = np.flatnonzero((other & (later >= 0)) | earlier.take(slot))
    return np.where(asked, np.bincount(who[shared], minlength=len(counts)) / np.maximum(counts, 1), 0)


def _slots(
    codes: NDArray[np.uint32], offsets: NDArray[np.int64], begins: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Where the bigrams that begin at `begins` lie in the joint hash table, and the table's size."""
    bits = np.ceil(np.log2(np.maximum(np.diff(offsets), 32))).astype(np.uint32) + np.uint32(2)
    base = np.concatenate(([0], np.cumsum(1 << bits.astype(np.int64))))
    mixed = ((codes * _MULTIPLIERS[0])[:-1] + (codes * _MULTIPLIERS[1])[1:])[begins]
    mixed ^= mixed >> np.uint32(15)
    mixed *= _MULTIPLIERS[2]
    counts = np.diff(np.searchsorted(begins, offsets))
    mixed >>= np.repeat(np.uint32(32) - bits, counts)
    return mixed + np.repeat(base[:-1], counts), int(base[-1])


def fingerprints(codes: NDArray[np.uint32], characters: Characters) -> NDArray[np.uint64]:
    """A 64-bit hash for each line; lines of a document with the same characters, white space aside, have equal ones.

    Most lines differ from all others by their first and last character and how many they have of each class: only what
    does not is read in full. White space that does not count as such at a line's ends leaves all in doubt.
    """
    starts, lasts = characters.block.starts, characters.block.stops - 1
    inked = [name for name in CODE if name != "space"]
    counts = (characters.of(name).view(np.uint64) for name in inked)
    numbers = spread(np.arange(len(inked)))
    seen = (
        sum(number * count for number, count in zip(numbers, counts, strict=True))
        + codes[starts]
        + (codes[lasts].astype(np.uint64) << 32)
    )
    found = spread(seen + spread(characters.block.documents))
    doubted = repeated(found) | bool((characters.at(np.stack((starts, lasts))) == CODE["space"]).any())
    if doubted.any():
        ends = np.append(starts, len(codes))
        mine = np.concatenate((np.zeros(ends[0], dtype=np.bool_), np.repeat(doubted, np.diff(ends))))
        mine[characters.rare[characters.at(characters.rare) == CODE["space"]]] = False
        stops = np.cumsum(characters.lengths[doubted])
        found[doubted] = ranges(codes[mine], stops - characters.lengths[doubted], stops)
    return found


def openings(block: Block, codes: NDArray[np.uint32], width: int) -> NDArray[np.uint64]:
    """A 64-bit hash of the first `width` code points of each line; lines that are shorter differ from all others."""
    short = block.stops - block.starts < width
    return np.where(short, spread(np.arange(len(short))), heads(codes, block.starts, width))


def repeats(keys: NDArray[np.uint64], documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many earlier and how many later lines of the same document have the same key, each (lines,)."""
    earlier, later = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    keys = keys + spread(documents)
    again = np.flatnonzero(repeated(keys))
    if not len(again):
        return earlier, later
    order = again[np.argsort(keys[again], kind="stable")]
    same = keys[order][1:] == keys[order][:-1]
    group = np.concatenate(([0], np.cumsum(~same)))
    sizes = np.bincount(group)
    rank = np.arange(len(order)) - np.concatenate(([0], np.cumsum(sizes)[:-1]))[group]
    earlier[order], later[order] = rank, sizes[group] - 1 - rank
    return earlier, later
