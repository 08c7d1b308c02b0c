"""Texts as passages: the paragraph-sized units that are compared as one.

The rule. A line of at least `SHORT` characters is a passage. Neighbouring shorter lines are joined into one passage;
when they have fewer than `SHORT` characters together, they are left out. A passage over `LONG` characters is given
whole and, besides, cut into windows: at the places whose following characters hash lowest within `REACH` characters
to either side, where a sentence's end always goes before any other place. Windows under `SHORT` characters or over
three quarters of the passage are left out. As content alone chooses the cuts, a copied part has the same windows
wherever it stands. Lengths are in code points, without white space around a line.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.model import Passage, Span
from cleaner.text import lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORT = 40
LONG = 240
REACH = 48
_AHEAD = 8
_NEVER = np.uint32(0xFFFFFFFF)
_FACTOR, _SHIFT, _HALF = np.uint32(0x9E3779B1), np.uint32(15), np.uint32(1)


class Ranges(NamedTuple):
    """Passages of a block, in its order, as arrays (passages,).

    `starts`, `stops`: positions in the block's text; `documents`: rows of the block's texts; `numbers`: from 1 in each
    document; `parents`: the passage that a window is cut from, its own index where it is none.
    """

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    documents: NDArray[np.int64]
    numbers: NDArray[np.int64]
    parents: NDArray[np.int64]


def split(document: str, text: str) -> list[Passage]:
    """The passages of one text, numbered from 1 in the order they begin."""
    found = ranges(lines.block((text,)))
    spans = zip(found.starts.tolist(), found.stops.tolist(), strict=True)
    return [Passage(document, i, Span(a, b), text[a:b]) for i, (a, b) in enumerate(spans, 1)]


def ranges(block: lines.Block) -> Ranges:
    """The passages of all texts of a block."""
    starts, stops, documents = _paragraphs(block)
    long = np.flatnonzero(stops - starts > LONG)
    cut_starts, cut_stops, cut = _windows(block.codes, starts[long], stops[long])
    parents = np.concatenate((np.arange(len(starts)), long[cut]))
    starts, stops = np.concatenate((starts, cut_starts)), np.concatenate((stops, cut_stops))
    order = np.lexsort((-stops, starts))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    documents = documents[parents][order]
    numbers = np.arange(len(order)) - np.searchsorted(documents, documents) + 1
    return Ranges(starts[order], stops[order], documents, numbers, place[parents][order])


def _paragraphs(block: lines.Block) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Lines, short neighbours joined: their starts, stops and documents."""
    lengths = block.stops - block.starts
    short = lengths < SHORT
    first = np.ones(len(lengths), dtype=np.bool_)
    first[1:] = ~(short[1:] & short[:-1]) | (block.documents[1:] != block.documents[:-1])
    begin = np.flatnonzero(first)
    if not len(begin):
        return block.starts, block.stops, block.documents
    enough = np.add.reduceat(lengths, begin) >= SHORT
    end = np.append(begin[1:], len(lengths)) - 1
    begin, end = begin[enough], end[enough]
    return block.starts[begin], block.stops[end], block.documents[begin]


def _windows(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The windows of long passages: starts, stops, and which of the passages each is cut from."""
    cuts, owner = _cuts(codes, starts, stops)
    cut = np.unique(owner)
    edges = np.concatenate((starts[cut], cuts))
    owner = np.concatenate((cut, owner))
    order = np.argsort(edges)
    edges, owner = edges[order], owner[order]
    ends = stops[owner]
    more = np.flatnonzero(owner[1:] == owner[:-1])
    ends[more] = edges[more + 1]
    lengths = ends - edges
    wide = (lengths >= SHORT) & (4 * lengths <= 3 * (stops - starts)[owner])
    return edges[wide], ends[wide], owner[wide]


def _cuts(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where long passages are cut: positions, and which of the passages each is in."""
    if not len(starts):
        return starts, starts
    # all passages side by side, a gap of REACH before and behind each, so that one sliding minimum serves them all
    gap = np.zeros(REACH, dtype=np.uint32)
    own = [codes[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    value = _values(np.concatenate([gap, *(part for piece in own for part in (piece, gap)), gap[:1]]))
    ends = np.cumsum(stops - starts + REACH)
    value[: REACH + 1] = value[np.add.outer(ends - _AHEAD + 1, np.arange(_AHEAD + REACH)).ravel()] = _NEVER
    low = _sliding_minimum(value, REACH)
    inner = value[REACH : -REACH - 1]
    chosen = np.flatnonzero((inner < low[: len(inner)]) & (inner <= low[REACH + 1 : -REACH])) + REACH
    owner = np.searchsorted(ends, chosen, side="right")
    return stops[owner] - ends[owner] + chosen, owner


def _values(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What makes a place a cut, lowest first: a hash of the characters from it, halved after a sentence's end."""
    hashes, spare = np.zeros((2, len(codes)), dtype=np.uint32)
    if _kernels.loaded:
        _kernels.loaded.values(codes, _kinds(), (_FACTOR,) * _AHEAD, hashes)
        return hashes
    for step in range(_AHEAD):
        ahead = len(codes) - step
        hashes[:ahead] += codes[step:]
        hashes *= _FACTOR
        hashes ^= np.right_shift(hashes, _SHIFT, out=spare)
    kinds = _kinds()[codes]
    hashes >>= _HALF
    hashes[1:] |= ((kinds[:-1] != _END) | (kinds[1:] != _OTHER)).astype(np.uint32) << np.uint32(31)
    return hashes


_OTHER, _END, _CLOSER = range(3)


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point says of a cut before or behind it."""
    table = np.full(0x110000, _OTHER, dtype=np.uint8)
    table[[ord(character) for character in "。！？；…!?;\n"]] = _END
    table[[ord(character) for character in "”’」』）》】\"')"]] = _CLOSER
    return table


def _sliding_minimum(values: NDArray[np.uint32], width: int) -> NDArray[np.uint32]:
    """`min(values[i:i + width])` for every i, by doubling."""
    low, length = values, 1
    while length < width:
        step = min(length, width - length)
        low = np.minimum(low[:-step], low[step:])
        length += step
    return np.concatenate((low, np.full(width - 1, _NEVER, dtype=np.uint32)))
