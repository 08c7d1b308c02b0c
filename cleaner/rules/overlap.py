"""Which lines repeat others: bigrams shared with the body, equal lines, equal beginnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner import fast
from cleaner.rules.alphabet import alphabet
from cleaner.rules.characters import CODE, Characters
from cleaner.rules.hashes import heads, ranges, repeated, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cleaner.lines import Block

# odd numbers with well mixed bits: the golden ratio in 32 bits, and two of MurmurHash3 (Appleby, public domain)
_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35], dtype=np.uint32)
_PART = 1 << 15  # characters whose table stays in a core's cache


def shared_bigrams(
    block: Block, characters: Characters, among: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """The share (0..1) of each line's bigrams of letters that another line marked in `among` has too.

    `asked` (documents,): 0.0 for the lines of the others; None: all are. Bigrams are kept in one hash table with a
    range for each document, four to eight slots a character: about one in eight unlike bigrams of a long document
    collides. A few documents are looked at together, for the cache's sake.
    """
    offsets, starts, codes = block.offsets, block.starts, characters.codes
    letters = characters.kinds >= alphabet().letters
    if fast.loaded:
        return _compiled(
            fast.loaded.echo, block, codes, letters, among, np.ones(len(offsets) - 1, bool) if asked is None else asked
        )
    if asked is None or asked.all():
        return _bigrams(codes, letters, offsets, starts, among)
    found, rows = np.zeros(len(starts)), np.flatnonzero(asked[block.documents])
    if not len(rows):
        return found
    sizes = np.diff(offsets)
    inside = np.repeat(asked, sizes)[: len(codes)]  # the last document has no line break behind it
    begins = np.concatenate(([0], np.cumsum(sizes[asked])))
    shift = (offsets[:-1][asked] - begins[:-1])[np.cumsum(asked)[block.documents[rows]] - 1]
    found[rows] = _bigrams(codes[inside], letters[inside], begins, starts[rows] - shift, among[rows])
    return found


def _compiled(
    kernel: Callable[..., None],
    block: Block,
    codes: NDArray[np.uint32],
    letters: NDArray[np.bool_],
    among: NDArray[np.bool_],
    asked: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The same by a compiled function."""
    sizes, shares = np.diff(block.offsets), np.zeros(len(block.starts))
    most = int(sizes.max(initial=32))
    table = np.full((4 << (most - 1).bit_length(), 2), -1, dtype=np.int32)
    slots, edges = np.empty(most, dtype=np.uint32), np.empty(len(shares) + 1, dtype=np.int64)
    lines = block.starts, block.stops, block.documents
    kernel(codes, letters, *lines, sizes, among, asked, table, slots, edges, shares)
    return shares


def _bigrams(
    codes: NDArray[np.uint32],
    letters: NDArray[np.bool_],
    offsets: NDArray[np.int64],
    starts: NDArray[np.int64],
    among: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The same for a text of documents that begin at `offsets`, the last of which is its end, and lines at `starts`."""
    parts = []
    documents = np.unique(np.searchsorted(offsets, np.arange(0, len(codes), _PART), side="right") - 1)
    rows = np.searchsorted(starts, offsets[documents])
    for one, other, low, high in zip(documents, [*documents[1:], None], rows, [*rows[1:], None], strict=True):
        mine = offsets[one : None if other is None else other + 1]
        inside = slice(mine[0], mine[-1])
        letter = letters[inside]
        begins = np.flatnonzero(letter[:-1] & letter[1:])
        edges = np.searchsorted(begins, np.append(starts[low:high], mine[-1]) - mine[0])
        slot, size = _slots(codes[inside], mine - mine[0], begins)
        parts.append(_shared(slot, size, edges, among[low:high]))
    return np.concatenate(parts)


def _shared(
    slot: NDArray[np.int64], size: int, edges: NDArray[np.int64], among: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The share of each line's slots that another line in `among` has; `edges`: where the slots of each line begin."""
    counts = np.diff(edges)
    small: type[np.signedinteger[Any]] = np.int16 if len(counts) <= np.iinfo(np.int16).max else np.int32
    who = np.repeat(np.arange(len(counts), dtype=small), counts)
    chosen = np.repeat(among, counts)
    last = np.empty(size, dtype=small)
    last[slot[~chosen]] = -1
    last[slot[chosen]] = who[chosen]  # of writes to one slot the last one stays
    later = last.take(slot)
    other = later != who
    earlier = np.zeros(size, dtype=np.bool_)
    earlier[slot[np.flatnonzero(other & chosen)]] = True
    shared = (other & (later >= 0)) | earlier.take(slot)
    return np.asarray(np.diff(np.searchsorted(np.flatnonzero(shared), edges)) / np.maximum(counts, 1))


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
