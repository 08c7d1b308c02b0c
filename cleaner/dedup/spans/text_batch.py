"""Batches of texts with their ink, and where it stood: there stretches shrink, and are placed and described."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import shingles
from cleaner.dedup.spans import origin_hints
from cleaner.dedup.spans.folds import fold_table
from cleaner.dedup.spans.sentences import sentence_bounds_of
from cleaner.text import codepoints
from cleaner.text.segments import run_start_mask, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Fetch = Callable[[NDArray[np.int64]], NDArray[np.uint32]]

BATCH_CHARACTERS = 1 << 20
"""Characters of the texts that are looked at together."""
MIN_CUT = 10
"""Characters of a whole sentence that is worth a cut, at least."""


class Stretches(NamedTuple):
    """Stretches of ink in texts of a batch, as arrays: text, start and stop in its ink."""

    texts: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def select(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Stretches:
        """Return some stretches."""
        return Stretches._make(column[rows] for column in self)


def text_batches(
    stretches: Stretches, lengths: NDArray[np.int64], fetch: Fetch
) -> Iterator[tuple[NDArray[np.int64], TextBatch, Stretches]]:
    """Yield rows of stretches by their texts, these texts, and the stretches with texts numbered among them."""
    order = np.argsort(stretches.texts, kind="stable")
    texts = stretches.texts[order]
    is_first = run_start_mask(texts)
    sizes = np.cumsum(np.where(is_first, lengths[texts], 0)) // BATCH_CHARACTERS
    # all of one text together
    sizes = sizes[np.flatnonzero(is_first)][np.cumsum(is_first) - 1] if len(texts) else sizes
    for rows in np.split(order, run_starts(sizes)[1:]) if len(order) else ():
        rows_of_texts, numbers = np.unique(stretches.texts[rows], return_inverse=True)
        local = Stretches(numbers.astype(np.int64), stretches.starts[rows], stretches.stops[rows])
        yield rows, TextBatch(fetch(rows_of_texts), lengths[rows_of_texts]), local


class TextBatch:
    """Some texts with their ink, and where it stood."""

    def __init__(self, codes: NDArray[np.uint32], lengths: NDArray[np.int64]) -> None:
        """Take texts that are given end to end, with their lengths; a line break is put between them."""
        self._edges = np.concatenate(([0], np.cumsum(lengths + 1)))
        self._codes = np.insert(codes, np.cumsum(lengths)[:-1], codepoints.LINE_FEED)
        self._text = codepoints.to_text(self._codes)
        self._ink, self._positions = shingles.fold_with_positions(self._codes, fold_table())
        self._bounds = np.searchsorted(self._positions, self._edges)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The ink of each text, at least 1."""
        return np.maximum(np.diff(self._bounds), 1)

    def shrink(self, stretches: Stretches) -> tuple[NDArray[np.bool_], Stretches]:
        """Move both ends of stretches inward to where sentences end.

        Returns:
            is_whole: whether that leaves something; what it does not is as it was.
            stretches: their new ends.
        """
        cuts = sentence_bounds_of(self._text, self._codes, self._edges.tolist())
        origins = self._bounds[stretches.texts]
        first, last = origins + stretches.starts, origins + stretches.stops
        # a cut may be made anywhere among the blanks beside a stretch
        low = np.where(first > 0, self._positions[first - 1] + 1, 0)
        high = np.append(self._positions, len(self._codes))[last]
        starts = cuts[np.minimum(np.searchsorted(cuts, low), len(cuts) - 1)]
        stops = cuts[np.searchsorted(cuts, high, side="right") - 1]
        starts, stops = np.searchsorted(self._positions, starts), np.searchsorted(self._positions, stops)
        is_whole = stops - starts >= MIN_CUT
        starts, stops = np.where(is_whole, starts, first), np.where(is_whole, stops, last)
        return is_whole, Stretches(stretches.texts, starts - origins, stops - origins)

    def find_places(self, stretches: Stretches) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where stretches of ink begin and end in their own texts."""
        origins, edges = self._bounds[stretches.texts], self._edges[stretches.texts]
        firsts, lasts = self._positions[origins + stretches.starts], self._positions[origins + stretches.stops - 1]
        return firsts - edges, lasts + 1 - edges

    def hash_ink(self, stretches: Stretches) -> NDArray[np.uint64]:
        """Hash stretches of ink; equal ones have equal hashes, wherever they stand."""
        origins, ink = self._bounds[stretches.texts], self._ink.data.cast("B")
        bounds = (self._ink.itemsize * (origins + side) for side in (stretches.starts, stretches.stops))
        pairs = zip(*(column.tolist() for column in bounds), strict=True)
        digests = [blake2b(ink[start:stop], digest_size=8).digest() for start, stop in pairs]
        return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)

    def find_quoted(self, texts: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which places of texts are quoted."""
        edges = self._edges[texts]
        return origin_hints.find_quoted(self._codes, self._text, edges, edges + starts)

    def find_licences(
        self, texts: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64], is_open: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Tell which of the open places of texts have the words of a licence."""
        edges = self._edges[texts[is_open]]
        is_licence = is_open.copy()
        is_licence[is_open] = origin_hints.find_licences(self._text, edges + starts[is_open], edges + stops[is_open])
        return is_licence
