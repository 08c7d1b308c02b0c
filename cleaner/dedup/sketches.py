"""Sketches: what is kept of every document and passage to find its near-duplicates without its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner import _kernels
from cleaner.dedup import lsh, minhash, passages, shingles
from cleaner.text import batching, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.model import Scheme

UNITS = ("document", "passage", "both")
BLOCK = 1 << 17


class Sketches(NamedTuple):
    """Arrays (items,), one item a document or passage; documents are rows of the collection that was sketched.

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

    def only(self, items: NDArray[np.int64]) -> Sketches:
        """Some items, without their keys; `parents` keep pointing into the whole."""
        return Sketches._make([*(column[items] for column in self.columns()), ()])

    def columns(self) -> list[NDArray[Any]]:
        """All arrays but the keys."""
        return list(self[:-1])


def sketch(texts: Sequence[str], scheme: Scheme, unit: str = "both") -> Sketches:
    """The sketches of one block of texts: documents first, then passages, each in the order of the texts."""
    return signed(texts, scheme, unit)[0]


def signed(texts: Sequence[str], scheme: Scheme, unit: str = "both") -> tuple[Sketches, NDArray[np.uint32]]:
    """The sketches of one block of texts, and their signatures (items, permutations)."""
    shingled, found = items(texts, scheme, unit)
    made = minhash.signatures(shingled, scheme.permutations, scheme.seed)
    keys = lsh.keys(made, scheme.bands, scheme.rows)
    found = found._replace(prints=_prints(shingled), keys=list(keys))
    return found, made


def items(texts: Sequence[str], scheme: Scheme, unit: str) -> tuple[shingles.Shingled, Sketches]:
    """The shingles of one block of texts, and its items without what follows from them."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    offsets = np.concatenate(([0], np.cumsum(lengths + 1)))
    whole = _documents(lengths if unit != "passage" else lengths[:0])
    if unit == "document":
        codes, found = shingles.code_points("\n".join(texts)), whole
    else:
        block = lines.block(texts)
        codes, found = block.codes, _concatenated([whole, _passages(passages.ranges(block), offsets)])
    at = offsets[found.documents]
    made = shingles.shingle(codes, at + found.starts, at + found.stops, scheme.shingle)
    return made, found._replace(sizes=made.stops - made.starts)


def sketches(blocks: Iterable[Sequence[str]], scheme: Scheme, unit: str = "both") -> Sketches:
    """The sketches of many blocks of texts, documents numbered through."""
    return joined([(len(block), sketch(block, scheme, unit)) for block in blocks], scheme)


def joined(parts: Sequence[tuple[int, Sketches]], scheme: Scheme) -> Sketches:
    """Sketches of neighbouring parts of a collection, each with its number of documents, as those of the whole."""
    moved, before = [], 0
    for count, part in parts:
        moved.append(part._replace(documents=part.documents + before))
        before += count
    return _concatenated(moved) if moved else _empty(scheme)


def in_blocks(texts: Iterable[str], size: int = BLOCK) -> Iterator[list[str]]:
    """Whole texts in lists of about `size` characters."""
    return batching.text_batches(texts, size)


def _documents(lengths: NDArray[np.int64]) -> Sketches:
    count = len(lengths)
    rows, none = np.arange(count), np.zeros(count, dtype=np.int64)
    return _bare(rows, none, rows, none, lengths)


def _passages(found: passages.Ranges, offsets: NDArray[np.int64]) -> Sketches:
    at = offsets[found.documents]
    return _bare(found.documents, found.numbers, found.parents, found.starts - at, found.stops - at)


def _bare(*arrays: NDArray[np.int64]) -> Sketches:
    count = len(arrays[0])
    return Sketches._make([*arrays, arrays[0], np.empty(count, dtype=np.uint64), ()])


def _empty(scheme: Scheme) -> Sketches:
    return _documents(np.empty(0, dtype=np.int64))._replace(keys=[np.empty(0, dtype=np.uint64)] * scheme.bands)


def _concatenated(parts: Sequence[Sketches]) -> Sketches:
    before = np.cumsum([0] + [len(part.documents) for part in parts])
    parts = [part._replace(parents=part.parents + at) for part, at in zip(parts, before, strict=False)]
    columns = [np.concatenate(column) for column in zip(*(part.columns() for part in parts), strict=True)]
    keys = [np.concatenate(band) for band in zip(*(part.keys for part in parts), strict=True)]
    return Sketches._make([*columns, keys])


def _prints(shingled: shingles.Shingled) -> NDArray[np.uint64]:
    """The sum of the squared shingles of each range: equal for equal multisets, else with a chance of 2**-64."""
    if _kernels.loaded:
        totals = np.empty(len(shingled.starts), dtype=np.uint64)
        _kernels.loaded.squares(shingled.hashes, shingled.starts, shingled.stops, totals)
        return totals
    total = np.zeros(len(shingled.hashes) + 1, dtype=np.uint64)
    np.cumsum(shingled.hashes * shingled.hashes, out=total[1:])
    return total[shingled.stops] - total[shingled.starts]
