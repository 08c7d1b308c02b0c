"""The repeated spans of a collection beside its near-duplicates; apart, so that only those who ask for them load it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup.keeper import id_order
from cleaner.dedup.sketches import in_batches
from cleaner.dedup.spans.anchors import SelectedAnchors, concatenate_anchors, find_anchors
from cleaner.dedup.spans.column_store import MemoryColumns
from cleaner.dedup.spans.copied_passages import CopiedPassage, mark_places
from cleaner.dedup.spans.find import SpanCollection, find_places
from cleaner.dedup.spans.table import Names, SpanTable, tabulate
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.find import Collection
    from cleaner.dedup.pairs import Pair
    from cleaner.dedup.spans.anchors import AnchorSource
    from cleaner.dedup.spans.column_store import ColumnStore
    from cleaner.dedup.spans.places import Places
    from cleaner.options import DedupOptions


class SpanSource(NamedTuple):
    """Texts with their anchors; see `SpanCollection`."""

    load_anchors: Callable[[], AnchorSource]
    lengths: NDArray[np.int64]
    fetch: Callable[[NDArray[np.int64]], NDArray[np.uint32]]
    store: ColumnStore


def in_memory(contents: Sequence[str], min_span: int) -> SpanSource:
    """Return texts in memory as the search wants them."""

    def load_anchors() -> AnchorSource:
        batches = ((len(batch), find_anchors(batch, min_span)) for batch in in_batches(contents))
        return concatenate_anchors(batches)

    def fetch(rows: NDArray[np.int64]) -> NDArray[np.uint32]:
        return codepoints.from_text("".join([contents[row] for row in rows]))

    lengths = np.fromiter(map(len, contents), dtype=np.int64, count=len(contents))
    return SpanSource(load_anchors, lengths, fetch, MemoryColumns())


def find_spans(source: SpanSource, collection: Collection, pairs: Sequence[Pair], options: DedupOptions) -> SpanTable:
    """Find the repeated spans of all documents that are no copies, sorted by the place that stays.

    Args:
        source: the documents, as often as the collection has them.
        collection: their ids, penalties and hosts.
        pairs: near-duplicates that are known already; what lies in a copied passage is not reported again, but where
            overlaps are asked for.
        options: of the search.
    """
    copied_documents = {pair.copy for pair in pairs if pair.unit == "document"}
    is_copy = np.fromiter(
        (key in copied_documents for key in collection.ids), dtype=np.bool_, count=len(collection.ids)
    )
    primary = -source.lengths if options.keep == "longest" else collection.penalties
    id_ranks = id_order(collection.ids).astype(np.int32)  # as anchors number their texts
    ranks = np.empty(len(id_ranks), dtype=np.int32)
    ranks[np.lexsort((id_ranks, primary))] = np.arange(len(ranks))
    del primary

    def load_anchors() -> AnchorSource:
        return SelectedAnchors(source.load_anchors(), ~is_copy) if copied_documents else source.load_anchors()

    collected = SpanCollection(load_anchors, ranks, source.lengths, source.fetch, source.store)
    places = find_places(collected, options.min_span)
    if passages := _group_passages(pairs):
        places = places.select(~_are_hidden(places, collection.ids, passages, options))
    return tabulate(places, Names(collection.ids, id_ranks, collection.hosts), source.store)


def _group_passages(pairs: Sequence[Pair]) -> dict[str, list[CopiedPassage]]:
    """Group the copied passages by their document."""
    passages = defaultdict(list)
    for pair in pairs:
        if pair.unit == "passage":
            passages[pair.copy].append(CopiedPassage(pair.copy_span.start, pair.copy_span.stop, pair.jaccard))
    return passages


def _are_hidden(
    places: Places, ids: Sequence[str], passages: dict[str, list[CopiedPassage]], options: DedupOptions
) -> NDArray[np.bool_]:
    """Tell which places lie in a copied passage, if overlaps are not asked for, or have their keeper in one.

    What such a keeper has may be lost with its passage, unless that is the same as the other one.
    """

    def passages_of(rows: NDArray[np.int64]) -> Iterator[Sequence[CopiedPassage]]:
        return (passages.get(ids[row], ()) for row in rows.tolist())

    keepers = (places.keeper_starts, places.keeper_stops, passages_of(places.keepers))
    are_hidden = mark_places(CopiedPassage.endangers, *keepers)
    if not options.has_overlaps:
        are_hidden |= mark_places(
            CopiedPassage.holds, places.copy_starts, places.copy_stops, passages_of(places.copies)
        )
    return are_hidden
