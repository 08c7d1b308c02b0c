"""Learned phrases: which n-grams of characters stand in boilerplate, and which in content.

A line's phrase score is the sum of the weights of its n-grams of one to three characters, divided by the square root
of their number. The n-grams and weights were fitted on labelled pages and can be read: data/phrases.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner import _kernels
from cleaner.judging.model.gram_index import END, GAP, START, GramIndex
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]

LONGEST = 3
"""Characters of the longest n-gram."""
EDGE = 30
"""Characters of a long line that are read at its beginning, and as many at its end."""
UNIT = 1 << 16
"""Parts of one that weights are counted in: sums of whole numbers are exact in any order."""
BLOCK = 1 << 14
"""Characters looked at together, so that arrays of them stay in a core's cache."""
_COUNT_BITS = 12
"""Bits that hold the number of a line's n-grams, below the sum of their weights; an excerpt has some 190."""


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
        result = np.empty(len(starts))
        for first, last in _blocks(stops - starts):
            rows = slice(first, last)
            result[rows] = self.score_excerpts(*excerpt(codes, starts[rows], stops[rows]), last - first)
        return result

    def score_excerpts(self, characters: Codes, line: Indices, count: int) -> NDArray[np.float64]:
        """Score `count` lines as `excerpt` writes them: characters, and the row of each one's line."""
        total, number = self._sum_weights(characters, line, count)
        return np.asarray(total / UNIT / np.sqrt(np.maximum(number, 1)) + self.bias)

    def _sum_weights(self, characters: Codes, line: Indices, count: int) -> tuple[NDArray[Any], Indices]:
        """Sum up the weights of each line's n-grams, in parts of `UNIT`, and count them."""
        if _kernels.active:
            return self._index.sum_weights(characters, line, self._whole_weights, count)
        keys = self._index.find(characters, line, count)
        values = self._entry_values.take(keys & keys.dtype.type((1 << self._index.bits) - 1))
        values[1:] *= keys[1:] != keys[:-1]
        totals = np.concatenate(([0], values.cumsum()))
        sums = np.diff(totals[np.searchsorted(keys, np.arange(count + 1).astype(keys.dtype) << self._index.bits)])
        return sums >> _COUNT_BITS, sums & ((1 << _COUNT_BITS) - 1)

    def strongest(self, text: str, count: int = 3) -> list[tuple[str, float]]:
        """List the n-grams of one folded line that move its score most, with what each adds, in order of size."""
        codes = np.array([text]).view(np.uint32) if text else np.zeros(0, dtype=np.uint32)
        entries = distinct(self._index.find(*excerpt(codes, np.array([0]), np.array([len(text)])), 1))
        grams = self._index.grams.take(entries)
        grams = grams[grams >= 0]
        added = np.bincount(grams, minlength=len(self.weights)) * self.weights / np.sqrt(max(len(grams), 1))
        order = np.argsort(-np.abs(added), kind="stable")[:count].tolist()
        return [(readable(self.texts[phrase]), float(added[phrase])) for phrase in order if added[phrase]]

    @cached_property
    def _whole_weights(self) -> Indices:
        return np.rint(self.weights * UNIT).astype(np.int64)

    @cached_property
    def _entry_values(self) -> Indices:
        """What each entry of the index adds to a line: its weight, and below it one n-gram."""
        grams = self._index.grams
        values = (self._whole_weights << _COUNT_BITS) + 1
        return np.where(grams >= 0, values.take(grams), 0) if len(values) else np.zeros(len(grams), dtype=np.int64)

    @cached_property
    def _index(self) -> GramIndex:
        return GramIndex(self.texts)


def excerpt(codes: Codes, starts: Indices, stops: Indices) -> tuple[Codes, Indices]:
    """Write lines between marks, digits as 0, white space as blanks, long ones without their middle.

    Returns:
        (characters,) uint32 all lines one behind the other, and (characters,) int64 the row of each one's line.
    """
    size = stops - starts
    is_long = size > 2 * EDGE
    length = np.where(is_long, 2 * EDGE + 1, size) + 2
    ends = length.cumsum()
    begins = ends - length
    head = np.where(is_long, EDGE + 1, length)  # what of a line stands before its gap, and behind it
    shift = starts - 1 - begins
    shifts = np.stack((shift, np.where(is_long, shift + size - (2 * EDGE + 1), 0)), axis=1)
    source = np.repeat(shifts.ravel(), np.stack((head, length - head), axis=1).ravel())
    source += np.arange(len(source))
    characters = codes.take(source, mode="clip") if len(codes) else np.zeros(0, np.uint32)
    characters[(characters - np.uint32(ord("0"))) < DIGITS] = ord("0")
    characters[(characters == ord("\t")) | (characters == 0x3000)] = ord(" ")
    characters[begins[is_long] + (EDGE + 1)] = GAP
    characters[begins] = START
    characters[ends - 1] = END
    return characters, np.repeat(np.arange(len(starts)), length)


DIGITS = 10
"""ASCII digits, which follow each other from 0."""


def _blocks(sizes: Indices) -> Iterator[tuple[int, int]]:
    """Divide lines of some `sizes` into ranges of about `BLOCK` characters of their excerpts."""
    ends = np.cumsum(np.minimum(sizes, 2 * EDGE + 1) + 2)
    bounds = np.diff(ends // BLOCK, prepend=0).nonzero()[0] + 1
    yield from pairwise(dict.fromkeys([0, *bounds.tolist(), len(sizes)]))


_READABLE = {START: "^", GAP: "…", END: "$"}


def readable(text: str) -> str:
    """Write an n-gram with its marks as signs: ^ begins a line, $ ends it, … is a long line's middle."""
    return text.translate(_READABLE)


def read(table: str) -> Phrases:
    """Read phrases from a table of lines `n-gram TAB weight`, the first of which is the bias, in JSON strings.

    The n-grams are written with escapes, so that marks, blanks and quotes can be seen.
    """
    import msgspec

    rows = [f"[{row}]" for row in table.splitlines() if row and not row.startswith("#")]
    decode = msgspec.json.Decoder(list[tuple[str, float]]).decode
    pairs: Mapping[str, float] = dict(decode(f"[{','.join(rows)}]".replace("\t", ",")))
    bias = pairs.get("", 0.0)
    weights = {text: weight for text, weight in pairs.items() if text}
    return Phrases(tuple(weights), np.array(list(weights.values())), bias)


def write(phrases: Phrases, head: str) -> str:
    """Write phrases as `read` reads them, the heaviest for boilerplate first; `head` are comment lines."""
    import json

    order = np.argsort(-phrases.weights, kind="stable").tolist()
    rows = [("", phrases.bias), *((phrases.texts[row], float(phrases.weights[row])) for row in order)]
    return head + "".join(f"{json.dumps(text, ensure_ascii=False)}\t{weight:.3f}\n" for text, weight in rows)
