"""Sketches of committed shards where they lie: mapped while they are looked at, as every mapping holds a file open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import SEEK_END
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from cleaner.dedup.sketches import Sketches
from cleaner.dedup.spans.anchors import Anchors

if TYPE_CHECKING:
    from numpy.typing import NDArray

SKETCH = "sketch"
"""The kind of a shard's file of sketches."""
PLAIN = len(Sketches._fields) - 1
"""Columns besides the keys."""
PARENTS = Sketches._fields.index("parents")
ANCHORS, LENGTHS = "anchors", "lengths"
"""The kinds of a shard's files for repeated spans: the anchors of its texts, and how long these are."""
ANCHOR_BYTES = 16


def write_sketches(file: BinaryIO, items: Sketches) -> None:
    """Write sketches column by column, 64 bits an item, the keys last."""
    for column in (*items.columns(), *items.keys):
        file.write(np.ascontiguousarray(column).astype(np.uint64, copy=False).data)


class SketchStore:
    """The sketches of shards, numbered through. `firsts` (shards + 1,): the number of each shard's first item.

    `rows` (shards + 1,): the number of each shard's first document.
    """

    def __init__(self, paths: Sequence[Path], rows: NDArray[np.int64], bands: int) -> None:
        self.bands, self.rows = bands, rows
        self._paths = paths
        sizes = [path.stat().st_size // 8 // (PLAIN + bands) for path in paths]
        self.firsts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def band(self, number: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """Yield for each shard the number of its first item, and the keys of one band."""
        for first, columns in self._each():
            yield first, columns[PLAIN + number]

    def windows(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield for each shard the items that are windows, and the passages they are cut from."""
        for first, columns in self._each():
            passages = columns[PARENTS].astype(np.int64)
            windows = np.flatnonzero(passages != np.arange(len(passages)))
            yield windows + first, passages[windows] + first

    def _each(self) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        for first, path in zip(self.firsts.tolist(), self._paths, strict=False):
            yield first, read_columns(path, PLAIN + self.bands)

    def take(self, items: NDArray[np.int64]) -> Sketches:
        """Return some items, ascending. `documents` are rows of the run.

        `parents` are indices of `items`; a window whose passage is not among them stands for itself.
        """
        columns = self._read(items, PLAIN + self.bands)
        return self._as_sketches(items, columns[:PLAIN])._replace(keys=list(columns[PLAIN:]))

    def without_keys(self) -> Sketches:
        """Return all items without their keys."""
        items = np.arange(len(self))
        return self._as_sketches(items, self._read(items, PLAIN))

    def keys(self) -> Sequence[NDArray[np.uint64]]:
        """Return the keys of all items, an array a band, each read when it is asked for."""
        return KeysByBand(self)

    def _read(self, items: NDArray[np.int64], count: int) -> NDArray[np.uint64]:
        """Read the first `count` columns of some items, ascending."""
        values = np.empty((count, len(items)), dtype=np.uint64)
        bounds = np.searchsorted(items, self.firsts).tolist()
        for (start, stop), first, path in zip(pairwise(bounds), self.firsts, self._paths, strict=False):
            if start < stop:
                columns = read_columns(path, PLAIN + self.bands)[:count]
                np.take(columns, items[start:stop] - first, axis=1, out=values[:, start:stop])
        return values

    def _as_sketches(self, items: NDArray[np.int64], columns: NDArray[np.uint64]) -> Sketches:
        counts = np.diff(np.searchsorted(items, self.firsts))
        documents, *others = columns
        documents += np.repeat(self.rows[:-1], counts).astype(np.uint64)
        sketches = Sketches._make([*(column.view(np.int64) for column in (documents, *others)), ()])
        passages = sketches.parents + np.repeat(self.firsts[:-1], counts)
        index = np.searchsorted(items, passages)
        is_there = items[np.minimum(index, len(items) - 1)] == passages
        parents = np.where(is_there, index, np.arange(len(items)))
        return sketches._replace(parents=parents, prints=sketches.prints.view(np.uint64))


class KeysByBand(Sequence["NDArray[np.uint64]"]):
    """The keys of all stored items by band; only one band is in memory at one time."""

    def __init__(self, store: SketchStore) -> None:
        self._store = store

    def __len__(self) -> int:
        return self._store.bands

    def __getitem__(self, band: int | slice) -> NDArray[np.uint64]:  # type: ignore[override]
        assert isinstance(band, int)
        if band >= len(self):
            raise IndexError(band)
        return np.concatenate([np.empty(0, dtype=np.uint64), *(keys for _, keys in self._store.band(band))])


def map_file(path: Path) -> mmap | bytes:
    """Map a file where it lies on the disk, which takes a handle as long as the mapping is there."""
    with path.open("rb") as file:
        is_empty = not file.seek(0, SEEK_END)  # and cannot be mapped
        return b"" if is_empty else mmap(file.fileno(), 0, access=ACCESS_READ)


def read_columns(path: Path, count: int) -> NDArray[np.uint64]:
    """Read a file of 64-bit numbers as so many columns, one behind the other."""
    return np.frombuffer(map_file(path), dtype=np.uint64).reshape(count, -1)


def write_anchors(file: BinaryIO, anchors: Anchors) -> None:
    """Write anchors column by column: keys of 64 bits, texts and positions of 32."""
    for column in anchors:
        file.write(np.ascontiguousarray(column).data)


def read_anchors(path: Path) -> Anchors:
    """Read the anchors of a shard."""
    content = map_file(path)
    count = len(content) // ANCHOR_BYTES
    keys = np.frombuffer(content, dtype=np.uint64, count=count)
    texts, positions = np.frombuffer(content, dtype=np.int32, offset=8 * count).reshape(2, count)
    return Anchors(keys, texts, positions)
