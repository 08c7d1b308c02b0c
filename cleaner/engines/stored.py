"""Sketches of committed shards where they lie: mapped while they are looked at, as every mapping holds a file open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import SEEK_END
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from cleaner.dedup.sketch import Sketches

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
        """Some items, ascending; their keys are read when they are asked for. `documents` are rows of the run.

        `parents` are places among the items; a window whose passage is not among them stands for itself.
        """
        documents, *others = self._columns(items, slice(0, PLAIN))
        documents += np.repeat(self.rows[:-1], np.diff(np.searchsorted(items, self.firsts))).astype(np.uint64)
        found = Sketches._make([*(c.view(np.int64) for c in (documents, *others)), _Keys(self, items)])
        above = found.parents + np.repeat(self.firsts[:-1], np.diff(np.searchsorted(items, self.firsts)))
        place = np.searchsorted(items, above)
        there = items[np.minimum(place, len(items) - 1)] == above
        parents = np.where(there, place, np.arange(len(items)))
        return found._replace(parents=parents, prints=found.prints.view(np.uint64))

    def keys(self, items: NDArray[np.int64], band: int) -> NDArray[Any]:
        """The keys of some items in one band."""
        found: NDArray[Any] = self._columns(items, slice(PLAIN + band, PLAIN + band + 1))[0]
        return found

    def _columns(self, items: NDArray[np.int64], chosen: slice) -> NDArray[Any]:
        found = np.empty((chosen.stop - chosen.start, len(items)), dtype=np.uint64)
        bounds = np.searchsorted(items, self.firsts).tolist()
        for (start, stop), first, path in zip(pairwise(bounds), self.firsts, self._paths, strict=False):
            if start < stop:
                held = columns(path, PLAIN + self.bands)
                found[:, start:stop] = held[chosen, items[start:stop] - first]
        return found


class _Keys(Sequence[Any]):
    """The keys of some items, a band at a time."""

    def __init__(self, stored: Stored, items: NDArray[np.int64]) -> None:
        self._stored, self._items = stored, items

    def __len__(self) -> int:
        return self._stored.bands

    def __getitem__(self, band: Any) -> Any:
        if band >= len(self):
            raise IndexError(band)
        return self._stored.keys(self._items, band)


def mapped(path: Path) -> mmap | bytes:
    """A file as it lies on the disk, which takes a handle as long as this is there."""
    with path.open("rb") as file:
        empty = not file.seek(0, SEEK_END)  # and cannot be mapped
        return b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ)


def columns(path: Path, count: int) -> NDArray[np.uint64]:
    """A file of 64-bit numbers as so many columns, one behind the other."""
    return np.frombuffer(mapped(path), dtype=np.uint64).reshape(count, -1)
