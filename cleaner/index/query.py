"""Find the documents of a stored index that are like a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.dedup import sketches
from cleaner.dedup.jaccard import compare_items, shingle_fetcher
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.index.store import options_of
from cleaner.options import DedupOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.index.store import Store


class Match(Struct, frozen=True):
    """A stored document or passage that is like one of a query; passage numbers are those of `Pair`."""

    query: str
    query_passage: int
    document: str
    document_passage: int
    jaccard: float
    containment: float


def query(store: Store, texts: dict[str, str]) -> list[Match]:
    """Find what an index holds that reaches its threshold with a text or a passage of one, best first for each."""
    options = options_of(store.scheme)
    names, matches = list(texts), []
    start = 0
    for batch in sketches.in_batches(texts.values()):
        matches += _match(store, options, names[start : start + len(batch)], batch)
        start += len(batch)
    return sorted(matches, key=lambda m: (m.query, m.query_passage, -m.jaccard, m.document, m.document_passage))


def _match(store: Store, options: DedupOptions, names: Sequence[str], batch: Sequence[str]) -> list[Match]:
    """Compare the items of a batch with the stored ones of the same kind that share a bucket."""
    queries, signatures = sketches.sketch_with_signatures(batch, derive_scheme(options), options.unit)
    sharing = store.sharing(queries, signatures)
    sharing = sharing[(queries.numbers[sharing[:, 0]] > 0) == (sharing[:, 2] > 0)]
    if not len(sharing):
        return []
    rows, row_of_pair = np.unique(sharing[:, 1], return_inverse=True)
    documents = store.documents(rows.tolist())
    keys = np.column_stack((row_of_pair, sharing[:, 2]))
    distinct, item_of_pair = np.unique(keys, axis=0, return_inverse=True)
    candidates = _select_items(options, [document.text for document in documents], distinct)
    pairs = (sharing[:, 0], item_of_pair.ravel() + len(queries.documents))
    items = sketches.concatenate_sketches(
        [(len(batch), queries._replace(keys=())), (len(documents), candidates)], derive_scheme(options)
    )
    texts = [*batch, *(document.text for document in documents)]
    similarities = compare_items(
        items, *pairs, shingle_fetcher(lambda rows: [texts[row] for row in rows], options.shingle)
    )
    return [
        Match(
            names[queries.documents[left]],
            int(queries.numbers[left]),
            documents[items.documents[right] - len(batch)].id,
            int(items.numbers[right]),
            float(similarities.jaccard[index]),
            float(similarities.left_share[index]),
        )
        for index, (left, right) in enumerate(zip(*(side.tolist() for side in pairs), strict=True))
        if similarities.jaccard[index] >= options.threshold
    ]


def _select_items(options: DedupOptions, texts: Sequence[str], keys: NDArray[np.int64]) -> Sketches:
    """Return some items of texts without their keys.

    Args:
        keys: (items, 2), sorted: index of the text, passage number.
    """
    _, items = sketches.shingle_items(texts, derive_scheme(options), options.unit)
    order = np.lexsort((items.numbers, items.documents))
    first = np.searchsorted(items.documents[order], keys[:, 0])
    return items.select(order[first + keys[:, 1] - (options.unit == "passage")])
