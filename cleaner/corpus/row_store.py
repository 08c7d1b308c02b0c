"""The records of committed shards, read where they lie: in memory are a hash of each id and three offsets."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.corpus.sketch_store import read_columns
from cleaner.formats.base import Record
from cleaner.local.checkpoints import Checkpoints, Shard, ShardDraft
from cleaner.text import codepoints
from cleaner.text.recent_texts import RecentTexts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ROWS, OFFSETS, TEXTS = "rows", "offsets", "texts"
"""Kinds of files of a shard: id, file, line and host of every record; where those lines and the texts begin; texts."""

WIDTH = 4
"""Bytes of a code point, as texts are kept for the search: those of any span are known by it."""
OPEN_FILES = 128
"""Files of texts that are open at one time."""
COLUMNS = 4
"""Numbers of 64 bits that are kept of a record: the hash of its id, where its line begins, its text begins and ends.

In a shard that keeps no texts the last two are where the record begins and ends in its source."""


class RecordRow(NamedTuple):
    """What is kept of a record besides its text."""

    id: str
    file: str
    line: int
    host: str


ReadSource = Callable[[Shard, Sequence[tuple[int, int]]], Iterator[str]]
"""Reads texts of a shard again from its source, by where their records begin and end there."""


class RowWriter:
    """Writes the records of one shard for a `RowStore`, with their texts or without."""

    def __init__(self, draft: ShardDraft, *, with_texts: bool = True, with_hashes: bool = True) -> None:
        """Write into a draft.

        Args:
            draft: the files of the shard.
            with_texts: whether texts are kept.
            with_hashes: whether hashes of ids are kept, by which `RowStore.repeated_ids` finds repeated ones.
        """
        self._draft, self._with_texts, self._with_hashes = draft, with_texts, with_hashes
        self._hashes: list[bytes] = []
        self._line_sizes, self._text_sizes = [0], [0]
        self._spans: list[tuple[int, int]] = []

    def add(self, records: Sequence[Record], texts: Sequence[str]) -> None:
        """Write records with their texts."""
        rows = [(record.id, record.file, record.line, record.host) for record in records]
        lines = [msgspec.json.encode(row) + b"\n" for row in rows]
        for record, line, text in zip(records, lines, texts, strict=True):
            self._hashes.append(_hash(record.id) if self._with_hashes else NO_HASH)
            self._line_sizes.append(len(line))
            self._text_sizes.append(len(text) + 1)
            self._spans.append((record.offset, record.offset + len(record.stored_data)))
        self._draft.write(ROWS, b"".join(lines))
        if self._with_texts:
            self._draft.write(TEXTS, codepoints.from_text("\n".join([*texts, ""])).data)

    def close(self) -> None:
        """Write the offsets, after the last record."""
        lines, texts = np.cumsum(self._line_sizes)[:-1], WIDTH * np.cumsum(self._text_sizes)
        hashes = np.frombuffer(b"".join(self._hashes), dtype="<u8")
        spans = np.array(self._spans, dtype=np.int64).reshape(-1, 2)
        if self._with_texts:
            spans = np.column_stack((texts[:-1], texts[1:] - WIDTH))
        columns = (hashes, lines.astype(np.uint64), spans.astype(np.uint64))
        self._draft.write(OFFSETS, np.column_stack(columns).tobytes())


NO_HASH = bytes(8)


def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()


_DECODER = msgspec.json.Decoder(RecordRow)


class _TextFile:
    """A file that is read by offsets, open until nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def __del__(self) -> None:
        if hasattr(self, "handle"):
            os.close(self.handle)


def _seek_and_read(handle: int, size: int, offset: int) -> bytes:
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, size)


_pread = getattr(os, "pread", _seek_and_read)  # which Windows has not


