"""The records of committed shards, read where they lie: what is held of each is a hash of its id and three places."""

from __future__ import annotations

import hashlib
from codecs import utf_32_le_decode
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from mmap import mmap
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.engines.parts import Parts, Shard
from cleaner.engines.stored import columns, mapped
from cleaner.formats.records import Rejected

if TYPE_CHECKING:
    from numpy.typing import NDArray


ENCODING = "utf-32-le"
"""How texts are kept for the search: the bytes of any span are known by its code points."""
OPEN = 16
"""Files of texts that are mapped at one time; each takes a handle."""


class Row(NamedTuple):
    """A record as its part tells it."""

    id: str
    file: str
    line: int
    host: str


class Places:
    """Of each row of a shard under way: a hash of its id, where its line begins in `rows`, its text in `texts`."""

    def __init__(self) -> None:
        self._held: list[tuple[int, int, int, int]] = []
        self._line = self._text = 0

    def add(self, key: str, line: int, text: int) -> None:
        """One more row, by the sizes of what was written of it."""
        digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._held.append((int.from_bytes(digest, "little"), self._line, self._text, self._text + text))
        self._line += line
        self._text += text

    def data(self) -> bytes:
        """All rows, four numbers of 64 bits each."""
        return np.array(self._held, dtype=np.uint64).tobytes()


def encoded(row: Row) -> bytes:
    """A row as a line of its part."""
    return msgspec.json.encode(row) + b"\n"


_DECODER = msgspec.json.Decoder(Row)


class Text:
    """A text of which only what is asked for is decoded. `start`, `stop`: bytes of all texts of its shard, `held`."""

    __slots__ = ("_held", "_start", "_stop")

    def __init__(self, held: mmap | bytes, start: int, stop: int) -> None:
        self._held, self._start, self._stop = held, start, stop

    def __getitem__(self, span: slice) -> str:
        """The code points of a span."""
        start, stop, _ = span.indices((self._stop - self._start) // 4)
        data = self._held[self._start + 4 * start : self._start + 4 * stop]
        return utf_32_le_decode(data, "surrogatepass", True)[0]


class Rows:
    """All records of a run, numbered in their order. `firsts` (shards + 1,): the number of each shard's first."""

    def __init__(self, parts: Parts, shards: Sequence[Shard]) -> None:
        self._parts, self._shards = parts, shards
        self._held = lru_cache(OPEN)(self._texts)
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

    def texts(self, rows: NDArray[np.int64]) -> list[Text]:
        """The clean texts of some records; `rows` ascend."""
        found = []
        for shard, places in self._by_shard(rows):
            held = self._held(shard)
            found += [Text(held, start, stop) for start, stop in places[:, 2:].tolist()]
        return found

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

    def _texts(self, shard: int) -> mmap | bytes:
        return mapped(self._parts.path(*self._shards[shard], "texts"))


def repeated(rows: Rows) -> Iterator[Rejected]:
    """Records with the id of an earlier one. Both are kept; who looks them up by id should know."""
    for number, before in rows.repeated.items():
        again, first = rows.read(np.array([number])), rows.read(np.array([before]))
        row, other = next(again), next(first)
        yield twice(row.id, (row.file, row.line), (other.file, other.line))


def twice(key: str, place: tuple[str, int], first: tuple[str, int]) -> Rejected:
    """What is said of a record with the id of an earlier one, by file and line."""
    return Rejected(*place, 0, f"its id {key!r} is that of {first[0]}:{first[1]} too; both are kept")
