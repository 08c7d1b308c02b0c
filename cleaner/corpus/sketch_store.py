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

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLAIN = len(Sketches._fields) - 1
"""Columns besides the keys."""
PARENTS = Sketches._fields.index("parents")


def save(file: BinaryIO, items: Sketches) -> None:
    """Write sketches column by column, 64 bits an item, the keys last."""
    for column in (*items.columns(), *items.keys):
        file.write(np.ascontiguousarray(column).astype(np.uint64, copy=False).data)


class Stored:
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
        """Of each shard the number of its first item, and the keys of one band."""
        for first, held in self._each():
            yield first, held[PLAIN + number]

    def windows(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Of each shard the items that are windows, and the passages they are cut from."""
        for first, held in self._each():
            passages = held[PARENTS].astype(np.int64)
            windows = np.flatnonzero(passages != np.arange(len(passages)))
            yield windows + first, passages[windows] + first

    def _each(self) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        for first, path in zip(self.firsts.tolist(), self._paths, strict=False):
            yield first, columns(path, PLAIN + self.bands)

    def take(self, items: NDArray[np.int64]) -> Sketches:
        """Some items, ascending. `documents` are rows of the run.

        `parents` are places among the items; a window whose passage is not among them stands for itself.
        """
        found = np.empty((PLAIN + self.bands, len(items)), dtype=np.uint64)
        bounds = np.searchsorted(items, self.firsts).tolist()
        for (start, stop), first, path in zip(pairwise(bounds), self.firsts, self._paths, strict=False):
            if start < stop:
                np.take(columns(path, len(found)), items[start:stop] - first, axis=1, out=found[:, start:stop])
        before = np.diff(bounds)
        documents, *others = found[:PLAIN]
        documents += np.repeat(self.rows[:-1], before).astype(np.uint64)
        made = Sketches._make([*(c.view(np.int64) for c in (documents, *others)), found[PLAIN:]])
        above = made.parents + np.repeat(self.firsts[:-1], before)
        place = np.searchsorted(items, above)
        there = items[np.minimum(place, len(items) - 1)] == above
        parents = np.where(there, place, np.arange(len(items)))
        return made._replace(parents=parents, prints=made.prints.view(np.uint64))


def mapped(path: Path) -> mmap | bytes:
    """A file as it lies on the disk, which takes a handle as long as this is there."""
    with path.open("rb") as file:
        empty = not file.seek(0, SEEK_END)  # and cannot be mapped
        return b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ)


def columns(path: Path, count: int) -> NDArray[np.uint64]:
    """A file of 64-bit numbers as so many columns, one behind the other."""
    return np.frombuffer(mapped(path), dtype=np.uint64).reshape(count, -1)
