"""An index in one SQLite file.

Documents are rows with their compressed text, which the exact check needs. Band keys lie in segments: for each band
a sorted array of keys and one of the items they belong to, as blobs that are read whole and searched with numpy. A new
segment takes in the ones before it that are not larger than twice itself, so there are few.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec
import numpy as np

from cleaner.errors import UsageError
from cleaner.index.store import IndexedDocument, IndexInfo, IndexScheme, check_scheme, pack, unpack

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

_SCHEMA = (
    "create table scheme (json text not null)",
    "create table document (row integer primary key autoincrement, id text not null unique, data blob not null)",
    "create table segment (number integer primary key autoincrement, items integer not null)",
    """create table band (segment integer not null, band integer not null, keys blob not null, items blob not null,
                          primary key (segment, band)) without rowid""",
)
PASSAGE_BITS = 24
"""Bits of an item that hold its passage number; the others hold its document's row."""
MOST_VALUES = 500
"""Values of one query: SQLite allows 999 where it is old."""


class Band(NamedTuple):
    """A band of a segment: sorted keys, and the item of each."""

    keys: NDArray[np.uint64]
    items: NDArray[np.int64]


class SqliteStore:
    """An index in a file that is made when it is missing and a scheme is given. See `index.Store`."""

    def __init__(self, path: Path, scheme: IndexScheme | None) -> None:
        if scheme is None and not path.is_file():
            raise UsageError(f"{path}: no such index; build one with `cleaner dedup INPUT... --index {path}`")
        self._path = path
        self._pending: list[tuple[NDArray[np.int64], Sequence[NDArray[np.uint64]]]] = []
        self._segments: dict[int, list[Band]] = {}
        self._base = sqlite3.connect(path, isolation_level=None)
        try:
            self.scheme = self._read_scheme(scheme)
            if scheme:
                check_scheme(self.scheme, scheme, str(path))
        except BaseException:
            self._base.close()
            raise

    def _read_scheme(self, scheme: IndexScheme | None) -> IndexScheme:
        if scheme and not self._has_tables():
            with self:  # another run may make them meanwhile
                if not self._has_tables():
                    for statement in _SCHEMA:
                        self._base.execute(statement)
                    self._base.execute("insert into scheme values (?)", (msgspec.json.encode(scheme).decode(),))
        row = self._base.execute("select json from scheme").fetchone()
        if not row:
            raise UsageError(f"{self._path}: an index without a scheme; delete it, and build it anew")
        return msgspec.json.decode(row[0], type=IndexScheme)

    def _has_tables(self) -> bool:
        return bool(self._base.execute("select 1 from sqlite_master").fetchone())

    def __enter__(self) -> Self:
        self._base.execute("begin immediate")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._segments.clear()
        if not kind:
            self._base.execute("commit")
        elif self._base.in_transaction:  # an error of the disk may have rolled it back already
            self._base.execute("rollback")

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of those ids that are stored."""
        return dict(self._in("select id, row from document where id in", ids))

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Read documents, in the order of the rows."""
        data = dict(self._in("select row, data from document where row in", list(set(rows))))
        return [unpack(data[row], IndexedDocument) for row in rows]

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches and return their rows."""
        (last,) = self._base.execute(
            "select coalesce(max(seq), 0) from sqlite_sequence where name = 'document'"
        ).fetchone()
        rows = list(range(last + 1, last + 1 + len(documents)))
        values = zip(rows, (document.id for document in documents), map(pack, documents), strict=True)
        self._base.executemany("insert into document (row, id, data) values (?, ?, ?)", values)
        items = (sketches.documents + last + 1) << PASSAGE_BITS | sketches.numbers
        has_shingles = sketches.sizes > 0
        self._pending.append((items[has_shingles], [key[has_shingles] for key in sketches.keys]))
        return rows

    def flush(self) -> None:
        """Write pending items as one segment, merged with smaller ones before it."""
        if not self._pending:
            return
        items = np.concatenate([items for items, _ in self._pending])
        columns = zip(*(keys for _, keys in self._pending), strict=True)
        bands = [_sort_band(np.concatenate(column), items) for column in columns]
        self._pending.clear()
        for number, size in self._base.execute("select number, items from segment order by number desc").fetchall():
            if size > 2 * len(bands[0].items):
                break
            bands = [_merge_bands(old, new) for old, new in zip(self._bands(number), bands, strict=True)]
            self._drop(number)
        self._write(bands)

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Find the stored items that share a bucket with a sketch, see `Store.sharing`."""
        with_shingles = np.flatnonzero(sketches.sizes > 0)
        matches = [np.empty((0, 2), dtype=np.int64)]
        for (number,) in self._base.execute("select number from segment").fetchall():
            for band, key in zip(self._bands(number), sketches.keys, strict=True):
                matches.append(_find_equal_keys(band, key[with_shingles], with_shingles))
        pairs = np.unique(np.concatenate(matches), axis=0)
        return np.column_stack((pairs[:, 0], pairs[:, 1] >> PASSAGE_BITS, pairs[:, 1] & ((1 << PASSAGE_BITS) - 1)))

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out of the rows and of every segment, and return how many were there."""
        rows = list(self.rows(ids).values())
        self._base.executemany("delete from document where row = ?", [(row,) for row in rows])
        for (number,) in self._base.execute("select number from segment").fetchall():
            bands = [_remove_rows(band, rows) for band in self._bands(number)]
            self._drop(number)
            self._write(bands)
        return len(rows)

    def info(self) -> IndexInfo:
        """Return counts and scheme."""
        (documents,) = self._base.execute("select count(*) from document").fetchone()
        (items,) = self._base.execute("select coalesce(sum(items), 0) from segment").fetchone()
        return IndexInfo(documents, items, self.scheme)

    def _in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, Any]]:
        for start in range(0, len(values), MOST_VALUES):
            batch = values[start : start + MOST_VALUES]
            yield from self._base.execute(f"{query} ({','.join('?' * len(batch))})", batch)

    def _bands(self, number: int) -> list[Band]:
        """Return all bands of a segment, read once."""
        if number not in self._segments:
            read = self._base.execute("select keys, items from band where segment = ? order by band", (number,))
            self._segments[number] = [
                Band(np.frombuffer(keys, dtype="<u8"), np.frombuffer(items, dtype="<i8")) for keys, items in read
            ]
        return self._segments[number]

    def _write(self, bands: list[Band]) -> None:
        if not len(bands[0].items):
            return
        number = self._base.execute("insert into segment (items) values (?)", (len(bands[0].items),)).lastrowid
        rows = (
            (number, i, keys.astype("<u8").tobytes(), items.astype("<i8").tobytes())
            for i, (keys, items) in enumerate(bands)
        )
        self._base.executemany("insert into band values (?, ?, ?, ?)", rows)

    def _drop(self, number: int) -> None:
        self._segments.pop(number, None)
        self._base.execute("delete from band where segment = ?", (number,))
        self._base.execute("delete from segment where number = ?", (number,))


def _sort_band(keys: NDArray[np.uint64], items: NDArray[np.int64]) -> Band:
    order = np.argsort(keys, kind="stable")
    return Band(keys[order], items[order])


def _merge_bands(old: Band, new: Band) -> Band:
    return _sort_band(np.concatenate((old.keys, new.keys)), np.concatenate((old.items, new.items)))


def _remove_rows(band: Band, rows: Sequence[int]) -> Band:
    is_kept = ~np.isin(band.items >> PASSAGE_BITS, rows)
    return Band(band.keys[is_kept], band.items[is_kept])


def _find_equal_keys(band: Band, keys: NDArray[np.uint64], indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pair the indices of keys with the items of a band that have the same key, (pairs, 2)."""
    low = np.searchsorted(band.keys, keys)
    rows = np.flatnonzero(band.keys[np.minimum(low, max(len(band.keys) - 1, 0))] == keys) if len(band.keys) else low[:0]
    low, counts = low[rows], np.searchsorted(band.keys, keys[rows], side="right") - low[rows]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.column_stack((np.repeat(indices[rows], counts), band.items[np.repeat(low, counts) + offsets]))
