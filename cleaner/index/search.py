"""Find all pairs in which stored documents stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.dedup.find import Collection, find_pairs
from cleaner.dedup.id_column import HostColumn
from cleaner.dedup.jaccard import shingle_fetcher
from cleaner.dedup.keeper import ordinals, penalty
from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.sketches import Sketches, concatenate_sketches, in_batches, sketch_with_signatures
from cleaner.index.store import IndexedDocument, Store
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from cleaner.dedup.pairs import Pair
    from cleaner.options import DedupOptions

BATCH_ROWS = 256
"""Documents that are read from the index at one time."""


def pairs_of_rows(store: Store, options: DedupOptions, rows: Sequence[int]) -> list[Pair]:
    """Find all pairs in which one of these documents stands, exactly as one search through everything would.

    Buckets lie wholly inside what the rows reach from bucket to bucket, so searching that gives the same clusters.
    """
    if not rows:
        return []
    reachable, items = _reach(store, options, rows)
    collection = _collection(_Documents(store, reachable), options)
    new = set(collection.ids[: len(rows)])
    return [pair for pair in find_pairs(items, collection, options) if pair.copy in new or pair.keeper in new]


def _reach(store: Store, options: DedupOptions, rows: Sequence[int]) -> tuple[list[int], Sketches]:
    """Return the rows and all that share a bucket with them, directly or through others, with their sketches."""
    scheme = derive_scheme(options)
    reachable, sketches = list(rows), []
    seen_rows, start = set(rows), 0
    while start < len(reachable):
        neighbours: list[int] = []
        for texts in _text_batches(store, reachable[start:]):
            batch, signatures = sketch_with_signatures(texts, scheme, options.unit)
            sketches.append((len(texts), batch))
            sharing = np.unique(store.sharing(batch, signatures)[:, 1]).tolist()
            neighbours += [row for row in sharing if row not in seen_rows]
            seen_rows.update(sharing)
        start = len(reachable)
        reachable += neighbours
    return reachable, concatenate_sketches(sketches, scheme)


def _text_batches(store: Store, rows: Sequence[int]) -> Iterator[list[str]]:
    for start in range(0, len(rows), BATCH_ROWS):
        yield from in_batches(document.text for document in store.documents(rows[start : start + BATCH_ROWS]))


class _Documents:
    """Stored documents by their index among some rows."""

    def __init__(self, store: Store, rows: Sequence[int]) -> None:
        self._store, self._rows = store, rows

    def __call__(self, indices: Sequence[int]) -> list[str]:
        """Read the texts of some of them."""
        return [document.text for document in self._store.documents([self._rows[index] for index in indices])]

    def __iter__(self) -> Iterator[IndexedDocument]:
        for start in range(0, len(self._rows), BATCH_ROWS):
            yield from self._store.documents(self._rows[start : start + BATCH_ROWS])


def _collection(documents: _Documents, options: DedupOptions) -> Collection:
    ids, penalties, hosts = [], [], HostColumn()
    for document in documents:
        ids.append(document.id)
        penalties.append(penalty(options.keep, document.text, document.record))
        hosts.append(find_host(document.id, document.record))
    fetch = shingle_fetcher(documents, options.shingle)
    return Collection(ids, ordinals(penalties), hosts, fetch)
