"""Where literals stand in a text: Aho and Corasick's automaton (1975, as `ahocorasick_rs`) over bytes of our own.

Two bytes stand for each character that a literal has and zeros for all others, so that the automaton rests on most of
a text and its tables stay small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from cleaner.errors import PackError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST = 127 * 128
"""How many different characters literals may have."""


class Automaton:
    """Finds all of `words`, overlapping ones too."""

    def __init__(self, words: Sequence[str]) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        self._pairs = _pairs(words)
        encoded = [self._encoded(np.array([ord(char) for char in word])) for word in words] or [b"\1\1"]
        self._automaton = BytesAhoCorasick(encoded, implementation=Implementation.DFA)

    def find(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which words stand where in code points, each (n,): indices of words, and the places they begin at."""
        raw = self._automaton.find_matches_as_indexes(self._encoded(codes), overlapping=True)
        table = np.fromiter(chain.from_iterable(raw), dtype=np.int64, count=3 * len(raw)).reshape(-1, 3)
        return table[:, 0], table[:, 1] >> 1

    def _encoded(self, codes: NDArray[np.uint32]) -> bytes:
        return self._pairs.take(codes, mode="clip").tobytes()


def _pairs(words: Iterable[str]) -> NDArray[np.uint16]:
    """For each code point two bytes, the first below 128, the second above, so that words are found at characters only.

    Characters that no word has get zeros, so the automaton rests on most of a text. The last entry is such a one.
    """
    letters = sorted({ord(char) for char in "".join(words)})
    if len(letters) > _MOST:
        raise PackError(f"the literals of a pack have {len(letters)} different characters, more than {_MOST}: split it")
    pairs = np.zeros((letters[-1] if letters else 0) + 2, dtype="<u2")
    number = np.arange(len(letters))
    pairs[letters] = (1 + number // 128) | (128 + number % 128) << 8
    return pairs
