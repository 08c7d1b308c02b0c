"""Places of matches in the texts as they were: the whole sentences in them, and what stands around.

Texts are read twice, those with copies and those with keepers, each once however many matches it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup.spans.text_batch import Stretches, TextBatch, text_batches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.spans.matches import SpanMatches
    from cleaner.dedup.spans.text_batch import Fetch


class Places(NamedTuple):
    """Where matches stand, as arrays (places,), in code points of the texts.

    `is_whole`: whether the place is whole sentences, which may be cut; other places have none.

    `text_hashes`: of the folded text. `sizes`: its characters. `shares`: those of the copy's ink. `is_quoted`,
    `is_licence`: hints at the origin.
    """

    copies: NDArray[np.int64]
    copy_starts: NDArray[np.int64]
    copy_stops: NDArray[np.int64]
    keepers: NDArray[np.int64]
    keeper_starts: NDArray[np.int64]
    keeper_stops: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    text_hashes: NDArray[np.uint64]
    sizes: NDArray[np.int64]
    shares: NDArray[np.float64]
    is_quoted: NDArray[np.bool_]
    is_licence: NDArray[np.bool_]

    def select(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Places:
        """Return some places."""
        return Places._make(column[rows] for column in self)


def place(matches: SpanMatches, ranks: NDArray[np.int64], lengths: NDArray[np.int64], fetch: Fetch) -> Places:
    """Shrink matches to whole sentences of the copy, and find their places in both texts.

    Places within another of their text are left out; of the same place, repeats of a worse keeper.

    Args:
        matches: texts by their rows.
        ranks: (texts,) the rank of each as a keeper.
        lengths: (texts,) characters of each text.
        fetch: reads the code points of texts, end to end, by ascending rows.
    """
    copies = Stretches(matches.copies, matches.copy_starts, matches.copy_starts + matches.lengths)
    shift = matches.keeper_starts - matches.copy_starts
    batches = [
        _place_copies(rows, batch, stretches, ranks[matches.keepers[rows]])
        for rows, batch, stretches in text_batches(copies, lengths, fetch)
    ]
    rows, starts, stops, *columns = (np.concatenate(column) for column in zip(_NO_COPIES, *batches, strict=True))
    is_whole, copy_starts, copy_stops, hashes, shares, is_quoted, is_licence = columns
    keeper_starts, keeper_stops = np.zeros((2, len(rows)), dtype=np.int64)
    keepers = Stretches(matches.keepers[rows], starts + shift[rows], stops + shift[rows])
    for numbers, batch, stretches in text_batches(keepers, lengths, fetch):
        keeper_starts[numbers], keeper_stops[numbers] = batch.find_places(stretches)
    return Places(
        matches.copies[rows],
        copy_starts,
        copy_stops,
        keepers.texts,
        keeper_starts,
        keeper_stops,
        is_whole,
        hashes,
        stops - starts,
        shares,
        is_quoted,
        is_licence,
    )


class _Copies(NamedTuple):
    """Places of a batch in the copies: rows of the matches, ends in ink, then as in `Places`."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    copy_starts: NDArray[np.int64]
    copy_stops: NDArray[np.int64]
    text_hashes: NDArray[np.uint64]
    shares: NDArray[np.float64]
    is_quoted: NDArray[np.bool_]
    is_licence: NDArray[np.bool_]


_INDICES, _TRUTHS = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
_NO_COPIES = _Copies(
    *(_INDICES, _INDICES, _INDICES, _TRUTHS, _INDICES, _INDICES), np.empty(0, np.uint64), np.empty(0), _TRUTHS, _TRUTHS
)


def _place_copies(
    rows: NDArray[np.int64], batch: TextBatch, stretches: Stretches, keeper_ranks: NDArray[np.int64]
) -> _Copies:
    """Place the copies of a batch, the outermost of each text."""
    is_whole, sentences = batch.shrink(stretches)
    # rows ascend by where the keeper's match begins
    order = np.lexsort((rows, keeper_ranks, -sentences.stops, sentences.starts, sentences.texts))
    is_whole, sentences = is_whole[order], sentences.select(order)
    outer = np.where(is_whole, _outermost(sentences, is_whole), _outermost(sentences, np.ones_like(is_whole)))
    rows, is_whole, sentences = rows[order][outer], is_whole[outer], sentences.select(outer)
    copy_starts, copy_stops = batch.find_places(sentences)
    is_quoted = batch.find_quoted(sentences.texts, copy_starts)
    is_licence = batch.find_licences(sentences.texts, copy_starts, copy_stops, is_whole & ~is_quoted)
    return _Copies(
        rows,
        sentences.starts,
        sentences.stops,
        is_whole,
        copy_starts,
        copy_stops,
        batch.hash_ink(sentences),
        (sentences.stops - sentences.starts) / batch.sizes[sentences.texts],
        is_quoted,
        is_licence,
    )


def _outermost(stretches: Stretches, is_counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which stretches, sorted by text and start, end behind all counted ones before them in their text."""
    text = stretches.texts * (int(stretches.stops.max(initial=0)) + 1)
    reach = np.where(is_counted, stretches.stops, 0) + text
    before = np.concatenate(([0], np.maximum.accumulate(reach)[:-1])) if len(reach) else reach
    is_outer: NDArray[np.bool_] = stretches.stops + text > np.maximum(before, text)
    return is_outer
