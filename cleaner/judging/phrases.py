"""Learned phrases: which n-grams of characters stand in boilerplate, and which in content.

A line's phrase score is the sum of the weights of its n-grams of one to three characters, divided by the square root
of their number. The n-grams and weights were fitted on labelled pages and can be read: data/phrases.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Keys = NDArray[np.uint64]

LONGEST = 3
"""Characters of the longest n-gram; three code points of 21 bits fit into one key of 64."""
EDGE = 30
"""Characters of a long line that are read at its beginning, and as many at its end."""
START, GAP, END = 2, 1, 3
"""Marks before a line, in place of a long line's middle, and behind it: control characters that no line holds."""
UNIT = 1 << 16
"""Parts of one that weights are counted in: sums of whole numbers are exact in any order."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BITS = 21


class Grams(NamedTuple):
    """N-grams of lines that have a weight.

    Attributes:
        line: (grams,) int64, the row of each one's line.
        phrase: (grams,) int64, which phrase it is.
    """

    line: Indices
    phrase: Indices


@dataclass(frozen=True)
class Phrases:
    """Weighted n-grams.

    Attributes:
        texts: the n-grams; START, GAP and END are written into them as characters, digits as 0.
        weights: (phrases,) float64, log-odds of boilerplate.
        bias: log-odds of a line without any.
    """

    texts: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: float

    def scores(self, codes: Codes, starts: Indices, stops: Indices) -> NDArray[np.float64]:
        """Score lines by their n-grams, in log-odds of boilerplate.

        Args:
            codes: (characters,) uint32, code points of the folded text.
            starts, stops: (lines,) int64, where each line stands in it.

        Returns:
            (lines,) float64; no line changes another's score.
        """
        return self.score_excerpts(*excerpt(codes, starts, stops), len(starts))

    def score_excerpts(self, characters: Codes, line: Indices, count: int) -> NDArray[np.float64]:
        """Score `count` lines as `excerpt` writes them: characters, and the row of each one's line."""
        grams = self.find(characters, line)
        whole = np.rint(self.weights * UNIT)
        total = np.bincount(grams.line, weights=whole[grams.phrase], minlength=count)
        number = np.bincount(grams.line, minlength=count)
        return np.asarray(total / UNIT / np.sqrt(np.maximum(number, 1)) + self.bias)

    def find(self, characters: Codes, line: Indices) -> Grams:
        """Find the n-grams of excerpts that have a weight, each once in a line."""
        rows, phrases = [], []
        key = characters.astype(np.uint64)
        for length in range(1, LONGEST + 1):
            if length > 1:
                key = (key[:-1] << np.uint64(_BITS)) | characters[length - 1 :]
            inside = line[: len(key)] == line[length - 1 :]
            phrase = self._index.find(key)
            there = np.flatnonzero((phrase >= 0) & inside)
            once = there[is_first(line[there] * len(self.texts) + phrase[there])]
            rows.append(line[once])
            phrases.append(phrase[once])
        return Grams(np.concatenate(rows), np.concatenate(phrases))

    def strongest(self, text: str, count: int = 3) -> list[tuple[str, float]]:
        """List the n-grams of one folded line that move its score most, with what each adds, in order of size."""
        codes = np.array([text]).view(np.uint32) if text else np.zeros(0, dtype=np.uint32)
        grams = self.find(*excerpt(codes, np.array([0]), np.array([len(text)]))).phrase
        added = np.bincount(grams, minlength=len(self.weights)) * self.weights / np.sqrt(max(len(grams), 1))
        order = np.argsort(-np.abs(added), kind="stable")[:count].tolist()
        return [(readable(self.texts[phrase]), float(added[phrase])) for phrase in order if added[phrase]]

    @cached_property
    def _index(self) -> KeyIndex:
        return KeyIndex(np.array([_key(text) for text in self.texts], dtype=np.uint64))


