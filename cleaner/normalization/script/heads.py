"""Tables of a stage, by which the islands of a long text are looked up all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.normalization.script.phrases import TRIPLE
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.normalization.script.phrases import Stage

    Codes = NDArray[np.intp]

_JOINT, _CHANGING_PAIR, _CHANGING_LONGER = 1, 2, 4
"""Flags of two neighbours: together in some key; a key that changes something; the first of a longer such key."""
_CHANGING = _CHANGING_PAIR | _CHANGING_LONGER
_SPREAD = 16
"""Cells for each pair of neighbours."""
_FEW = 16
"""Places up to which one by one costs less than all at once."""


class Heads:
    """Characters by their places in keys, hashed: too much is possible, too little is not.

    `first`, `second` and `third` hold a number for each character at such a place. `pairs` has the flags of two
    neighbours, `triples` whether a key that changes something begins with three characters, `singles` whether one is
    such a key.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.table = codepoints.mapping_table(stage.characters)
        self.is_needed = bool(stage.openings)
        if not self.is_needed:
            return
        joints = _joints(list(stage.phrases))
        openings = [_openings(stage, length) for length in range(1, TRIPLE + 1)]
        bits = max(12, (joints.shape[1] * _SPREAD).bit_length())
        random = np.random.default_rng(0)
        self.first = _numbers(random, joints[0], bits, 1 << bits)
        self.second = _numbers(random, joints[1], bits, 2 << bits)
        self.third = _numbers(random, openings[2][2], bits, 0)
        self.pairs = np.zeros(4 << bits, dtype=np.uint8)
        pairs = ((joints, _JOINT), (openings[1], _CHANGING_PAIR), (openings[2], _CHANGING_LONGER))
        for (first, second, *_), flag in pairs:
            self.pairs[self.first[first] ^ self.second[second]] |= np.uint8(flag)
        self.triples = np.zeros(4 << bits, dtype=bool)
        self.triples[self.first[openings[2][0]] ^ self.second[openings[2][1]] ^ self.third[openings[2][2]]] = True
        self.singles = np.zeros(codepoints.COUNT, dtype=bool) if openings[0].size else None
        if self.singles is not None:
            self.singles[openings[0][0]] = True

    def look_up(self, text: str) -> tuple[str, Iterator[tuple[int, int]]]:
        """Return a text with all characters replaced, and the islands in which phrases may change something."""
        codes = codepoints.indices(text)
        by_characters = codepoints.to_text(self.table[codes])
        if not self.is_needed:
            return by_characters, iter(())
        flags = np.zeros(len(codes), dtype=np.uint8)
        flags[:-1] = self.pairs[self.first[codes[:-1]] ^ self.second[codes[1:]]]
        if self.singles is not None:
            flags[self.singles[codes]] |= np.uint8(_CHANGING_PAIR)
        starts = (flags > _JOINT).nonzero()[0]
        if starts.size <= _FEW:
            return by_characters, self._few_islands(text, starts.tolist(), flags)
        return by_characters, _islands(starts[self._are_openings(codes, flags, starts)], flags)

    def _few_islands(self, text: str, starts: list[int], flags: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
        """Yield the island around each start where a phrase that changes something may begin."""
        joints, stop = flags.tobytes() if starts else b"", 0
        for start in starts:
            if start >= stop and self.stage.is_opening(text, start):
                begin, stop = start, start + 1
                while begin and joints[begin - 1] & _JOINT:
                    begin -= 1
                while joints[stop - 1] & _JOINT:
                    stop += 1
                yield begin, stop

    def _are_openings(self, codes: Codes, flags: NDArray[np.uint8], starts: Codes) -> NDArray[np.bool_]:
        """Tell at which of these positions a phrase that changes something may begin."""
        first, second, third = (codes.take(starts + place, mode="clip") for place in range(TRIPLE))
        is_longer = self.triples[self.first[first] ^ self.second[second] ^ self.third[third]]
        mask: NDArray[np.bool_] = is_longer | (flags[starts] & _CHANGING_PAIR != 0)
        return mask


def _joints(keys: list[str]) -> Codes:
    """Return all two neighbours of all keys, shape (2, n)."""
    codes = codepoints.indices("\n".join(keys))
    is_inside = (codes[:-1] != codepoints.LINE_FEED) & (codes[1:] != codepoints.LINE_FEED)
    return np.stack([codes[:-1][is_inside], codes[1:][is_inside]])


def _openings(stage: Stage, length: int) -> Codes:
    """Return the openings of so many characters, shape (length, n)."""
    openings = [opening for opening in stage.openings if len(opening) == length]
    return codepoints.indices("".join(openings)).reshape(-1, length).T


def _numbers(random: np.random.Generator, codes: Codes, bits: int, flag: int) -> Codes:
    numbers = np.zeros(codepoints.COUNT, dtype=np.intp)
    members = np.unique(codes)
    numbers[members] = random.integers(0, 1 << bits, len(members)) | flag
    return numbers


def _islands(starts: Codes, flags: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Yield the island around each start, once."""
    ends = ((flags & _JOINT) == 0).nonzero()[0]
    rows = np.unique(np.searchsorted(ends, starts))
    edges = np.concatenate(([0], ends + 1))
    return zip(edges[rows].tolist(), edges[rows + 1].tolist(), strict=True)
