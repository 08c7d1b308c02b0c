"""Which sets of characters texts draw on: one look at many texts tells which steps have nothing to do in which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Set = str | Places
    Narrowing = Callable[[Places, Places], NDArray[np.bool_]]

_BASIC = 0x10000
_BLANK = 15


class Signs(NamedTuple):
    """What a text holds: bit i of `bits` for the set i, and the number of its characters that are not white space."""

    bits: int
    size: int


class Reader:
    """Looks for up to 15 sets of characters: code points, or as a regular expression has them, `[a-z]`, "" for none.

    Beyond U+FFFF every set counts as holding all. `narrowed`: by the number of a set a function that tells, of code
    points and the places (n,) where the set's stand among them, which places count.
    """

    def __init__(self, sets: Sequence[Set], narrowed: Mapping[int, Narrowing]) -> None:
        self._table = np.zeros(_BASIC + 1, dtype=np.uint16)
        for at, members in ((_BLANK, r"\s"), *enumerate(sets)):
            for run in runs(members):
                self._table[run] |= 1 << at
            self._table[_BASIC] |= bool(len(members)) << at
        self._table[_BASIC] &= ~np.uint16(1 << _BLANK)
        self._narrowed = narrowed

    def read(self, texts: Sequence[str]) -> list[Signs]:
        """The signs of each text."""
        if not texts:
            return []
        codes = codepoints.of("\n".join((*texts, "")))
        marks = self._table.take(codes, mode="clip")
        places = (marks != 0).nonzero()[0]
        marks = marks[places]
        present = int(np.bitwise_or.reduce(marks))
        for at, counts in self._narrowed.items():
            if present >> at & 1:
                held = (marks & (1 << at) != 0).nonzero()[0]
                marks[held[~counts(codes, places[held])]] &= ~np.uint16(1 << at)
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        edges = np.searchsorted(places, np.cumsum(lengths) - lengths)
        bits = np.bitwise_or.reduceat(marks & ((1 << _BLANK) - 1), edges)
        blanks = np.add.reduceat(marks >> _BLANK, edges, dtype=np.int64)
        return [Signs(*pair) for pair in zip(bits.tolist(), (lengths - blanks).tolist(), strict=True)]


def runs(members: Set) -> Iterator[slice | Places]:
    """The members up to U+FFFF, as parts of a table."""
    if not isinstance(members, str):
        yield members[members < _BASIC]
    elif members:
        yield from (slice(*run.span()) for run in re.finditer(f"(?:{members})+", _basic()))


@cache
def _basic() -> str:
    return "".join(map(chr, range(_BASIC)))
