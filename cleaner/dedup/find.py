"""All near-duplicates of a sketched collection: one search for memory, files and index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup.jaccard import shingle_fetcher
from cleaner.dedup.keeper import check_policy, id_order, ordinals, penalty, rank_items
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.pairs import Duplicates, Pair, item_name
from cleaner.dedup.search import SearchResult, find_copies, overlap_mask
from cleaner.dedup.sketches import Sketches, in_batches, sketch_batches
from cleaner.dedup.templates import mark_templates
from cleaner.model import Span
from cleaner.text.host import find_host
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.jaccard import FetchShingles
    from cleaner.options import DedupOptions


class Collection(NamedTuple):
    """Documents as columns.

    `penalties` (documents,): ordinals of `keeper.penalty`. `hosts` (documents,): "" for none.

    `fetch`: shingles spans of documents.
    """

    ids: Sequence[str]
    penalties: NDArray[np.int64]
    hosts: Sequence[str]
    fetch: FetchShingles


def deduplicate(
    texts: Mapping[str, str], options: DedupOptions, records: Mapping[str, Mapping[str, Any]]
) -> Duplicates:
    """Find all near-duplicates of texts in memory.

    Args:
        texts: texts by id.
        options: of the search.
        records: other fields of documents, by id.
    """
    contents = list(texts.values())
    _kernels.load(sum(map(len, contents)))
    penalties = [penalty(options.keep, text, records.get(key, {})) for key, text in texts.items()]
    check_policy(options.keep, penalties)
    collection = Collection(
        list(texts),
        ordinals(penalties),
        [find_host(key, records.get(key, {})) for key in texts],
        shingle_fetcher(lambda rows: [contents[row] for row in rows], options.shingle),
    )
    scheme = derive_scheme(options)
    items = sketch_batches(in_batches(contents), scheme, options.sketch_unit)
    pairs = find_pairs(items, collection, options)
    if not options.has_spans:
        return Duplicates(tuple(pairs), scheme, options.threshold)
    from cleaner.dedup import span_search  # only for those who ask for spans

    spans = span_search.find_spans(span_search.in_memory(contents, options.min_span), collection, pairs, options)
    return Duplicates(tuple(pairs), scheme, options.threshold, tuple(spans.records()))


def find_pairs(items: Sketches, collection: Collection, options: DedupOptions) -> list[Pair]:
    """Find all pairs, sorted: documents, then passages of the documents that are no copies."""
    positions = id_order(collection.ids)
    policy, penalties = options.keep, collection.penalties
    if options.has_spans and policy == "longest":
        # passages of the longest document stay, as spans do: so no two copies are removed for each other
        policy, penalties = "first", _document_penalties(items, len(collection.ids))

    def search(rows: NDArray[np.int64]) -> SearchResult:
        rank = rank_items(items, rows, policy, penalties, positions)
        return find_copies(items, rank, collection.fetch, options)

    is_passage = items.numbers > 0
    documents = search(np.flatnonzero(~is_passage))
    is_copy = np.zeros(len(collection.ids), dtype=np.bool_)
    is_copy[items.documents[documents.copies]] = True
    passages = search(np.flatnonzero(is_passage & ~is_copy[items.documents]))
    passages = _drop_redundant_windows(items, passages)
    if options.has_spans and not options.has_overlaps:  # spans say better where a part of a passage is repeated
        passages = SearchResult(*(column[items.parents[passages.copies] == passages.copies] for column in passages))
    passage_pairs = mark_templates(_to_pairs(items, passages, collection, options), _hosts(items, passages, collection))
    return sorted([*_to_pairs(items, documents, collection, options), *passage_pairs])


def _hosts(items: Sketches, result: SearchResult, collection: Collection) -> dict[str, str]:
    """Return the hosts of the documents of a result that have one, by id."""
    rows = distinct(items.documents[np.concatenate((result.copies, result.keepers))]).tolist()
    return {collection.ids[row]: host for row in rows if (host := collection.hosts[row])}


def _document_penalties(items: Sketches, count: int) -> NDArray[np.int64]:
    """Return what documents have against them where the longest stays, (count,)."""
    penalties = np.zeros(count, dtype=np.int64)
    is_document = items.numbers == 0
    penalties[items.documents[is_document]] = -items.stops[is_document]
    return penalties


def _drop_redundant_windows(items: Sketches, result: SearchResult) -> SearchResult:
    """Drop redundant windows.

    A window is redundant when its passage is a copy itself, or when its keeper is its own passage.
    """
    is_copy = np.zeros(len(items.documents), dtype=np.bool_)
    is_copy[result.copies] = True
    parents = items.parents[result.copies]
    is_implied = is_copy[parents] & (parents != result.copies)
    overlaps = overlap_mask(items, result.copies, result.keepers)
    return SearchResult(*(column[~(is_implied | overlaps)] for column in result))


def _to_pairs(items: Sketches, result: SearchResult, collection: Collection, options: DedupOptions) -> list[Pair]:
    def sides(rows: NDArray[np.int64]) -> list[tuple[str, int, Span]]:
        columns = (items.documents[rows], items.numbers[rows], items.starts[rows], items.stops[rows])
        values = zip(*(column.tolist() for column in columns), strict=True)
        return [(collection.ids[document], number, Span(start, stop)) for document, number, start, stop in values]

    similarities = zip(result.jaccard.tolist(), result.containment.tolist(), strict=True)
    return [
        Pair(
            copy,
            copy_passage,
            keeper,
            keeper_passage,
            copy_span,
            keeper_span,
            jaccard,
            containment,
            item_name(keeper, keeper_passage),
            "direct" if jaccard >= options.threshold else "chain",
        )
        for (copy, copy_passage, copy_span), (keeper, keeper_passage, keeper_span), (jaccard, containment) in zip(
            sides(result.copies), sides(result.keepers), similarities, strict=True
        )
    ]
