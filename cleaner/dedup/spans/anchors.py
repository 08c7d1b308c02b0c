"""Anchors: places of a text that its content alone chooses, so that a copy has them wherever it stands.

Every run of `gram` characters is hashed, and of each `window` neighbouring runs the one with the lowest hash is an
anchor (winnowing: Schleimer, Wilkerson and Aiken 2003). Two texts that share `gram + window - 1` characters share an
anchor there, without exception. Where a text repeats itself within a window, only its last anchor counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from cleaner import _kernels
from cleaner.dedup import shingles
from cleaner.dedup.spans.folds import fold_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.spans.folds import FoldedTexts

_MIX = np.uint64(0xBF58476D1CE4E5B9)
"""A multiplier of SplitMix64."""
_HALF = np.uint64(32)
KEY_BYTES = 256
"""Values of a key's first byte."""


class Sampling(NamedTuple):
    """How anchors are chosen: characters of a hashed run, and how many neighbours share one."""

    gram: int
    window: int

    @classmethod
    def of(cls, min_span: int) -> Sampling:
        """Choose both so that no repeated span of `min_span` characters is missed; two thirds are hashed together."""
        gram = 2 * min_span // 3
        return cls(gram, min_span - gram + 1)


class Anchors(NamedTuple):
    """Anchors as arrays (anchors,), ascending by text and position.

    `keys`: the hash of the run that begins there. `texts`: rows of the collection. `positions`: in the text's ink.
    """

    keys: NDArray[np.uint64]
    texts: NDArray[np.int32]
    positions: NDArray[np.int32]

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Anchors:
        """Return some anchors."""
        return Anchors._make(column[rows] for column in self)

    def histogram(self) -> NDArray[np.int64]:
        """Count the anchors by the first byte of their key, (256,)."""
        return np.bincount(self._first_bytes(), minlength=KEY_BYTES)

    def between(self, first: int, stop: int) -> Anchors:
        """Return the anchors whose keys begin with a byte from `first` up to but not `stop`."""
        # numbers below the first wrap around
        return self.select(np.flatnonzero(self._first_bytes() - np.uint8(first) < stop - first))

    def _first_bytes(self) -> NDArray[np.uint8]:
        return self.keys.astype("<u8", copy=False).view(np.uint8)[7::8]


class AnchorSource(Protocol):
    """Reads the anchors of all texts, wherever they are."""

    def histogram(self) -> NDArray[np.int64]:
        """Count the anchors by the first byte of their key, (256,)."""

    def between(self, first: int, stop: int) -> Anchors:
        """Return those whose keys begin with a byte of a range, ascending by text and position."""


class SelectedAnchors(NamedTuple):
    """The anchors of some texts: `is_selected` (texts,)."""

    source: AnchorSource
    is_selected: NDArray[np.bool_]

    def histogram(self) -> NDArray[np.int64]:
        """Count those of all texts."""
        return self.source.histogram()

    def between(self, first: int, stop: int) -> Anchors:
        """Return those whose keys begin with a byte of a range."""
        anchors = self.source.between(first, stop)
        return anchors.select(self.is_selected[anchors.texts])


def find_anchors(texts: Sequence[str], min_span: int) -> Anchors:
    """Find the anchors of some texts, which are numbered from 0."""
    return sample(fold_texts(texts), Sampling.of(min_span))


def concatenate_anchors(batches: Iterable[tuple[int, Anchors]]) -> Anchors:
    """Join anchors of batches, each with its number of texts; texts are numbered through."""
    joined, before = [_EMPTY], 0
    for count, anchors in batches:
        joined.append(anchors._replace(texts=anchors.texts + np.int32(before)))
        before += count
    return Anchors._make(np.concatenate(column) for column in zip(*joined, strict=True))


_EMPTY = Anchors(np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, np.int32))


def sample(ink: FoldedTexts, sampling: Sampling) -> Anchors:
    """Choose the anchors of folded texts."""
    if _kernels.active:
        return _sample_compiled(ink, sampling)
    keys = shingles.hash_shingles(ink.codes, sampling.gram)
    if len(keys) < sampling.window:
        return _EMPTY
    reach_out = _reach_out(ink.bounds, len(keys), sampling.gram)
    positions = _select_minima(_score(keys), reach_out, sampling.window)
    texts = np.searchsorted(ink.bounds, positions, side="right") - 1
    keys = keys[positions]
    # a key that follows itself within a window counts once, at its last place
    is_repeated = (keys[1:] == keys[:-1]) & (texts[1:] == texts[:-1])
    is_repeated &= positions[1:] - positions[:-1] <= sampling.window
    keep = np.append(~is_repeated, True)[: len(positions)]
    positions, texts = positions[keep], texts[keep]
    return Anchors(keys[keep], texts.astype(np.int32), (positions - ink.bounds[texts]).astype(np.int32))


def _sample_compiled(ink: FoldedTexts, sampling: Sampling) -> Anchors:
    assert _kernels.active
    factors = (np.uint64(shingles.power(1)), np.uint64(shingles.power(sampling.gram - 1)), _MIX)
    size = len(ink.codes)
    columns = np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int32)
    count = _kernels.active.sample_anchors(*ink, tuple(sampling), factors, *columns)
    return Anchors._make(column[:count].copy() for column in columns)


def _score(keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Mix hashes to scores above 0, as the low half of a polynomial hash knows little of its text."""
    scores = keys >> _HALF
    scores ^= keys
    scores *= _MIX
    scores >>= _HALF
    return scores.astype(np.uint32) | np.uint32(1)


def _reach_out(bounds: NDArray[np.int64], count: int, gram: int) -> NDArray[np.bool_]:
    """Mark the runs that reach out of their text, (count,)."""
    reach_out = np.zeros(count, dtype=np.bool_)
    for stop, start in zip(bounds[1:-1].tolist(), bounds[:-2].tolist(), strict=True):
        reach_out[max(start, stop - gram + 1) : stop] = True
    return reach_out


def _select_minima(scores: NDArray[np.uint32], reach_out: NDArray[np.bool_], window: int) -> NDArray[np.int64]:
    """Find the positions that have the lowest score of some window that lies in one text, ascending."""
    low = _sliding(np.minimum, scores, window)
    is_partial = _sliding(np.maximum, reach_out.view(np.uint8), window) > 0
    low[is_partial] = 0
    padding = np.zeros(window - 1, dtype=np.uint32)
    highest_low = _sliding(np.maximum, np.concatenate((padding, low, padding)), window)
    return np.flatnonzero((scores == highest_low) & ~reach_out)


def _sliding(choose: np.ufunc, values: NDArray, width: int) -> NDArray:  # type: ignore[type-arg]
    """Compute the extreme of `values[i:i + width]` for every i where there are so many, by doubling."""
    extremes, length = values, 1
    while length < width:
        step = min(length, width - length)
        extremes = choose(extremes[:-step], extremes[step:])
        length += step
    return extremes
