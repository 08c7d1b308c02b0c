"""Files of many records: one module a format. Each reads its own shards and writes parts that join to one file.

A shard is a piece of a file whose limits do not depend on who reads it, so that any number of workers gives one result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from msgspec import Struct

from cleaner.errors import UsageError

SHARD = 8 << 20
"""Bytes of one shard of a file that is read by lines."""


class Record(Struct, frozen=True):
    """One record: its text, its id, where it stands, and what its writer needs to write it again.

    Where `kind` is not "" the text is still to be made from `data`: "html" (with the charset it `declared`) or "text".
    """

    id: str
    text: str
    line: int
    offset: int
    rest: Any = None
    host: str = ""
    data: bytes = b""
    kind: str = ""
    declared: str = ""


class Rejected(Struct, frozen=True):
    """What could not be read. `line` counts from 1 (rows and records too), `offset` is in bytes where there are any."""

    file: str
    line: int
    offset: int
    reason: str


Item = Record | Rejected


class Reading(Struct, frozen=True):
    """How to read: field names, the largest document in bytes, and the bytes of a shard."""

    text: str = "text"
    id: str = "id"
    limit: int = 64 << 20
    shard: int = SHARD


class Format(Protocol):
    """A format of records."""

    suffixes: tuple[str, ...]

    def shards(
        self, path: Path, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Number and records of each shard that is wanted, in order. The records must be taken before the next shard."""

    def write(self, file: BinaryIO, records: Sequence[tuple[Record, str]], path: Path, reading: Reading) -> None:
        """Write a part: records with their clean texts. `path` is the file the records were read from."""

    def join(self, parts: Sequence[Path], output: BinaryIO, path: Path) -> None:
        """All parts of one file as one."""


def by_suffix(path: Path) -> Format | None:
    """The format a file's name tells, its compression aside; None for plain text."""
    from cleaner.formats.records import delimited, jsonl, parquet, warc

    name = path.name.lower()
    for suffix in (".gz", ".zst", ".bz2", ".xz"):
        name = name.removesuffix(suffix)
    formats: Collection[Format] = (jsonl.FORMAT, delimited.FORMAT, parquet.FORMAT, warc.FORMAT)
    return next((f for f in formats if name.endswith(f.suffixes)), None)


def missing(package: str, extra: str, path: Path) -> UsageError:
    """The error for an optional library that is not there."""
    return UsageError(f"{path}: reading it needs {package}; install it with: pip install 'webtext-cleaner[{extra}]'")
