"""Sketches: all that finding near-duplicates needs of documents and passages, without their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup import lsh, minhash, passages
from cleaner.dedup.shingles import shingle_ranges
from cleaner.text import batching, codepoints, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingles
    from cleaner.model import Scheme

BATCH_CHARACTERS = 1 << 17
"""Characters of documents that are sketched together; more would leave the caches."""


class Sketches(NamedTuple):
    """Arrays (items,), one item a document or passage.

    `documents` are rows of the collection that was sketched.

    `numbers`: passage numbers, 0 for a whole document. `parents`: the item a window is cut from, else the item itself.
    `starts`, `stops`: code points in the document's text. `sizes`: shingles, repeated ones counted.
    `prints`: a hash of all shingles; equal ones mean equal shingle sets. `keys`: the band keys, one array a band.
    """

    documents: NDArray[np.int64]
    numbers: NDArray[np.int64]
    parents: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    sizes: NDArray[np.int64]
    prints: NDArray[np.uint64]
    keys: Sequence[NDArray[np.uint64]]

    def select(self, rows: NDArray[np.int64]) -> Sketches:
        """Return some items without their keys; `parents` keep pointing into all items."""
        return Sketches._make([*(column[rows] for column in self.columns()), ()])

    def columns(self) -> list[NDArray[Any]]:
        """Return all arrays but the keys."""
        return list(self[:-1])


def sketch(texts: Sequence[str], scheme: Scheme, unit: str = "near") -> Sketches:
    """Sketch one batch of texts.

    Documents come first, then passages, each in the order of the texts.
    """
    return sketch_with_signatures(texts, scheme, unit)[0]


def sketch_with_signatures(
    texts: Sequence[str], scheme: Scheme, unit: str = "near"
) -> tuple[Sketches, NDArray[np.uint32]]:
    """Sketch one batch of texts, and return the signatures (items, permutations) too; unit "" sketches nothing."""
    if not unit:
        return _empty(scheme), np.empty((0, scheme.permutations), dtype=np.uint32)
    shingles, items = shingle_items(texts, scheme, unit)
    signatures = minhash.signatures(shingles, scheme.permutations, scheme.seed)
    keys = lsh.band_keys(signatures, scheme.bands, scheme.rows)
    return items._replace(prints=_prints(shingles), keys=list(keys)), signatures


def shingle_items(texts: Sequence[str], scheme: Scheme, unit: str) -> tuple[Shingles, Sketches]:
    """Shingle one batch of texts, and return its items too, without prints and keys."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    offsets = np.concatenate(([0], np.cumsum(lengths + 1)))
    documents = _documents(lengths if unit in ("document", "near") else lengths[:0])
    if unit not in ("passage", "near"):
        codes, items = codepoints.from_text("\n".join(texts)), documents
    else:
        batch = lines.join(texts)
        codes, items = batch.codes, _concatenate([documents, _passages(passages.passage_ranges(batch), offsets)])
    origins = offsets[items.documents]
    shingles = shingle_ranges(codes, origins + items.starts, origins + items.stops, scheme.shingle)
    return shingles, items._replace(sizes=shingles.stops - shingles.starts)


def sketch_batches(batches: Iterable[Sequence[str]], scheme: Scheme, unit: str = "near") -> Sketches:
    """Sketch batches of texts, documents numbered through."""
    return concatenate_sketches([(len(batch), sketch(batch, scheme, unit)) for batch in batches], scheme)


def concatenate_sketches(batches: Sequence[tuple[int, Sketches]], scheme: Scheme) -> Sketches:
    """Join sketches of batches, each with its number of documents.

    Documents are numbered through.
    """
    numbered_batches, before = [], 0
    for count, items in batches:
        numbered_batches.append(items._replace(documents=items.documents + before))
        before += count
    return _concatenate(numbered_batches) if numbered_batches else _empty(scheme)


def in_batches(texts: Iterable[str], size: int = BATCH_CHARACTERS) -> Iterator[list[str]]:
    """Yield whole texts in lists of about `size` characters."""
    return batching.text_batches(texts, size)


def _documents(lengths: NDArray[np.int64]) -> Sketches:
    count = len(lengths)
    rows, zeros = np.arange(count), np.zeros(count, dtype=np.int64)
    return _without_shingles(rows, zeros, rows, zeros, lengths)


def _passages(ranges: passages.PassageRanges, offsets: NDArray[np.int64]) -> Sketches:
    origins = offsets[ranges.documents]
    return _without_shingles(
        ranges.documents, ranges.numbers, ranges.parents, ranges.starts - origins, ranges.stops - origins
    )


def _without_shingles(*columns: NDArray[np.int64]) -> Sketches:
    count = len(columns[0])
    return Sketches._make([*columns, columns[0], np.empty(count, dtype=np.uint64), ()])


def _empty(scheme: Scheme) -> Sketches:
    return _documents(np.empty(0, dtype=np.int64))._replace(keys=[np.empty(0, dtype=np.uint64)] * scheme.bands)


def _concatenate(batches: Sequence[Sketches]) -> Sketches:
    firsts = np.cumsum([0] + [len(items.documents) for items in batches])
    batches = [items._replace(parents=items.parents + first) for items, first in zip(batches, firsts, strict=False)]
    columns = [np.concatenate(column) for column in zip(*(items.columns() for items in batches), strict=True)]
    keys = [np.concatenate(band) for band in zip(*(items.keys for items in batches), strict=True)]
    return Sketches._make([*columns, keys])


def _prints(shingles: Shingles) -> NDArray[np.uint64]:
    """Sum the squared shingles of each range.

    Sums are equal for equal multisets, else with a chance of 2**-64.
    """
    if _kernels.active:
        totals = np.empty(len(shingles.starts), dtype=np.uint64)
        _kernels.active.sum_squares(shingles.hashes, shingles.starts, shingles.stops, totals)
        return totals
    total = np.zeros(len(shingles.hashes) + 1, dtype=np.uint64)
    np.cumsum(shingles.hashes * shingles.hashes, out=total[1:])
    return total[shingles.stops] - total[shingles.starts]
