"""An index behind Redis, through datasketch's storage: its `MinHashLSH` holds our signatures, so it can be shared.

Keys are bytes, never pickles. Redis keeps no transaction over a run: after an error what the run added is taken out
again, but a process that is killed leaves it there. The same run given again counts it as its own: of each document the
id is written last, and what stands there without one is taken out before it is added.
"""

from __future__ import annotations

import hashlib
import importlib
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec
import numpy as np

from cleaner.errors import UsageError
from cleaner.index.store import IndexedDocument, IndexInfo, IndexScheme, check_scheme, pack, unpack

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

KEYS_PER_CALL = 1000
"""Keys that are asked for at one time."""
PATIENCE = 30.0
"""Seconds to wait for an answer of the server, which is asked up to four times."""


class RedisStore:
    """An index at `redis://host:port/number?name=…` (name: cleaner). See `index.Store`."""

    def __init__(self, url: str, scheme: IndexScheme | None) -> None:
        try:
            self._errors: type[Exception] = importlib.import_module("redis").RedisError
        except ImportError as error:
            raise UsageError("an index behind Redis needs its client: pip install redis") from error
        self._url, self._config = url, _config(url)
        self._new_ids: list[str] = []
        self._about = self._storage("scheme")
        self.scheme = self._read_scheme(scheme)
        if scheme:
            check_scheme(self.scheme, scheme, url)
        self._ids, self._documents = self._storage("ids"), self._storage("documents")
        self._lsh = self._tables()

    def _storage(self, part: str) -> Any:
        from datasketch.storage import ordered_storage

        return ordered_storage(self._config, name=self._config["basename"] + b":" + part.encode() + b":")

    def _tables(self) -> Any:
        from datasketch import MinHashLSH

        params = (self.scheme.bands, self.scheme.rows)
        return MinHashLSH(
            num_perm=self.scheme.permutations, params=params, storage_config=self._config, prepickle=False
        )

    def _read_scheme(self, scheme: IndexScheme | None) -> IndexScheme:
        if values := self._about.get("json"):
            return msgspec.json.decode(values[0], type=IndexScheme)
        if scheme is None:
            raise UsageError(f"{self._url}: no such index; build one with `cleaner dedup INPUT... --index {self._url}`")
        self._about.insert("json", msgspec.json.encode(scheme))
        return scheme

    def __enter__(self) -> Self:
        self._new_ids.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind and not issubclass(kind, self._errors):
            self.remove(self._new_ids)

    def close(self) -> None:
        """Do nothing: connections are pooled."""

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of those ids that are stored."""
        values = self._get_many(self._ids, [name.encode() for name in ids])
        return {name: _row(name) for name, stored_rows in zip(ids, values, strict=True) if stored_rows}

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Read documents, in the order of the rows."""
        return [_unpack(values[0])[0] for values in self._get_many(self._documents, [_item_key(row) for row in rows])]

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches and return their rows."""
        from datasketch import LeanMinHash

        rows = [_row(document.id) for document in documents]
        self._new_ids += [document.id for document in documents]
        self._remove_remains(rows)
        numbers: list[list[int]] = [[] for _ in documents]
        items = np.flatnonzero(sketches.sizes > 0).tolist()
        for i in items:
            numbers[int(sketches.documents[i])].append(int(sketches.numbers[i]))
        for document, row, passages in zip(documents, rows, numbers, strict=True):
            data = pack((document, passages))
            self._documents.insert(_item_key(row), data, buffer=True)
        self._documents.empty_buffer()
        with self._lsh.insertion_session() as session:
            for i in items:
                key = _item_key(rows[sketches.documents[i]], int(sketches.numbers[i]))
                signature = LeanMinHash(seed=self.scheme.seed, hashvalues=signatures[i], scheme=self.scheme.hash)
                session.insert(key, signature, check_duplication=False)
        for document, row in zip(documents, rows, strict=True):
            self._ids.insert(document.id.encode(), _item_key(row), buffer=True)
        self._ids.empty_buffer()
        return rows

    def _remove_remains(self, rows: Sequence[int]) -> None:
        """Take out what a killed run left of documents: they are stored before their items, their ids come last."""
        remains = zip(rows, self._get_many(self._documents, [_item_key(row) for row in rows]), strict=True)
        for row, data in remains:
            if data:
                self._remove_row(row, data[0])

    def _remove_row(self, row: int, data: bytes) -> None:
        """Take out a document with its items, as far as they are there."""
        for number in _unpack(data)[1]:
            key = _item_key(row, number)
            if key in self._lsh:
                self._lsh.remove(key)
            else:  # a removal that was broken off leaves the list of its buckets
                self._lsh.keys.remove(key)
        self._documents.remove(_item_key(row))

    def flush(self) -> None:
        """Do nothing: what is added is found at once."""

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Find the stored items that share a bucket with a sketch, see `Store.sharing`."""
        with_shingles = np.flatnonzero(sketches.sizes > 0).tolist()
        matches: set[tuple[int, int, int]] = set()
        for table, (start, stop) in zip(self._lsh.hashtables, self._lsh.hashranges, strict=True):
            band_keys = [key.tobytes() for key in signatures[with_shingles, start:stop].byteswap()]
            for index, items in zip(with_shingles, self._get_many(table, band_keys), strict=True):
                matches.update((index, *_ITEM.unpack(item)) for item in items)
        return np.array(sorted(matches), dtype=np.int64).reshape(-1, 3)

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out and return how many were there."""
        rows = self.rows(ids)
        for name, row in rows.items():
            self._ids.remove(name.encode())
            for data in self._documents.get(_item_key(row))[:1]:
                self._remove_row(row, data)
        return len(rows)

    def info(self) -> IndexInfo:
        """Return counts and scheme."""
        return IndexInfo(self._ids.size(), self._lsh.keys.size(), self.scheme)

    def _get_many(self, storage: Any, keys: Sequence[bytes]) -> list[Any]:
        values: list[Any] = []
        for start in range(0, len(keys), KEYS_PER_CALL):
            values += storage.getmany(*keys[start : start + KEYS_PER_CALL])
        return values


_ITEM = struct.Struct(">qI")


def _config(url: str) -> dict[str, Any]:
    """Return datasketch's storage settings for a URL."""
    parts = urlsplit(url)
    number = parts.path.strip("/") or "0"
    if not parts.hostname or not number.isdecimal():
        raise UsageError(f"{url}: not a Redis address; write redis://host:6379/0 or redis://host:6379/0?name=…")
    access: dict[str, Any] = {"host": parts.hostname, "port": parts.port or 6379, "db": int(number)}
    access |= {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    access |= {key: value for key, value in (("username", parts.username), ("password", parts.password)) if value}
    if parts.scheme == "rediss":
        access["ssl"] = True
    name = parse_qs(parts.query).get("name", ["cleaner"])[0]
    return {"type": "redis", "basename": name.encode(), "redis": access}


def _row(name: str) -> int:
    """Return a document's row: 63 bits of a hash of its id."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


def _item_key(row: int, number: int = 0) -> bytes:
    return _ITEM.pack(row, number)


def _unpack(data: bytes) -> tuple[IndexedDocument, list[int]]:
    document: tuple[IndexedDocument, list[int]] = unpack(data, tuple[IndexedDocument, list[int]])
    return document
