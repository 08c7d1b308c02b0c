"""Records from Arrow record batches, as engines hand them out that read files themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import count, groupby
from pathlib import PurePath
from urllib.parse import unquote

import pyarrow as arrow

from cleaner.formats import jsonl, parquet, registry, streams
from cleaner.formats.base import Item, Reading, Record, Rejection
from cleaner.formats.streams import Line, OpenStream

FILE, PLACE, SIZE = "cleaner_file", "cleaner_place", "cleaner_size"
"""Columns beside the data: URI of the file; where in it (byte of the block, or row from 0); its bytes (0: unknown)."""


@dataclass(frozen=True)
class Lines:
    """Lines of JSON that come block by block, in order: columns `value`, FILE, PLACE (of the block) and SIZE.

    `before`: for each block the lines and bytes of its file that come before it.
    """

    reading: Reading
    before: Mapping[tuple[str, int], tuple[int, int]]

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """One item a line."""
        block, number, offset = ("", -1), 0, 0
        for batch in batches:
            columns = (batch.column(name).to_pylist() for name in ("value", FILE, PLACE, SIZE))
            for value, uri, start, size in zip(*columns, strict=True):
                if (uri, start) != block:
                    block = (uri, start)
                    number, offset = self.before[block]
                number += 1
                data = value if offset + len(value) == size else value + b"\n"
                yield jsonl.parse_line(name(uri), self._line(data, number, offset), self.reading)
                offset += len(data)

    def _line(self, data: bytes, number: int, offset: int) -> Line:
        limit = self.reading.limit
        if len(data) <= limit or (len(data) == limit + 1 and data.endswith(b"\n")):
            return Line(number, offset, 0, data)
        return Line(number, offset, 0, b"", streams.too_long_reason(len(data), limit))


@dataclass(frozen=True)
class Packed:
    """Whole compressed files of JSON lines: columns `content` and FILE."""

    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """One item a line; damage ends a file."""
        for batch in batches:
            for at in range(batch.num_rows):
                file = name(batch.column(FILE)[at].as_py())
                raw = BytesIO(batch.column("content")[at].as_buffer())
                with streams.decompress(raw, PurePath(file)) as stream:
                    for found in streams.lines(OpenStream(stream, raw.tell), self.reading.limit):
                        yield jsonl.parse_line(file, found, self.reading)


@dataclass(frozen=True)
class Rows:
    """Rows of columnar files: any columns, FILE and PLACE."""

    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """One item a row."""
        for batch in batches:
            uris, places = batch.column(FILE).to_pylist(), batch.column(PLACE).to_pylist()
            data = batch.drop_columns([FILE, PLACE])
            start = 0
            for at in range(1, batch.num_rows + 1):
                if at == batch.num_rows or (uris[at], places[at]) != (uris[at - 1], places[at - 1] + 1):
                    run = data.slice(start, at - start)
                    yield from parquet.records_of_batch(name(uris[start]), run, places[start] + 1, self.reading)
                    start = at


@dataclass(frozen=True)
class Texts:
    """Whole files, a document each: columns `content` (null for what is too long), FILE and SIZE.

    `roots`: folders that names are told from, each ending in a slash.
    """

    reading: Reading
    roots: tuple[str, ...]

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """One item a file."""
        for batch in batches:
            columns = (batch.column(name).to_pylist() for name in ("content", FILE, SIZE))
            for content, uri, size in zip(*columns, strict=True):
                file = name(uri)
                if content is None:
                    yield Rejection(file, 0, 0, streams.too_long_reason(size, self.reading.limit))
                else:
                    yield registry.document_record(target(file, self.roots), file, content)


@lru_cache(maxsize=64)
def name(uri: str) -> str:
    """A file's name for people: the path of a local one, the URI of others."""
    path = unquote(uri)
    return f"/{path[5:].lstrip('/')}" if path.startswith("file:") else path


def target(file: str, roots: Iterable[str]) -> str:
    """A file's name below the longest of the folders that holds it."""
    root = max((root for root in roots if file.startswith(root)), key=len, default="")
    return file[len(root) :]


def others(records: Sequence[Record | None], kind: arrow.DataType) -> arrow.Array:
    """The other fields of records that `Rows` made, as structs of a type; null for None."""
    rests = [record.rest for record in records if record]
    if not rests:
        return arrow.nulls(len(records), kind)
    taken = []
    for _, group in groupby(rests, key=lambda rest: id(rest[0])):
        batches, at = zip(*group, strict=True)
        columns = [batches[0].column(field.name).cast(field.type) for field in kind]
        taken.append(arrow.StructArray.from_arrays(columns, fields=list(kind)).take(arrow.array(at)))
    number = count()
    places = [next(number) if record else None for record in records]
    return arrow.concat_arrays(taken).take(arrow.array(places, arrow.int64()))
