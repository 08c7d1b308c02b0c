"""An index behind Redis, through datasketch's storage: its `MinHashLSH` holds our signatures, so it can be shared.

Keys are bytes, never pickles. Redis keeps no transaction over a run: after an error what the run added is taken out
again, but a process that is killed leaves it there, findable and complete document by document.
"""

from __future__ import annotations

import hashlib
import importlib
import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec
import numpy as np

from cleaner.errors import UsageError
from cleaner.index.store import IndexedDocument, IndexInfo, IndexScheme, check_scheme

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

_SOME = 1000


class RedisStore:
    """An index at `redis://host:port/number?name=…` (name: cleaner). See `index.Store`."""

    def __init__(self, url: str, wanted: IndexScheme | None) -> None:
        try:
            self._errors: type[Exception] = importlib.import_module("redis").RedisError
        except ImportError as error:
            raise UsageError("an index behind Redis needs its client: pip install redis") from error
        self._url, self._config = url, _config(url)
        self._added: list[str] = []
        try:
            self._about = self._storage("scheme")
            self.scheme = self._opened(wanted)
        except self._errors as error:
            raise UsageError(f"{url}: cannot be reached ({error})") from error
        if wanted:
            check_scheme(self.scheme, wanted, url)
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

    def _opened(self, wanted: IndexScheme | None) -> IndexScheme:
        if found := self._about.get("json"):
            return msgspec.json.decode(found[0], type=IndexScheme)
        if wanted is None:
            raise UsageError(f"{self._url}: no such index; build one with `cleaner dedup INPUT... --index {self._url}`")
        self._about.insert("json", msgspec.json.encode(wanted))
        return wanted

    def __enter__(self) -> Self:
        self._added.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind and not issubclass(kind, self._errors):
            self.remove(self._added)

    def close(self) -> None:
        """Nothing to let go of: connections are pooled."""

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """The rows of those ids that are stored."""
        found = self._many(self._ids, [name.encode() for name in ids])
        return {name: _row(name) for name, held in zip(ids, found, strict=True) if held}

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Stored documents, in the order of the rows."""
        return [_unpacked(held[0])[0] for held in self._many(self._documents, [_name(row) for row in rows])]

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches; their rows."""
        from datasketch import LeanMinHash

        rows = [_row(document.id) for document in documents]
        self._added += [document.id for document in documents]
        numbers: list[list[int]] = [[] for _ in documents]
        with self._lsh.insertion_session() as session:
            for i in np.flatnonzero(sketches.sizes > 0).tolist():
                at, number = int(sketches.documents[i]), int(sketches.numbers[i])
                numbers[at].append(number)
                signed = LeanMinHash(seed=self.scheme.seed, hashvalues=signatures[i], scheme=self.scheme.hash)
                session.insert(_name(rows[at], number), signed, check_duplication=False)
        for document, row, own in zip(documents, rows, numbers, strict=True):
            self._documents.insert(_name(row), zlib.compress(msgspec.msgpack.encode((document, own)), 1), buffer=True)
            self._ids.insert(document.id.encode(), _name(row), buffer=True)
        self._documents.empty_buffer()
        self._ids.empty_buffer()
        return rows

    def flush(self) -> None:
        """Nothing to do: what is added is findable."""

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Who shares a bucket with a sketch, each once: (found, 3) of place in `sketches`, row, passage number."""
        inked = np.flatnonzero(sketches.sizes > 0).tolist()
        found: set[tuple[int, int, int]] = set()
        for table, (start, stop) in zip(self._lsh.hashtables, self._lsh.hashranges, strict=True):
            swapped = signatures[inked, start:stop].byteswap()
            for place, held in zip(inked, self._many(table, [row.tobytes() for row in swapped]), strict=True):
                for name in held:
                    row, number = _ITEM.unpack(name)
                    found.add((place, row, number))
        return np.array(sorted(found), dtype=np.int64).reshape(-1, 3)

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out; how many were there."""
        known = self.rows(ids)
        for name, row in known.items():
            for held in self._documents.get(_name(row))[:1]:
                for number in _unpacked(held)[1]:
                    self._lsh.remove(_name(row, number))
            self._documents.remove(_name(row))
            self._ids.remove(name.encode())
        return len(known)

    def info(self) -> IndexInfo:
        """Counts and scheme."""
        return IndexInfo(self._ids.size(), self._lsh.keys.size(), self.scheme)

    def _many(self, storage: Any, keys: Sequence[bytes]) -> list[Any]:
        found: list[Any] = []
        for at in range(0, len(keys), _SOME):
            found += storage.getmany(*keys[at : at + _SOME])
        return found


_ITEM = struct.Struct(">qI")


def _config(url: str) -> dict[str, Any]:
    """datasketch's storage settings for a URL."""
    parts = urlsplit(url)
    number = parts.path.strip("/") or "0"
    if not parts.hostname or not number.isdecimal():
        raise UsageError(f"{url}: not a Redis address; write redis://host:6379/0 or redis://host:6379/0?name=…")
    access: dict[str, Any] = {"host": parts.hostname, "port": parts.port or 6379, "db": int(number)}
    access |= {key: value for key, value in (("username", parts.username), ("password", parts.password)) if value}
    if parts.scheme == "rediss":
        access["ssl"] = True
    name = parse_qs(parts.query).get("name", ["cleaner"])[0]
    return {"type": "redis", "basename": name.encode(), "redis": access}


def _row(name: str) -> int:
    """A document's row: 63 bits of a hash of its id."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


def _name(row: int, number: int = 0) -> bytes:
    return _ITEM.pack(row, number)


def _unpacked(held: bytes) -> tuple[IndexedDocument, list[int]]:
    return msgspec.msgpack.decode(zlib.decompress(held), type=tuple[IndexedDocument, list[int]])