class KeyIndex:
    """Find 64-bit keys in a table of slots: the next free slot takes a key whose own is taken (linear probing)."""

    def __init__(self, keys: Keys) -> None:
        bits = max(len(keys) * 8, 64).bit_length()
        self._shift = np.uint64(64 - bits)
        self._keys = np.append(keys, np.uint64(0))
        self._slots = np.full((1 << bits) + 1, len(keys), dtype=np.int32)
        self._count = len(keys)
        for number, slot in enumerate(self._slot(keys).tolist()):
            while self._slots[slot] != self._count:
                slot = (slot + 1) % (1 << bits)
            self._slots[slot] = number

    def find(self, keys: Keys) -> Indices:
        """Find the number of each key, -1 for those that are not in the table."""
        slot = self._slot(keys)
        number = self._slots.take(slot)
        result = np.where(self._keys.take(number) == keys, number, -1).astype(np.int64)
        result[number == self._count] = -1
        pending = np.flatnonzero((number != self._count) & (result < 0))
        while len(pending):
            slot[pending] = (slot[pending] + 1) % (len(self._slots) - 1)
            number = self._slots[slot[pending]]
            same = (number != self._count) & (self._keys[number] == keys[pending])
            result[pending[same]] = number[same]
            pending = pending[(number != self._count) & ~same]
        return result

    def _slot(self, keys: Keys) -> Indices:
        return ((keys * _MIX) >> self._shift).astype(np.int64)


def is_first(keys: Indices) -> NDArray[np.bool_]:
    """Mark one of each set of equal keys (n,).

    Keys are thrown into slots; what meets another key in its slot is looked at again, exactly.
    """
    slot = ((keys.astype(np.uint64) * _MIX) >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
    owner = np.empty(1 << _SLOT_BITS, dtype=np.int64)
    numbers = np.arange(len(keys))
    owner[slot] = numbers
    winner = owner[slot]
    first = winner == numbers
    others = np.flatnonzero(keys[winner] != keys)
    first[others[np.unique(keys[others], return_index=True)[1]]] = True
    return np.asarray(first)


_SLOT_BITS = 20


def excerpt(codes: Codes, starts: Indices, stops: Indices) -> tuple[Codes, Indices]:
    """Write lines between marks, digits as 0, white space as blanks, long ones without their middle.

    Returns:
        (characters,) uint32 all lines one behind the other, and (characters,) int64 the row of each one's line.
    """
    size = stops - starts
    is_long = size > 2 * EDGE
    length = np.where(is_long, 2 * EDGE + 1, size) + 2
    line = np.repeat(np.arange(len(starts)), length)
    place = np.arange(len(line)) - np.repeat(np.cumsum(length) - length, length)
    source = np.repeat(starts - 1, length) + place
    behind = is_long[line] & (place > EDGE + 1)
    source += np.where(behind, np.repeat(size - (2 * EDGE + 1), length), 0)
    characters = codes.take(np.clip(source, 0, max(len(codes) - 1, 0))) if len(codes) else np.zeros(0, np.uint32)
    characters = np.where((characters >= ord("0")) & (characters <= ord("9")), ord("0"), characters)
    characters = np.where((characters == ord("\t")) | (characters == 0x3000), ord(" "), characters)
    characters[is_long[line] & (place == EDGE + 1)] = GAP
    characters[place == 0] = START
    characters[place == np.repeat(length - 1, length)] = END
    return characters.astype(np.uint32), line


def _key(text: str) -> int:
    """Pack the code points of an n-gram."""
    key = 0
    for character in text:
        key = (key << _BITS) | ord(character)
    return key


_READABLE = {START: "^", GAP: "…", END: "$"}


def readable(text: str) -> str:
    """Write an n-gram with its marks as signs: ^ begins a line, $ ends it, … is a long line's middle."""
    return text.translate(_READABLE)


def read(table: str) -> Phrases:
    """Read phrases from a table of lines `n-gram TAB weight`, the first of which is the bias, in JSON strings.

    The n-grams are written with escapes, so that marks, blanks and quotes can be seen.
    """
    import msgspec

    rows = [row.split("\t") for row in table.splitlines() if row and not row.startswith("#")]
    pairs: Mapping[str, float] = {msgspec.json.decode(text): float(weight) for text, weight in rows}
    bias = pairs.get("", 0.0)
    texts = tuple(text for text in pairs if text)
    return Phrases(texts, np.array([pairs[text] for text in texts]), bias)


def write(phrases: Phrases, head: str) -> str:
    """Write phrases as `read` reads them, the heaviest for boilerplate first; `head` are comment lines."""
    import json

    order = np.argsort(-phrases.weights, kind="stable").tolist()
    rows = [("", phrases.bias), *((phrases.texts[row], float(phrases.weights[row])) for row in order)]
    return head + "".join(f"{json.dumps(text, ensure_ascii=False)}\t{weight:.3f}\n" for text, weight in rows)
