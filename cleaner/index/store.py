"""What every stored index of documents can do, whichever database holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec
from msgspec import Struct

from cleaner.dedup.lsh import derive_scheme
from cleaner.dedup.shingles import NORMALIZATION
from cleaner.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.dedup.sketches import Sketches
    from cleaner.options import DedupOptions


class IndexedDocument(Struct, frozen=True, array_like=True):
    """A document as an index holds it: its record is without the text."""

    id: str
    text: str
    record: dict[str, Any] = {}


class IndexScheme(Struct, frozen=True):
    """All that must be the same for two sketches to be compared, as an index stores it."""

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
    """An open index. As a context: what was changed is kept when the block ends well, and nothing of it otherwise."""

    scheme: IndexScheme

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def rows(self, ids: Sequence[str]) -> dict[str, int]:
        """The rows of those ids that are stored."""
        ...

    def documents(self, rows: Sequence[int]) -> list[IndexedDocument]:
        """Stored documents, in the order of the rows."""
        ...

    def add(
        self, documents: Sequence[IndexedDocument], sketches: Sketches, signatures: NDArray[np.uint32]
    ) -> list[int]:
        """Add documents with their sketches; their rows. What was added is found by `sharing` after `flush`."""
        ...

    def flush(self) -> None:
        """Make what was added findable."""
        ...

    def sharing(self, sketches: Sketches, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Who shares a bucket with a sketch, each once: (found, 3) of place in `sketches`, row, passage number."""
        ...

    def remove(self, ids: Sequence[str]) -> int:
        """Take documents out; how many were there."""
        ...

    def info(self) -> IndexInfo:
        """Counts and scheme."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


def scheme_of(options: DedupOptions) -> IndexScheme:
    """The scheme that options lead to."""
    found = derive_scheme(options)
    return IndexScheme(
        options.unit, options.threshold, found.shingle, found.permutations, found.bands, found.rows, found.seed
    )


def check_scheme(stored: IndexScheme, wanted: IndexScheme, name: str) -> None:
    """UsageError that says what differs between the scheme of an index and the one of this run."""
    have, want = msgspec.structs.asdict(stored), msgspec.structs.asdict(wanted)
    if different := [f"{key} {have[key]} (this run: {want[key]})" for key in have if have[key] != want[key]]:
        raise UsageError(
            f"{name} was built with another scheme: {', '.join(different)}; "
            "give the options it was built with, or another --index"
        )


def record_of(record: Mapping[str, Any], text_field: str) -> dict[str, Any]:
    """A record without its text."""
    return {key: value for key, value in record.items() if key != text_field}
