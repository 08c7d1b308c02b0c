"""A sketched collection of documents, and all of its near-duplicates: the one way for memory, files and index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup import jaccard as check
from cleaner.dedup import keeper as keep
from cleaner.dedup import templates
from cleaner.dedup.lsh import scheme as derived
from cleaner.dedup.pairs import Duplicates, Pair, name
from cleaner.dedup.search import Found, Settings, overlap, search
from cleaner.dedup.sketches import UNITS, Sketches, in_blocks, sketches
from cleaner.errors import UsageError
from cleaner.model import Span
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.model import Scheme


class DedupOptions(NamedTuple):
    """What a search can be told. `keep`: a policy or a field, see `keep.demerit`."""

    unit: str = "both"
    threshold: float = 0.8
    shingle: int = 5
    permutations: int = 128
    keep: str = "longest"
    chain: bool = True

    @property
    def scheme(self) -> Scheme:
        """The scheme that follows; UsageError where none can."""
        if self.unit not in UNITS:
            raise UsageError(f"unit {self.unit!r} is none of {', '.join(UNITS)}")
        return derived(self.threshold, self.shingle, self.permutations)

    @property
    def settings(self) -> Settings:
        """What decides whether two items are near-duplicates."""
        return Settings(self.threshold, self.chain)


class Collection(NamedTuple):
    """Documents as columns: ids, what each has against it as keeper (`keep.ordinals`), host, a way to the texts."""

    ids: Sequence[str]
    demerits: NDArray[np.int64]
    host_of: Callable[[str], str]
    fetch: check.Fetch


def deduplicate(
    texts: Mapping[str, str], options: DedupOptions, records: Mapping[str, Mapping[str, Any]]
) -> Duplicates:
    """All near-duplicates of `texts` (id -> text) in memory; `records` gives fields of documents by id."""
    ids, held = list(texts), list(texts.values())
    _kernels.load(sum(map(len, held)))
    against = [keep.demerit(options.keep, text, records.get(key, {})) for key, text in texts.items()]
    collection = Collection(
        ids,
        keep.ordinals(against),
        lambda key: find_host(key, records.get(key, {})),
        check.cut(lambda rows: [held[row] for row in rows], options.shingle),
    )
    items = sketches(in_blocks(held), options.scheme, options.unit)
    return Duplicates(tuple(find(items, collection, options)), options.scheme, options.threshold)


def find(items: Sketches, collection: Collection, options: DedupOptions) -> list[Pair]:
    """All pairs, sorted: documents, then passages of the documents that are no copies."""
    places = keep.by_id(collection.ids)
    is_passage = items.numbers > 0
    documents = _search(items, np.flatnonzero(~is_passage), places, collection, options)
    copied = np.zeros(len(collection.ids), dtype=np.bool_)
    copied[items.documents[documents.copies]] = True
    passages = np.flatnonzero(is_passage & ~copied[items.documents])
    found = _without_told(items, _search(items, passages, places, collection, options))
    told = templates.with_templates(_pairs(items, found, collection, options), collection.host_of)
    return sorted([*_pairs(items, documents, collection, options), *told])


def _search(
    items: Sketches,
    chosen: NDArray[np.int64],
    places: NDArray[np.int64],
    collection: Collection,
    options: DedupOptions,
) -> Found:
    rank = keep.rank(items, chosen, options.keep, collection.demerits, places)
    return search(items, rank, collection.fetch, options.settings)


def _without_told(items: Sketches, found: Found) -> Found:
    """Without windows of passages that are copies themselves, and without those that met their own passage."""
    copied = np.zeros(len(items.documents), dtype=np.bool_)
    copied[found.copies] = True
    parents = items.parents[found.copies]
    told = copied[parents] & (parents != found.copies)
    own = overlap(items, found.copies, found.keepers)
    return Found(*(array[~(told | own)] for array in found))


def _pairs(items: Sketches, found: Found, collection: Collection, options: DedupOptions) -> list[Pair]:
    def side(at: NDArray[np.int64]) -> list[tuple[str, int, Span]]:
        columns = (items.documents[at], items.numbers[at], items.starts[at], items.stops[at])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [(collection.ids[document], number, Span(start, stop)) for document, number, start, stop in rows]

    values = zip(found.jaccard.tolist(), found.containment.tolist(), strict=True)
    return [
        Pair(
            copy,
            number,
            keeper,
            kept,
            span,
            kept_span,
            jaccard,
            containment,
            name(keeper, kept),
            "direct" if jaccard >= options.threshold else "chain",
        )
        for (copy, number, span), (keeper, kept, kept_span), (jaccard, containment) in zip(
            side(found.copies), side(found.keepers), values, strict=True
        )
    ]
