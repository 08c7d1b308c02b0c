"""How a document is laid out: what its lines are and where its body begins and ends. From the text alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cleaner.features import counts, line
from cleaner.features import prose as kinds
from cleaner.text import segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Block

_EDGE = 3
"""Lines at either end of a document or body that are head or tail however long it is."""


@dataclass(frozen=True)
class Layout:
    """The lines of a block. `codes` (text,) uint32: code points of the folded text.

    `looks`: columns (lines,) on each line by itself, by name; lines of code, tables, verse and hard-wrapped paragraphs
    have those of a sentence. `prose` (lines,) bool: running text of any kind. `gain` (lines,) float64: what a line adds
    to a body or takes from it. `start`, `stop` (lines,) int64: rows of the body of each line's document, equal where
    there is none. `stands`: "head", "body" and "tail", each (lines,) bool; without a body a line stands in all three.
    """

    block: Block
    codes: NDArray[np.uint32]
    counted: counts.Characters
    rows: segments.Rows
    looks: line.Looks
    prose: NDArray[np.bool_]
    gain: NDArray[np.float64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    stands: Mapping[str, NDArray[np.bool_]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each line that are not white space."""
        return self.counted.lengths


def lay_out(block: Block, folded: str) -> Layout:
    """Find out what the lines of a block are; `folded` is its folded text. There must be at least one line."""
    counted = counts.of(block, folded)
    codes = counted.codes
    rows = segments.rows(block.documents)
    seen = line.look(block, codes, counted)
    sentences = kinds.sentences(seen, counted)
    prose = sentences | kinds.others(block, codes, seen, counted, rows)
    seen = line.as_sentences(seen, prose & ~sentences)
    gain = _gain(seen, counted.lengths, prose)
    start, stop = rows.densest(gain)
    return Layout(block, codes, counted, rows, seen, prose, gain, start, stop, _stands(rows, start, stop))


def _gain(seen: line.Looks, lengths: NDArray[np.int64], prose: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Prose adds by the logarithm of its length, text cut off in the middle less; other lines take a little."""
    bits = np.minimum(np.log2(np.maximum(lengths, 1)), 8)
    gain = np.where(prose, np.where(seen["cut"], 1.0, bits - 2), -0.7)
    return np.where(~prose & seen["ends"], 0.5, gain)


def _stands(rows: segments.Rows, start: NDArray[np.int64], stop: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    at = np.arange(len(start))
    none = start == stop
    edge = np.maximum((stop - start) // 4, _EDGE)
    return {
        "head": none | (at < start + edge) | (rows.position < _EDGE),
        "body": none | ((at >= start) & (at < stop)),
        "tail": none | (at >= stop - edge) | (at >= rows.high - _EDGE),
    }
