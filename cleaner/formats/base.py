"""Inputs as records: one module a format. Each reads its own shards and writes parts that join to the output.

A shard is a piece of a source whose limits do not depend on who reads it: any number of workers gives one result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from msgspec import Struct

from cleaner.errors import UsageError
from cleaner.formats.files import Input
from cleaner.formats.streams import COMPRESSIONS

SHARD = 8 << 20
"""Bytes of one shard of a file that is read by lines."""
FILES_SHARD = 4 << 20
"""Bytes of text files that make one shard."""


class Source(Struct, frozen=True):
    """One file of records, or all text files of a run together. `sizes` in bytes, one a file.

    `target`: the output relative to the output folder; a folder (or "") where every record gets its own file.
    """

    target: str
    files: tuple[Input, ...]
    sizes: tuple[int, ...]

    @property
    def path(self) -> Path:
        """The file of records."""
        return self.files[0].path

    @property
    def size(self) -> int:
        """Bytes as stored."""
        return sum(self.sizes)


class Record(Struct, frozen=True):
    """One record: where it stands, its text or the bytes to make it from, and what its writer needs.

    `kind`: "" where `text` is there, "text" or "html" where it is to be decoded from `data` (with the charset that was
    `declared`). `line` counts from 1, records and rows too; 0 for a whole file. `offset`: bytes of the decompressed
    file; `at`: bytes of the file as stored. `encoding` is how `data` holds `text` where a format says so itself, and
    `exact` whether the text alone brings `data` back. `rest` belongs to the format.
    """

    id: str
    file: str
    line: int = 0
    offset: int = 0
    at: int = 0
    text: str = ""
    data: bytes = b""
    kind: str = ""
    declared: str = ""
    encoding: str = "utf-8"
    exact: bool = True
    host: str = ""
    rest: Any = None


class Rejection(Struct, frozen=True):
    """What could not be read or cleaned. Without a `reason` it is nothing to report: a blank line.

    `data` is what stood there, kept for `restore`; empty where it was too long to hold or could not be read.
    """

    file: str
    line: int
    offset: int
    reason: str
    at: int = 0
    data: bytes = b""


Item = Record | Rejection


class Reading(Struct, frozen=True):
    """How to read: field names, the largest document in bytes, the bytes of a shard, an encoding to use undetected."""

    text: str = "text"
    id: str = "id"
    limit: int = 64 << 20
    shard: int = SHARD
    bundle: int = FILES_SHARD
    encoding: str | None = None


Add = Callable[[Record, str], bytes]
"""Write one record with its clean text; the bytes that stand for it in the output."""


class Format(Protocol):
    """A format of records."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What names of such files end in, compression aside."""

    @property
    def suffix(self) -> str:
        """What an output of this format ends in, compression aside; "" where the input's name stays."""

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Number and records of each wanted shard, in order. The records must be taken before the next shard."""

    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> AbstractContextManager[Add]:
        """Write a part."""

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """All parts of one source as its output in `folder`, whole or not at all; what could not be written."""

    def fields(self, record: Record) -> Mapping[str, Any]:
        """All fields of a record but its text, for other formats."""


def split_compression(name: str) -> tuple[str, str]:
    """A name without the suffix of its compression, and that suffix."""
    found = next((suffix for suffix in COMPRESSIONS if name.lower().endswith(suffix)), "")
    return (name[: -len(found)], name[-len(found) :]) if found else (name, "")


def missing_library(package: str, path: Path) -> UsageError:
    """The error for an optional library that is not there."""
    return UsageError(f"{path}: needs {package}; install it with: pip install 'webtext-cleaner[formats]'")
