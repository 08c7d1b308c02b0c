"""Which lines repeat others: bigrams shared with the body, equal lines, equal beginnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.characters import CODE, Characters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block

_MIX = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio in 64 bits: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
# odd numbers with well mixed bits: the golden ratio in 32 bits, and two of MurmurHash3 (Appleby, public domain)
_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35], dtype=np.uint32)
_LETTERS = np.isin(np.arange(len(CODE)), [CODE[name] for name in ("han", "function", "digit", "latin", "kana")])


def shared_bigrams(
    block: Block, codes: NDArray[np.uint32], characters: Characters, among: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The share (0..1) of each line's bigrams of letters that another line marked in `among` has too.

    Bigrams are kept in one hash table with a range for each document, four to eight slots a character: about one in
    eight unlike bigrams of a long document collides.
    """
    lines = len(block.starts)
    letter = _LETTERS[characters.classes]
    at = np.flatnonzero(letter[:-1] & letter[1:])
    line = characters.owner[at]
    slot, size = _slots(block, codes, at, line)
    who = line.astype(np.int32)
    where, whose = (slot, who) if among.all() else (slot[chosen := among[line]], who[chosen])
    # of writes to one slot the last one stays: the table written forwards and backwards holds its last and first line
    table = np.full(size, -1, dtype=np.int32)
    table[where] = whose
    found = table[slot]
    shared = (found >= 0) & (found != who)
    table[where[::-1]] = whose[::-1]
    found = table[slot]
    shared |= (found >= 0) & (found != who)
    return np.bincount(line[shared], minlength=lines) / np.maximum(np.bincount(line, minlength=lines), 1)


def _slots(
    block: Block, codes: NDArray[np.uint32], at: NDArray[np.int64], line: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Where the bigrams that begin at `at`, in lines `line`, lie in the joint hash table, and the table's size."""
    bits = np.ceil(np.log2(np.maximum(np.diff(block.offsets), 32))).astype(np.uint32) + np.uint32(2)
    base = np.concatenate(([0], np.cumsum(1 << bits.astype(np.int64))))
    mixed = (codes * _MULTIPLIERS[0])[at] + (codes * _MULTIPLIERS[1])[at + 1]
    mixed ^= mixed >> np.uint32(15)
    mixed *= _MULTIPLIERS[2]
    mixed >>= (np.uint32(32) - bits)[block.documents][line]
    return mixed + base[block.documents][line], int(base[-1])


def fingerprints(codes: NDArray[np.uint32], characters: Characters) -> NDArray[np.uint64]:
    """A 64-bit hash of each line's characters without white space; equal lines have equal hashes."""
    inked = np.flatnonzero(characters.classes != CODE["space"])
    line = characters.owner[inked]
    begins = np.concatenate(([0], np.cumsum(characters.lengths)))
    place = (np.arange(len(inked)) - begins[line]).astype(np.uint64)
    mixed = (codes[inked].astype(np.uint64) + np.uint64(1)) * _MIX * (place * np.uint64(2) + np.uint64(1))
    mixed ^= mixed >> np.uint64(29)
    return np.add.reduceat(mixed, begins[:-1]) if len(inked) else np.zeros(0, dtype=np.uint64)


def openings(block: Block, codes: NDArray[np.uint32], width: int) -> NDArray[np.uint64]:
    """A 64-bit hash of the first `width` code points of each line; lines that are shorter differ from all others."""
    places = np.minimum(block.starts[:, None] + np.arange(width), max(len(codes) - 1, 0))
    powers = np.cumprod(np.full(width, _MIX | np.uint64(1), dtype=np.uint64))
    hashed = (codes[places].astype(np.uint64) * powers).sum(axis=1, dtype=np.uint64)
    short = block.stops - block.starts < width
    return np.where(short, np.arange(len(hashed), dtype=np.uint64), hashed)


def repeats(keys: NDArray[np.uint64], documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many earlier and how many later lines of the same document have the same key, each (lines,)."""
    order = np.lexsort((keys, documents))
    if not len(order):
        return order, order
    same = (keys[order][1:] == keys[order][:-1]) & (documents[order][1:] == documents[order][:-1])
    group = np.concatenate(([0], np.cumsum(~same)))
    sizes = np.bincount(group)
    rank = np.arange(len(order)) - np.concatenate(([0], np.cumsum(sizes)[:-1]))[group]
    earlier, later = np.empty_like(order), np.empty_like(order)
    earlier[order], later[order] = rank, sizes[group] - 1 - rank
    return earlier, later
