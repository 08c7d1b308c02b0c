"""Texts as passages: the paragraph-sized units that are compared.

A line of at least `MIN_LENGTH` characters is a passage. Neighbouring shorter lines are joined into one passage; when
they have fewer than `MIN_LENGTH` characters together, they are left out. A passage over `MAX_LENGTH` characters is
given whole and, besides, cut into windows: at the positions whose following characters hash lowest within `CUT_REACH`
characters to either side, where a sentence's end always goes before any other position. Windows under `MIN_LENGTH`
characters or over three quarters of the passage are left out. As content alone chooses the cuts, a copied text has the
same windows wherever it stands. Lengths are in code points, without white space around a line.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.model import Passage, Span
from cleaner.text import codepoints, lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_LENGTH = 40
MAX_LENGTH = 240
CUT_REACH = 48
_AHEAD = 8
_NEVER = np.uint32(0xFFFFFFFF)
_FACTOR, _SHIFT, _HALF = np.uint32(0x9E3779B1), np.uint32(15), np.uint32(1)


class PassageRanges(NamedTuple):
    """Passages of a batch of texts, in its order, as arrays (passages,).

    `starts`, `stops`: positions in the batch's text; `documents`: rows of the batch's texts; `numbers`: from 1 in each
    document; `parents`: the passage that a window is cut from, its own index where it is none.
    """

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    documents: NDArray[np.int64]
    numbers: NDArray[np.int64]
    parents: NDArray[np.int64]


def split(document: str, text: str) -> list[Passage]:
    """Split one text into passages, numbered from 1 in the order they begin."""
    ranges = passage_ranges(lines.join((text,)))
    spans = zip(ranges.starts.tolist(), ranges.stops.tolist(), strict=True)
    return [Passage(document, i, Span(a, b), text[a:b]) for i, (a, b) in enumerate(spans, 1)]


def passage_ranges(batch: lines.Batch) -> PassageRanges:
    """Find the passages of all texts of a batch."""
    starts, stops, documents = _paragraphs(batch)
    long = np.flatnonzero(stops - starts > MAX_LENGTH)
    window_starts, window_stops, owner = _windows(batch.codes, starts[long], stops[long])
    parents = np.concatenate((np.arange(len(starts)), long[owner]))
    starts, stops = np.concatenate((starts, window_starts)), np.concatenate((stops, window_stops))
    order = np.lexsort((-stops, starts))
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    documents = documents[parents][order]
    numbers = np.arange(len(order)) - np.searchsorted(documents, documents) + 1
    return PassageRanges(starts[order], stops[order], documents, numbers, position[parents][order])


def _paragraphs(batch: lines.Batch) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Join short neighbouring lines.

    Returns starts, stops and documents of long and of joined lines.
    """
    lengths = batch.stops - batch.starts
    is_short = lengths < MIN_LENGTH
    begins = np.ones(len(lengths), dtype=np.bool_)
    begins[1:] = ~(is_short[1:] & is_short[:-1]) | (batch.documents[1:] != batch.documents[:-1])
    first = np.flatnonzero(begins)
    if not len(first):
        return batch.starts, batch.stops, batch.documents
    is_passage = np.add.reduceat(lengths, first) >= MIN_LENGTH
    last = np.append(first[1:], len(lengths)) - 1
    first, last = first[is_passage], last[is_passage]
    return batch.starts[first], batch.stops[last], batch.documents[first]


def _windows(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut long passages into windows.

    Returns starts, stops, and the index of the passage each is cut from.
    """
    cuts, owner = _cuts(codes, starts, stops)
    owners = np.unique(owner)
    edges = np.concatenate((starts[owners], cuts))
    owner = np.concatenate((owners, owner))
    order = np.argsort(edges)
    edges, owner = edges[order], owner[order]
    ends = stops[owner]
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    ends[inner] = edges[inner + 1]
    lengths = ends - edges
    is_window = (lengths >= MIN_LENGTH) & (4 * lengths <= 3 * (stops - starts)[owner])
    return edges[is_window], ends[is_window], owner[is_window]


def _cuts(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose where long passages are cut: positions, and the index of the passage each is in."""
    if not len(starts):
        return starts, starts
    # all passages side by side, a gap of CUT_REACH before and behind each, so that one sliding minimum serves them all
    gap = np.zeros(CUT_REACH, dtype=np.uint32)
    bodies = [codes[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    scores = _score_cuts(np.concatenate([gap, *(array for body in bodies for array in (body, gap)), gap[:1]]))
    ends = np.cumsum(stops - starts + CUT_REACH)
    gaps = np.add.outer(ends - _AHEAD + 1, np.arange(_AHEAD + CUT_REACH)).ravel()
    scores[: CUT_REACH + 1] = scores[gaps] = _NEVER
    low = _sliding_minimum(scores, CUT_REACH)
    inner = scores[CUT_REACH : -CUT_REACH - 1]
    is_lowest = (inner < low[: len(inner)]) & (inner <= low[CUT_REACH + 1 : -CUT_REACH])
    positions = np.flatnonzero(is_lowest) + CUT_REACH
    owner = np.searchsorted(ends, positions, side="right")
    return stops[owner] - ends[owner] + positions, owner


def _score_cuts(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Score positions as cuts, lowest first.

    A score is a hash of the characters from there, halved after a sentence's end.
    """
    scores, spare = np.zeros((2, len(codes)), dtype=np.uint32)
    if _kernels.active:
        _kernels.active.score_cuts(codes, _kinds(), (_FACTOR,) * _AHEAD, scores)
        return scores
    for step in range(_AHEAD):
        ahead = len(codes) - step
        scores[:ahead] += codes[step:]
        scores *= _FACTOR
        scores ^= np.right_shift(scores, _SHIFT, out=spare)
    kinds = _kinds()[codes]
    scores >>= _HALF
    scores[1:] |= ((kinds[:-1] != _END) | (kinds[1:] != _OTHER)).astype(np.uint32) << np.uint32(31)
    return scores


_OTHER, _END, _CLOSER = range(3)


@cache
def _kinds() -> NDArray[np.uint8]:
    """Classify every code point: the end of a sentence, a closing quote or bracket, or another."""
    table = np.full(codepoints.COUNT, _OTHER, dtype=np.uint8)
    table[[ord(character) for character in "。！？；…!?;\n"]] = _END
    table[[ord(character) for character in "”’」』）》】\"')"]] = _CLOSER
    return table


def _sliding_minimum(values: NDArray[np.uint32], width: int) -> NDArray[np.uint32]:
    """Compute `min(values[i:i + width])` for every i, by doubling."""
    low, length = values, 1
    while length < width:
        step = min(length, width - length)
        low = np.minimum(low[:-step], low[step:])
        length += step
    return np.concatenate((low, np.full(width - 1, _NEVER, dtype=np.uint32)))