class RowStore:
    """All records of a run, numbered in their order. `firsts` (shards + 1,): the number of each shard's first."""

    def __init__(
        self, checkpoints: Checkpoints, shards: Sequence[Shard], read_source: ReadSource | None = None
    ) -> None:
        """Open the store.

        Args:
            checkpoints: where the files of the shards are.
            shards: their order.
            read_source: gets the texts of shards that keep none.
        """
        self._checkpoints, self._shards, self._read_source = checkpoints, shards, read_source
        self._recent_texts = RecentTexts(self._read_again)
        self._text_file = lru_cache(OPEN_FILES)(lambda shard: _TextFile(checkpoints.path(shards[shard], TEXTS)))
        sizes = [checkpoints.path(shard, OFFSETS).stat().st_size // (8 * COLUMNS) for shard in shards]
        self.firsts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def of_shard(self, shard: int) -> range:
        """Return the rows of a shard, by its index."""
        return range(int(self.firsts[shard]), int(self.firsts[shard + 1]))

    def read(self, rows: NDArray[np.int64]) -> Iterator[RecordRow]:
        """Read some records; `rows` ascend."""
        for shard, offsets in self._by_shard(rows):
            with self._checkpoints.path(self._shards[shard], ROWS).open("rb") as file:
                for offset in offsets[:, 1].tolist():
                    file.seek(offset)
                    yield _DECODER.decode(file.readline())

    def read_all(self) -> Iterator[RecordRow]:
        """Read all records, in order."""
        for shard in self._shards:
            with self._checkpoints.path(shard, ROWS).open("rb") as file:
                yield from map(_DECODER.decode, file)

    def text(self, row: int) -> str:
        """Return the text of a record."""
        if self._has_no_texts[self._shard_of(np.array([row]))[0]]:
            return next(self._read_again(np.array([row])))
        rows, (start, stop) = np.array([row]), self._texts[:, row].tolist()
        return codepoints.to_text(self.code_points(rows, np.zeros_like(rows), np.array([(stop - start) // WIDTH])))

    def code_points(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]
    ) -> NDArray[np.uint32]:
        """Return the code points of spans of texts, end to end.

        Args:
            rows, starts, stops: one span each, (spans,); `starts` and `stops` in code points.
        """
        shards = self._shard_of(rows)
        spans: list[bytes | memoryview] = [b""] * len(rows)
        is_elsewhere = self._has_no_texts[shards]
        order = np.argsort(shards, kind="stable")
        order = order[~is_elsewhere[order]]
        offsets, sizes = self._texts[0, rows] + WIDTH * starts, WIDTH * (stops - starts)
        columns = (order, shards[order], offsets[order], sizes[order])
        for index, shard, offset, size in zip(*(column.tolist() for column in columns), strict=True):
            spans[index] = _pread(self._text_file(shard).handle, size, offset)
        self._fill_from_sources(spans, np.flatnonzero(is_elsewhere), (rows, starts, stops))
        return np.frombuffer(b"".join(spans), dtype=np.uint32)

    def _fill_from_sources(
        self,
        spans: list[bytes | memoryview],
        indices: NDArray[np.int64],
        columns: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    ) -> None:
        """Fill in those of the spans, given by row, start and stop, whose texts are read again; each text once."""
        rows, starts, stops = (column[indices] for column in columns)
        distinct, inverse = np.unique(rows, return_inverse=True)
        codes, places = self._recent_texts.get(distinct), (indices, inverse, starts, stops)
        for index, text, start, stop in zip(*(column.tolist() for column in places), strict=True):
            spans[index] = codes[text][start:stop].data

    def _read_again(self, rows: NDArray[np.int64]) -> Iterator[str]:
        """Read the texts of some records from their sources; `rows` ascend."""
        bounds = np.searchsorted(rows, self.firsts).tolist()
        for shard, (start, stop) in enumerate(pairwise(bounds)):
            if start < stop:
                assert self._read_source
                yield from self._read_source(self._shards[shard], self._texts[:, rows[start:stop]].T.tolist())

    def _shard_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self.firsts, rows, side="right") - 1

    @cached_property
    def _has_no_texts(self) -> NDArray[np.bool_]:
        """Whether the texts of each shard are to be read again from its source, (shards,)."""
        return np.array([not self._checkpoints.path(shard, TEXTS).exists() for shard in self._shards], dtype=np.bool_)

    def with_names(self, rows: NDArray[np.int64]) -> Iterator[tuple[str, RecordRow]]:
        """Read some records with a unique name: the id, and the place where an earlier record has the same id.

        `rows` ascend.
        """
        for number, row in zip(rows.tolist(), self.read(rows), strict=True):
            yield f"{row.id} ({row.file}:{row.line})" if number in self.repeated_ids else row.id, row

    @cached_property
    def repeated_ids(self) -> dict[int, int]:
        """Rows whose id an earlier one has, with the first of those."""
        hashes = np.concatenate([np.empty(0, np.uint64), *(self._offsets(i)[:, 0] for i in range(len(self._shards)))])
        sorted_hashes = np.sort(hashes)
        rows = np.flatnonzero(np.isin(hashes, sorted_hashes[1:][sorted_hashes[1:] == sorted_hashes[:-1]]))
        first_of: dict[str, int] = {}
        records = zip(rows.tolist(), self.read(rows), strict=True)
        firsts = ((row, first_of.setdefault(record.id, row)) for row, record in records)
        return {row: first for row, first in firsts if first != row}

    def _by_shard(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """Yield each shard that holds some of the rows, and their offsets; `rows` ascend."""
        bounds = np.searchsorted(rows, self.firsts).tolist()
        for shard, (start, stop) in enumerate(pairwise(bounds)):
            if start < stop:
                yield shard, self._offsets(shard)[rows[start:stop] - self.firsts[shard]]

    def _offsets(self, shard: int) -> NDArray[np.uint64]:
        return read_columns(self._checkpoints.path(self._shards[shard], OFFSETS), 1).reshape(-1, COLUMNS)

    @cached_property
    def _texts(self) -> NDArray[np.int64]:
        """Where each text begins and ends in the file of its shard, in bytes (2, rows)."""
        bounds = [self._offsets(shard)[:, 2:].T.astype(np.int64) for shard in range(len(self._shards))]
        return np.concatenate([np.empty((2, 0), dtype=np.int64), *bounds], axis=1)
