"""Files of a run for repeated spans: the anchors of its shards, and columns that are mapped where they lie."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from cleaner.corpus.sketch_store import map_file, read_anchors
from cleaner.dedup.spans.anchors import KEY_BYTES, Anchors, concatenate_anchors

if TYPE_CHECKING:
    from numpy.typing import NDArray


WRITE_BYTES = 1 << 16
"""Bytes that are written at one time: what was written together may be mapped together, however little is looked at."""


class StoredAnchors(NamedTuple):
    """The anchors of shards: their files, and how many texts each has."""

    paths: Sequence[Path]
    counts: Sequence[int]

    def histogram(self) -> NDArray[np.int64]:
        """Count the anchors by the first byte of their key."""
        counts = np.zeros(KEY_BYTES, dtype=np.int64)
        for path in self.paths:
            counts += read_anchors(path).histogram()
        return counts

    def between(self, first: int, stop: int) -> Anchors:
        """Return those whose keys begin with a byte of a range."""
        batches = (read_anchors(path).between(first, stop) for path in self.paths)
        return concatenate_anchors(zip(self.counts, batches, strict=True))


class ColumnFiles:
    """Columns as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maps: dict[Path, mmap.mmap] = {}

    def collect(self, name: str, parts: Iterable[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
        """Write parts as they come, and map what is written."""
        kinds: dict[Path, np.dtype[Any]] = {}
        with ExitStack() as stack:
            handles = {}
            for part in parts:
                for number, column in enumerate(part):
                    path = self._folder / f"spans.{name}.{number}"
                    if path not in kinds:
                        kinds[path], handles[path] = column.dtype, stack.enter_context(path.open("wb", WRITE_BYTES))
                    _write(handles[path], column)
        return [self._map(path, kind) for path, kind in kinds.items()]

    def _map(self, path: Path, kind: np.dtype[Any]) -> NDArray[Any]:
        content = map_file(path)
        if isinstance(content, mmap.mmap):
            self._maps[path] = content
        return np.frombuffer(content, dtype=kind)

    def release(self) -> None:
        """Drop the pages that are mapped, where the system can; they are read again when they are looked at."""
        for content in self._maps.values():
            if hasattr(mmap, "MADV_DONTNEED"):
                content.madvise(mmap.MADV_DONTNEED)


def _write(file: BinaryIO, column: NDArray[Any]) -> None:
    content = np.ascontiguousarray(column).view(np.uint8).data
    for start in range(0, len(content), WRITE_BYTES):
        file.write(content[start : start + WRITE_BYTES])
