"""Index of n-grams of one to three characters: where in a text which of them stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Numbers = NDArray[np.int32]
    Keys = NDArray[Any]

START, GAP, END = 2, 1, 3
"""Marks before a line, in place of a long line's middle, and behind it: control characters that no line holds."""
_CROSSING = chr(END) + chr(START)
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
    """

    def __init__(self, texts: Sequence[str]) -> None:
        inside = {text: number for number, text in enumerate(texts) if _CROSSING not in text}  # others cross lines
        alphabet = sorted({ord(character) for text in inside for character in text})
        self.letters = np.zeros(max(alphabet, default=0) + 2, dtype=np.uint32)
        self.letters[alphabet] = np.arange(1, len(alphabet) + 1)
        letter = {chr(code): number for number, code in enumerate(alphabet, start=1)}
        self.count = len(alphabet) + 1
        self.singles = np.full(self.count, -1, dtype=np.int32)
        long = sorted(text for text in inside if len(text) == 3)
        pairs = {
            text: number
            for number, text in enumerate(
                dict.fromkeys([*(text for text in inside if len(text) == 2), *(text[:2] for text in long)])
            )
        }
        for text, number in inside.items():
            if len(text) == 1:
                self.singles[letter[text]] = number
        limit = max(self.count, len(pairs)) * self.count
        self._key_type: Any = np.uint32 if limit < np.iinfo(np.uint32).max else np.uint64
        self.pairs = self._table([letter[text[0]] * self.count + letter[text[1]] for text in pairs])
        self.pair_grams = np.array([inside.get(text, -1) for text in pairs], dtype=np.int32)
        self.is_prefix = np.zeros(len(pairs), dtype=np.bool_)
        self.is_prefix[[pairs[text[:2]] for text in long]] = True
        self.triples = self._table([pairs[text[:2]] * self.count + letter[text[2]] for text in long])
        self.triple_grams = np.array([inside[text] for text in long], dtype=np.int32)

    def _table(self, keys: list[int]) -> KeyTable:
        return KeyTable(np.array(keys, dtype=self._key_type))

    def find(self, characters: Codes) -> tuple[Indices, Indices]:
        """Find where n-grams begin, and which they are, each (n,) int64."""
        letters = self.letters.take(characters, mode="clip")
        single = self.singles.take(letters)
        where = np.flatnonzero(single >= 0)
        letters = letters.astype(self._key_type, copy=False)
        at_pair, pair = self.pairs.find(letters[:-1] * self._key_type(self.count) + letters[1:])
        is_gram = np.flatnonzero(self.pair_grams.take(pair) >= 0)
        goes_on = np.flatnonzero(self.is_prefix.take(pair) & (at_pair < len(letters) - 2))
        begins, prefix = at_pair.take(goes_on), pair.take(goes_on).astype(self._key_type)
        third, triple = self.triples.find(prefix * self._key_type(self.count) + letters.take(begins + 2))
        position = np.concatenate((where, at_pair.take(is_gram), begins.take(third)))
        grams = (single.take(where), self.pair_grams.take(pair.take(is_gram)), self.triple_grams.take(triple))
        return position, np.concatenate(grams).astype(np.int64)


class KeyTable:
    """Find keys in a table of slots: the next free slot takes a key whose own is taken (linear probing)."""

    def __init__(self, keys: Keys) -> None:
        width = keys.dtype.itemsize * 8
        bits = max(len(keys) * _SLOTS_PER_KEY, 64).bit_length()
        self._mix, self._shift = keys.dtype.type(_MIX >> (64 - width) | 1), keys.dtype.type(width - bits)
        self._empty = keys.dtype.type(np.iinfo(keys.dtype).max)
        self._keys = np.full(1 << bits, self._empty)
        self._numbers = np.zeros(1 << bits, dtype=np.int32)
        for number, (slot, key) in enumerate(zip(self._slot(keys).tolist(), keys.tolist(), strict=True)):
            while self._keys[slot] != self._empty:
                slot = (slot + 1) % len(self._keys)
            self._keys[slot], self._numbers[slot] = key, number

    def find(self, keys: Keys) -> tuple[Indices, Numbers]:
        """Find which of some keys (n,) are in the table: their indices, and the number of each."""
        slot = self._slot(keys)
        entry = self._keys.take(slot)
        is_known = entry == keys
        pending = np.flatnonzero((entry != self._empty) & ~is_known)
        while len(pending):
            slot[pending] = (slot.take(pending) + 1) % len(self._keys)
            entry = self._keys.take(slot.take(pending))
            same = entry == keys.take(pending)
            is_known[pending[same]] = True
            pending = pending[(entry != self._empty) & ~same]
        index = np.flatnonzero(is_known)
        return index, self._numbers.take(slot.take(index))

    def _slot(self, keys: Keys) -> Indices:
        return np.asarray((keys * self._mix) >> self._shift, dtype=np.int64)
