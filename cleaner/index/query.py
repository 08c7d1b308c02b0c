"""What a stored index holds that is like a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.dedup import jaccard as check
from cleaner.dedup import sketches
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches
from cleaner.options import DedupOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.index.store import Store


class Match(Struct, frozen=True):
    """A stored document or passage that is like one of a query. Passage numbers as in `Pair`."""

    query: str
    query_passage: int
    document: str
    document_passage: int
    jaccard: float
    containment: float


def query(store: Store, texts: dict[str, str]) -> list[Match]:
    """What the index holds that reaches its threshold with a text or a passage of it, best first for each."""
    stored = store.scheme
    options = DedupOptions.of(
        unit=stored.unit, threshold=stored.threshold, shingle=stored.shingle, permutations=stored.permutations
    )
    ids, found = list(texts), []
    at = 0
    for block in sketches.in_batches(texts.values()):
        names = ids[at : at + len(block)]
        found += _matches(store, options, names, block)
        at += len(block)
    return sorted(found, key=lambda m: (m.query, m.query_passage, -m.jaccard, m.document, m.document_passage))


def _matches(store: Store, options: DedupOptions, names: Sequence[str], block: Sequence[str]) -> list[Match]:
    """Compare the items of a block with the stored ones that share a bucket."""
    asked, signed = sketches.sketch_with_signatures(block, derive_scheme(options), options.unit)
    met = store.sharing(asked, signed)
    met = met[(asked.numbers[met[:, 0]] > 0) == (met[:, 2] > 0)]
    if not len(met):
        return []
    rows, places = np.unique(met[:, 1], return_inverse=True)
    held = store.documents(rows.tolist())
    wanted, where = np.unique(np.column_stack((places, met[:, 2])), axis=0, return_inverse=True)
    own = _items(options, [document.text for document in held], wanted)
    both = sketches.concatenate_sketches(
        [(len(block), asked._replace(keys=())), (len(held), own)], derive_scheme(options)
    )
    texts = [*block, *(document.text for document in held)]
    left, right = met[:, 0], where.ravel() + len(asked.documents)
    fetch = check.shingle_fetcher(lambda found: [texts[i] for i in found], options.shingle)
    alike = check.compare_items(both, left, right, fetch)
    return [
        Match(
            names[asked.documents[a]],
            int(asked.numbers[a]),
            held[both.documents[b] - len(block)].id,
            int(both.numbers[b]),
            float(alike.jaccard[i]),
            float(alike.left_share[i]),
        )
        for i, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True))
        if alike.jaccard[i] >= options.threshold
    ]


def _items(options: DedupOptions, texts: Sequence[str], wanted: NDArray[np.int64]) -> Sketches:
    """Some items of texts without their keys: those of (place of the text, passage number), sorted."""
    _, found = sketches.shingle_items(texts, derive_scheme(options), options.unit)
    order = np.lexsort((found.numbers, found.documents))
    first = np.searchsorted(found.documents[order], wanted[:, 0])
    return found.select(order[first + wanted[:, 1] - (options.unit == "passage")])
