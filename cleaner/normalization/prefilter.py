"""Look at many texts once to learn which steps have nothing to do in which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.text.codepoints import BASIC, indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]
    CharacterSet = str | Positions
    Narrow = Callable[[Positions, Positions], NDArray[np.bool_]]

_WIDTH = 16
"""Bits of a table's entry: 64 K entries of this width stay in cache. More triggers take twice as wide ones."""


class Trigger(NamedTuple):
    """Characters of which a text holds one wherever a step has something to do.

    `characters`: code points, or as a regular expression's set, `[a-z]`, "" for none. `narrow`: given the code points
    of all texts and the positions (n,) of those characters among them, a mask (n,) of the positions that count.
    """

    characters: CharacterSet
    narrow: Narrow | None = None


NEVER, ALWAYS = Trigger(""), Trigger("(?s:.)")


class Scan(NamedTuple):
    """A text at a glance: bit i of `bits` is set for the trigger i, `size` counts characters but white space."""

    bits: int
    size: int


class Prefilter:
    """Looks up the characters of many texts in one table, which has a bit for each trigger and one for white space.

    Code points up to U+FFFF are told apart; beyond, every set that is not empty counts as holding all.
    """

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        dtype = np.uint16 if len(triggers) < _WIDTH else np.uint32
        self._blank = len(triggers)
        self._table: NDArray[Any] = np.zeros(BASIC + 1, dtype=dtype)
        for index, characters in enumerate((*(trigger.characters for trigger in triggers), r"\s")):
            for members in basic_members(characters):
                self._table[members] |= dtype(1 << index)
        for index, trigger in enumerate(triggers):
            self._table[BASIC] |= dtype(bool(len(trigger.characters)) << index)
        self._narrows = [(dtype(1 << index), trigger.narrow) for index, trigger in enumerate(triggers)]

    def scan(self, texts: Sequence[str]) -> list[Scan]:
        """Scan each of many texts."""
        if not texts:
            return []
        codes = indices("\n".join((*texts, "")))
        marks = self._table.take(codes, mode="clip")
        positions = (marks != 0).nonzero()[0]
        marks = marks[positions]
        self._unset_narrowed(marks, codes, positions)
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        edges = np.searchsorted(positions, np.cumsum(lengths) - lengths)
        bits = np.bitwise_or.reduceat(marks & marks.dtype.type((1 << self._blank) - 1), edges)
        blanks = np.add.reduceat(marks >> self._blank, edges, dtype=np.int64)
        return [Scan(*pair) for pair in zip(bits.tolist(), (lengths - blanks).tolist(), strict=True)]

    def _unset_narrowed(self, marks: NDArray[Any], codes: Positions, positions: Positions) -> None:
        """Unset the bits of triggers where their `narrow` says that the character does not count."""
        present = np.bitwise_or.reduce(marks)
        for bit, narrow in self._narrows:
            if narrow and present & bit:
                candidates = (marks & bit).nonzero()[0]
                marks[candidates[~narrow(codes, positions[candidates])]] &= ~bit


def basic_members(characters: CharacterSet) -> Iterator[slice | Positions]:
    """Yield the members of a set up to U+FFFF, as indices into a table."""
    if not isinstance(characters, str):
        yield characters[characters < BASIC]
    elif characters:
        yield from (slice(*run.span()) for run in re.finditer(f"(?:{characters})+", _basic()))


@cache
def _basic() -> str:
    return "".join(map(chr, range(BASIC)))
