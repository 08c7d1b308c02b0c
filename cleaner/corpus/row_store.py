"""The records of committed shards, read where they lie: what is held of each is a hash of its id and three places."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.corpus.sketch_store import columns
from cleaner.formats.base import Rejection
from cleaner.local.checkpoints import Parts, Shard

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


ENCODING, WIDTH = "utf-32-le", 4
"""How texts are kept for the search, and bytes of a code point: those of any span are known by it."""
OPEN = 128
"""Files of texts that are open at one time."""


class Row(NamedTuple):
    """A record as its part tells it."""

    id: str
    file: str
    line: int
    host: str


class Places:
    """Of each row of a shard under way: a hash of its id, where its line begins in `rows`, its text in `texts`."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._lines, self._texts = [0], [0]

    def add(self, key: str, line: int, text: int) -> None:
        """One more row, by the bytes of its line and the characters of its text."""
        self._ids.append(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        self._lines.append(line)
        self._texts.append(text + 1)

    def data(self) -> bytes:
        """All rows, four numbers of 64 bits each: hash, line, begin and end of the text."""
        lines, texts = np.cumsum(self._lines)[:-1], WIDTH * np.cumsum(self._texts)
        ids = np.frombuffer(b"".join(self._ids), dtype="<u8")
        return np.column_stack((ids, *(c.astype(np.uint64) for c in (lines, texts[:-1], texts[1:] - WIDTH)))).tobytes()


def together(texts: Sequence[str]) -> bytes:
    """Texts as a shard holds them for the search, each with a line break."""
    return "\n".join([*texts, ""]).encode(ENCODING, "surrogatepass")


def encoded(row: Row) -> bytes:
    """A row as a line of its part."""
    return msgspec.json.encode(row) + b"\n"


_DECODER = msgspec.json.Decoder(Row)


class _Open:
    """A file that is read by places, open until nothing holds it any more."""

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


def _sought(file: int, size: int, at: int) -> bytes:
    os.lseek(file, at, os.SEEK_SET)
    return os.read(file, size)


_pread = getattr(os, "pread", _sought)  # which Windows has not


class Rows:
    """All records of a run, numbered in their order. `firsts` (shards + 1,): the number of each shard's first."""

    def __init__(self, parts: Parts, shards: Sequence[Shard]) -> None:
        self._parts, self._shards = parts, shards
        self._open = lru_cache(OPEN)(lambda shard: _Open(parts.path(*shards[shard], "texts")))
        sizes = [parts.path(*shard, "places").stat().st_size // 32 for shard in shards]
        self.firsts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def of(self, shard: int) -> range:
        """The rows of a shard, by its index."""
        return range(int(self.firsts[shard]), int(self.firsts[shard + 1]))

    def read(self, rows: NDArray[np.int64]) -> Iterator[Row]:
        """Some records; `rows` ascend."""
        for shard, places in self._by_shard(rows):
            with self._parts.path(*self._shards[shard], "rows").open("rb") as file:
                for at in places[:, 1].tolist():
                    file.seek(at)
                    yield _DECODER.decode(file.readline())

    def text(self, row: int) -> str:
        """The clean text of a record."""
        start, stop = self._texts[:, row].tolist()
        one = np.array([row])
        codes = self.part(one, np.zeros_like(one), np.array([(stop - start) // WIDTH]))
        return codes.tobytes().decode(ENCODING, "surrogatepass")

    def part(self, rows: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The code points of parts of clean texts, end to end; arrays (parts,), `starts` and `stops` in code points."""
        shards = np.searchsorted(self.firsts, rows, side="right") - 1
        order = np.argsort(shards, kind="stable")
        at, sizes = self._texts[0, rows] + WIDTH * starts, WIDTH * (stops - starts)
        made = [b""] * len(rows)
        columns = (order, shards[order], at[order], sizes[order])
        for place, shard, begin, size in zip(*(column.tolist() for column in columns), strict=True):
            made[place] = _pread(self._open(shard).number, size, begin)
        return np.frombuffer(b"".join(made), dtype=np.uint32)

    def named(self, rows: NDArray[np.int64]) -> Iterator[tuple[str, Row]]:
        """Some records with what tells them apart: the id, and their place where an earlier one has the same id too.

        `rows` ascend.
        """
        twice = self.repeated
        for number, row in zip(rows.tolist(), self.read(rows), strict=True):
            yield f"{row.id} ({row.file}:{row.line})" if number in twice else row.id, row

    @cached_property
    def repeated(self) -> dict[int, int]:
        """Rows whose id an earlier one has, with the first of those."""
        hashes = np.concatenate([np.empty(0, np.uint64), *(self._places(i)[:, 0] for i in range(len(self._shards)))])
        ordered = np.sort(hashes)
        rows = np.flatnonzero(np.isin(hashes, ordered[1:][ordered[1:] == ordered[:-1]]))
        first: dict[str, int] = {}
        found = zip(rows.tolist(), self.read(rows), strict=True)
        known = ((row, first.setdefault(record.id, row)) for row, record in found)
        return {row: before for row, before in known if before != row}

    def _by_shard(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.uint64]]]:
        """Each shard that holds some of the rows, and their places; `rows` ascend."""
        bounds = np.searchsorted(rows, self.firsts).tolist()
        for shard, (start, stop) in enumerate(pairwise(bounds)):
            if start < stop:
                yield shard, self._places(shard)[rows[start:stop] - self.firsts[shard]]

    def _places(self, shard: int) -> NDArray[np.uint64]:
        return columns(self._parts.path(*self._shards[shard], "places"), 1).reshape(-1, 4)

    @cached_property
    def _texts(self) -> NDArray[np.int64]:
        """Where each text begins and ends in the file of its shard, in bytes (2, rows)."""
        found = [self._places(shard)[:, 2:].T.astype(np.int64) for shard in range(len(self._shards))]
        return np.concatenate([np.empty((2, 0), dtype=np.int64), *found], axis=1)


def repeated(rows: Rows) -> Iterator[Rejection]:
    """Records with the id of an earlier one. Both are kept; who looks them up by id should know."""
    for number, before in rows.repeated.items():
        again, first = rows.read(np.array([number])), rows.read(np.array([before]))
        row, other = next(again), next(first)
        yield twice(row.id, (row.file, row.line), (other.file, other.line))


def twice(key: str, place: tuple[str, int], first: tuple[str, int]) -> Rejection:
    """What is said of a record with the id of an earlier one, by file and line."""
    return Rejection(*place, 0, f"its id {key!r} is that of {first[0]}:{first[1]} too; both are kept")
