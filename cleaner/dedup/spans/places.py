"""Places of matches in the texts as they were: the whole sentences in them, and what stands around.

Of a batch of copies texts are read twice, those with copies and those with keepers, each once however many matches it
has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.dedup.spans.text_batch import Stretches, TextBatch, text_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class CopyPlaces(NamedTuple):
    """Where matches stand in the copies, as in `Places`, and in the ink of the keepers."""

    copies: NDArray[np.int64]
    copy_starts: NDArray[np.int64]
    copy_stops: NDArray[np.int64]
    keepers: NDArray[np.int64]
    keeper_ink_starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    text_hashes: NDArray[np.uint64]
    shares: NDArray[np.float64]
    is_quoted: NDArray[np.bool_]
    is_licence: NDArray[np.bool_]


_INDICES, _TRUTHS = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
NO_PLACES = Places(*(_INDICES,) * 6, _TRUTHS, np.empty(0, np.uint64), _INDICES, np.empty(0), _TRUTHS, _TRUTHS)


def place_copies(
    matches: SpanMatches, ranks: NDArray[np.integer[Any]], lengths: NDArray[np.int64], fetch: Fetch
) -> Iterator[CopyPlaces]:
    """Shrink matches to whole sentences of the copy, and yield their places there.

    Places within another of their text are left out; of the same place, repeats of a worse keeper, and of a later place
    of the same one.

    Args:
        matches: all of each copy, each once, sorted; texts by their rows.
        ranks: (texts,) the rank of each as a keeper.
        lengths: (texts,) characters of each text.
        fetch: reads the code points of texts, end to end, by ascending rows.
    """
    copies = Stretches(matches.copies, matches.copy_starts, matches.copy_starts + matches.lengths)
    for rows, batch, stretches in text_batches(copies, lengths, fetch):
        yield _place_copies(matches.select(rows), batch, stretches, ranks)


def place_keepers(copies: CopyPlaces, lengths: NDArray[np.int64], fetch: Fetch) -> Places:
    """Find the places of keepers, too."""
    starts, stops = np.zeros((2, len(copies.copies)), dtype=np.int64)
    ink_stops = copies.keeper_ink_starts + copies.sizes
    keepers = Stretches(copies.keepers, copies.keeper_ink_starts, ink_stops)
    for numbers, batch, stretches in text_batches(keepers, lengths, fetch):
        starts[numbers], stops[numbers] = batch.find_places(stretches)
    return Places(
        copies.copies,
        copies.copy_starts,
        copies.copy_stops,
        copies.keepers,
        starts,
        stops,
        copies.is_whole,
        copies.text_hashes,
        copies.sizes,
        copies.shares,
        copies.is_quoted,
        copies.is_licence,
    )


def _place_copies(
    matches: SpanMatches, batch: TextBatch, stretches: Stretches, ranks: NDArray[np.integer[Any]]
) -> CopyPlaces:
    """Place the copies of a batch, the outermost of each text."""
    is_whole, sentences = batch.shrink(stretches)
    # of the same places the best keeper first, and of one keeper the first place
    keeper_starts = sentences.starts + matches.keeper_starts - matches.copy_starts
    order = np.lexsort((keeper_starts, ranks[matches.keepers], -sentences.stops, sentences.starts, sentences.texts))
    is_whole, sentences = is_whole[order], sentences.select(order)
    outer = np.where(is_whole, _outermost(sentences, is_whole), _outermost(sentences, np.ones_like(is_whole)))
    matches, is_whole, sentences = matches.select(order[outer]), is_whole[outer], sentences.select(outer)
    copy_starts, copy_stops = batch.find_places(sentences)
    is_quoted = batch.find_quoted(sentences.texts, copy_starts)
    return CopyPlaces(
        matches.copies,
        copy_starts,
        copy_stops,
        matches.keepers,
        sentences.starts + matches.keeper_starts - matches.copy_starts,
        sentences.stops - sentences.starts,
        is_whole,
        batch.hash_ink(sentences),
        (sentences.stops - sentences.starts) / batch.sizes[sentences.texts],
        is_quoted,
        batch.find_licences(sentences.texts, copy_starts, copy_stops, is_whole & ~is_quoted),
    )


def _outermost(stretches: Stretches, is_counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which stretches, sorted by text and start, end behind all counted ones before them in their text."""
    text = stretches.texts * (int(stretches.stops.max(initial=0)) + 1)
    reach = np.where(is_counted, stretches.stops, 0) + text
    before = np.concatenate(([0], np.maximum.accumulate(reach)[:-1])) if len(reach) else reach
    is_outer: NDArray[np.bool_] = stretches.stops + text > np.maximum(before, text)
    return is_outer
