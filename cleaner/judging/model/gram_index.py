"""Index of n-grams of one to three characters: where in a text which of them stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner import _kernels
from cleaner.text import codepoints
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Numbers = NDArray[np.int32]
    Keys = NDArray[Any]

START, GAP, END = 2, 1, 3
"""Marks before a line, in place of a long line's middle, and behind it: control characters that no line holds."""
PAIR, TRIPLE = 2, 3
"""Characters of an n-gram."""
_SLOTS_PER_KEY = 8
_MIX = 0x9E3779B97F4A7C15


class GramIndex:
    """Find n-grams in excerpts: characters are numbered, pairs are looked up, then what continues a pair.

    Attributes:
        letters: (code points,) uint32, the number of each character, 0 for those that are in no n-gram; what lies
            behind the table's end is in none either.
        singles: (letters,) int32, which n-gram a character is by itself, -1 for none.
        pairs: the pairs of letters that are an n-gram or begin one.
        pair_grams, is_prefix: (pairs,) which n-gram each is, -1 for none, and whether it begins a longer one.
        triples, triple_grams: a pair and a letter, and (triples,) int32 which n-gram that is.
        grams: (entries,) int32, which n-gram each letter, pair and triple is, -1 for none.
        bits: those of an entry's number.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        grams, length = _spell(texts)
        numbers = np.arange(len(texts), dtype=np.int32)
        alphabet = distinct(grams)
        self.letters = np.zeros(int(alphabet.max(initial=0)) + 2, dtype=np.uint32)
        self.letters[alphabet] = np.arange(1, len(alphabet) + 1)
        self.letters[0] = 0  # what fills short n-grams up
        self.count = len(alphabet) + 1
        first, second, third = self.letters[grams].astype(np.int64).T
        self.singles = np.full(self.count, -1, dtype=np.int32)
        self.singles[first[length == 1]] = numbers[length == 1]
        keys = first * self.count + second
        pairs = distinct(keys[(length == PAIR) | (length == TRIPLE)])
        limit = max(self.count, len(pairs)) * self.count
        self._key_type: Any = np.uint32 if limit < np.iinfo(np.uint32).max else np.uint64
        self.pairs = KeyTable(pairs.astype(self._key_type))
        self.pair_grams = np.full(len(pairs), -1, dtype=np.int32)
        self.pair_grams[np.searchsorted(pairs, keys[length == PAIR])] = numbers[length == PAIR]
        prefix = np.searchsorted(pairs, keys[length == TRIPLE])
        self.is_prefix = np.zeros(len(pairs), dtype=np.bool_)
        self.is_prefix[prefix] = True
        self.triples = KeyTable((prefix * self.count + third[length == TRIPLE]).astype(self._key_type))
        self.triple_grams = numbers[length == TRIPLE]
        self.grams = np.concatenate((self.singles, self.pair_grams, self.triple_grams))
        self.bits = len(self.grams).bit_length()

    def find(self, characters: Codes, line: Indices, count: int) -> Keys:
        """Find the letters, pairs and triples of `count` lines; arguments as for `Phrases`.

        Returns:
            (n,) unsigned, sorted: the row of a line above `bits`, the number of an entry of `grams` below. What stands
            several times in a line is in it as often.
        """
        key_type: Any = np.uint32 if (count + 1) << self.bits <= np.iinfo(np.uint32).max else np.uint64
        rows = line.astype(key_type) << key_type(self.bits)
        letters = self.letters.take(characters, mode="clip")
        singles = rows | letters
        letters = letters.astype(self._key_type, copy=False)
        at_pair, pair = self.pairs.find(letters[:-1] * self._key_type(self.count) + letters[1:])
        goes_on = (self.is_prefix.take(pair) & (at_pair < len(letters) - 2)).nonzero()[0]
        begins, prefix = at_pair.take(goes_on), pair.take(goes_on).astype(self._key_type)
        third, triple = self.triples.find(prefix * self._key_type(self.count) + letters.take(begins + 2))
        pairs = rows.take(at_pair) | (pair + self.count).astype(key_type)
        triple = (triple + self.count + len(self.pair_grams)).astype(key_type)
        keys = np.concatenate((singles, pairs, rows.take(begins.take(third)) | triple))
        keys.sort()
        return keys

    def sum_weights(self, characters: Codes, line: Indices, weights: Indices, count: int) -> tuple[Indices, Indices]:
        """Sum up the weights of each line's n-grams, each once, by a kernel; arguments as for `Phrases`.

        Returns:
            (count,) int64 the sums, and how many n-grams there are.
        """
        assert _kernels.active
        totals, numbers = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        last_line = np.full(len(weights), -1, dtype=np.int64)
        pairs = (*self.pairs.arrays, self.pair_grams, self.is_prefix)
        triples = (*self.triples.arrays, self.triple_grams)
        letters = (self.letters, self.singles)
        _kernels.active.sum_grams(characters, line, letters, pairs, triples, weights, last_line, totals, numbers)
        return totals, numbers


def _spell(texts: Sequence[str]) -> tuple[Codes, Indices]:
    """Write n-grams as code points (texts, 3), 0 behind short ones, and their lengths (texts,).

    What can be in no line, as it is longer or crosses from one line to the next, has the length 0.
    """
    codes = codepoints.from_text("".join(texts))
    length = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    begin = length.cumsum() - length
    places = np.arange(TRIPLE)
    filled_codes = np.concatenate((codes, np.zeros(TRIPLE, dtype=np.uint32)))
    grams = np.where(places < length[:, None], filled_codes[begin[:, None] + places], np.uint32(0))
    crosses = ((grams[:, :-1] == END) & (grams[:, 1:] == START)).any(axis=1)
    is_outside = crosses | (length > TRIPLE)
    grams[is_outside] = 0
    return grams, np.where(is_outside, 0, length)


class KeyTable:
    """Find keys in a table of slots: the next free slot takes a key whose own is taken (linear probing)."""

    def __init__(self, keys: Keys) -> None:
        width = keys.dtype.itemsize * 8
        bits = max(len(keys) * _SLOTS_PER_KEY, 64).bit_length()
        self._mix, self._shift = keys.dtype.type(_MIX >> (64 - width) | 1), keys.dtype.type(width - bits)
        self._empty = keys.dtype.type(np.iinfo(keys.dtype).max)
        self._keys = np.full(1 << bits, self._empty)
        pending, slot = np.arange(len(keys), dtype=np.int32), self._slot(keys)
        owner = np.full(1 << bits, -1, dtype=np.int32)
        while len(pending):
            is_free = owner[slot] < 0
            owner[slot[is_free]] = pending[is_free]
            is_outside = owner[slot] != pending
            pending, slot = pending[is_outside], (slot[is_outside] + 1) % len(owner)
        self._keys[owner >= 0] = keys[owner[owner >= 0]]
        self._in_use = owner >= 0
        self._numbers = np.maximum(owner, 0)

    def find(self, keys: Keys) -> tuple[Indices, Numbers]:
        """Find which of some keys (n,) are in the table: their indices, and the number of each."""
        slot = self._slot(keys)
        candidates = self._in_use.take(slot).nonzero()[0]
        keys, slot = keys.take(candidates), slot.take(candidates)
        is_known = self._keys.take(slot) == keys
        pending = (~is_known).nonzero()[0]
        while len(pending):
            slot[pending] = following = (slot.take(pending) + 1) % len(self._keys)
            entry = self._keys.take(following)
            same = entry == keys.take(pending)
            is_known[pending[same]] = True
            pending = pending[(entry != self._empty) & ~same]
        index = is_known.nonzero()[0]
        return candidates.take(index), self._numbers.take(slot.take(index))

    @property
    def arrays(self) -> tuple[Keys, Numbers, np.uint64, np.uint64, np.uint64]:
        """The slots' keys and numbers, the factor, the mask and the shift of the hash, for kernels."""
        constants = (self._mix, self._empty, self._shift)
        return (self._keys, self._numbers, *map(np.uint64, constants))  # type: ignore[return-value]

    def _slot(self, keys: Keys) -> Indices:
        return np.asarray((keys * self._mix) >> self._shift, dtype=np.int64)
