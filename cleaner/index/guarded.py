"""A stored index whose errors a user understands: in use, read-only, full, damaged, forged, out of reach."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import msgspec

from cleaner.errors import CleanerError, UsageError
from cleaner.index.store import IndexedDocument, IndexInfo, IndexScheme, Store, check_scheme, expected_scheme

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches

_PRIMARY = 0xFF
"""The bits of an error code of SQLite that tell its kind."""
_AGAIN = "and give the same command again"
_PASSING_STATES = {
    sqlite3.SQLITE_BUSY: f"in use by another run; wait for it, {_AGAIN}",
    sqlite3.SQLITE_LOCKED: f"in use by another run; wait for it, {_AGAIN}",
    sqlite3.SQLITE_READONLY: f"cannot be written; make it writable, {_AGAIN}",
    sqlite3.SQLITE_PERM: f"cannot be written; make it writable, {_AGAIN}",
    sqlite3.SQLITE_FULL: f"no room is left for it; free some, {_AGAIN}",
    sqlite3.SQLITE_IOERR: f"its disk fails or is full; mend that, {_AGAIN}",
}
_DAMAGE = (
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
    struct.error,
    zlib.error,
)
"""What goes wrong where an index holds other things than were written there."""


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn errors of the index of that name into those that a user meets.

    Raises:
        UsageError: it is none.
        CleanerError: it cannot be used as it is now.
    """
    try:
        yield
    except CleanerError:
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
        if reason := _PASSING_STATES.get(code):
            raise CleanerError(f"{name}: {reason} ({error})") from error
        raise UsageError(f"{name}: not an index that can be used ({error})") from error
    except _DAMAGE as error:
        problem = f"{type(error).__name__}: {error}"
        raise UsageError(
            f"{name}: not an index that can be used (damaged or forged: {problem}); build it anew"
        ) from error
    except Exception as error:
        if isinstance(error, OSError) or type(error).__module__.startswith("redis."):
            raise CleanerError(f"{name}: cannot be reached ({error}); mend that, {_AGAIN}") from error
        raise


class GuardedStore:
    """A store, each call of which is explained. See `index.Store`."""

    def __init__(self, name: str, make: Callable[[], Store]) -> None:
        """Open a store by `make`."""
        self._name = name
        with explained(name):
            self._store = make()
            try:
                check_scheme(self.scheme, expected_scheme(self.scheme), name)
            except BaseException:
                self._store.close()
                raise

    @property
    def scheme(self) -> IndexScheme:
        """The scheme that it was built with."""
        return self._store.scheme

    def __enter__(self) -> Self:
        with explained(self._name):
            self._store.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with explained(self._name):
            self._store.__exit__(kind, error, trace)

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of those ids that are stored."""
        with explained(self._name):
            return self._store.rows(ids)

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Read documents, in the order of the rows."""
        with explained(self._name):
            return self._store.documents(rows)

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches and return their rows."""
        with explained(self._name):
            return self._store.add(documents, sketches, signatures)

    def flush(self) -> None:
        """Let `sharing` find what was added."""
        with explained(self._name):
            self._store.flush()

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Find the stored items that share a bucket with a sketch, see `Store.sharing`."""
        with explained(self._name):
            return self._store.sharing(sketches, signatures)

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out and return how many were there."""
        with explained(self._name):
            return self._store.remove(ids)

    def info(self) -> IndexInfo:
        """Return counts and scheme."""
        with explained(self._name):
            return self._store.info()

    def close(self) -> None:
        """Close the database."""
        self._store.close()
