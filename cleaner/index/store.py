"""The interface of a stored index of documents, whichever database holds it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import msgspec
from msgspec import Struct

from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.shingles import NORMALIZATION
from cleaner.errors import CleanerError, UsageError
from cleaner.options import DedupOptions, Unit

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches


class IndexedDocument(Struct, frozen=True, array_like=True):
    """A document of an index. `record`: its other fields."""

    id: str
    text: str
    record: dict[str, Any] = {}


MOST_BYTES = 1 << 28
"""Bytes of a stored document: what unfolds to more was not written here."""


def pack(value: Any) -> bytes:
    """Pack a document for a database. CleanerError where it is too large to be unpacked again."""
    data = msgspec.msgpack.encode(value)
    if len(data) > MOST_BYTES:
        raise CleanerError(f"an index holds documents up to {MOST_BYTES:,} bytes, one has {len(data):,}: cut it")
    return zlib.compress(data, 1)


def unpack(data: bytes, kind: Any) -> Any:
    """Unpack what `pack` made of a value of that type, and never more than it makes. ValueError for anything else."""
    stream = zlib.decompressobj()
    unpacked = stream.decompress(data, MOST_BYTES)
    if not stream.eof:
        raise ValueError("a document is cut off, or unfolds to more than any")
    return msgspec.msgpack.decode(unpacked, type=kind)


class IndexScheme(Struct, frozen=True):
    """What must be the same for two sketches to be compared, as an index stores it."""

    unit: str
    threshold: float
    shingle: int
    permutations: int
    bands: int
    rows: int
    seed: int
    hash: str = "affine32"
    normalization: str = NORMALIZATION
    format: int = 1


class IndexInfo(Struct, frozen=True):
    """Counts and the scheme of an index."""

    documents: int
    items: int
    scheme: IndexScheme


class Store(Protocol):
    """An open index. As a context it is a transaction: changes are kept when the block ends well, else none of them."""

    @property
    def scheme(self) -> IndexScheme:
        """The scheme that it was built with."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of those ids that are stored."""
        ...

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Read documents, in the order of the rows."""
        ...

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches and return their rows; `sharing` finds them after `flush`."""
        ...

    def flush(self) -> None:
        """Let `sharing` find what was added."""
        ...

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Find the stored items that share a bucket with a sketch.

        Returns:
            (pairs, 3), sorted, each once: index in `sketches`, row, passage number.
        """
        ...

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out and return how many were there."""
        ...

    def info(self) -> IndexInfo:
        """Return counts and scheme."""
        ...

    def close(self) -> None:
        """Close the database."""
        ...


def scheme_of(options: DedupOptions) -> IndexScheme:
    """Return the scheme that options lead to."""
    scheme = derive_scheme(options)
    return IndexScheme(
        options.unit, options.threshold, scheme.shingle, scheme.permutations, scheme.bands, scheme.rows, scheme.seed
    )


def options_of(scheme: IndexScheme) -> DedupOptions:
    """Return the options that a scheme was derived from. UsageError where there are no such."""
    options = DedupOptions.of(
        unit=cast(Unit, scheme.unit),
        threshold=scheme.threshold,
        shingle=scheme.shingle,
        permutations=scheme.permutations,
    )
    options.refuse_spans("an index")
    return options


def expected_scheme(scheme: IndexScheme) -> IndexScheme:
    """Return the scheme that the options of a stored one lead to now."""
    return scheme_of(options_of(scheme))


def check_scheme(index: IndexScheme, run: IndexScheme, name: str) -> None:
    """Raise UsageError, with the differences, where the scheme of an index is not that of a run."""
    before, after = msgspec.structs.asdict(index), msgspec.structs.asdict(run)
    if different := [f"{key} {before[key]} (this run: {after[key]})" for key in before if before[key] != after[key]]:
        raise UsageError(
            f"{name} was built with another scheme: {', '.join(different)}; "
            "give the options it was built with, or another --index"
        )
