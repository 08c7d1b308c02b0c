"""Readers that make records of the Arrow record batches in which Spark hands over files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import count, groupby
from pathlib import PurePath
from urllib.parse import unquote

import pyarrow as arrow

from cleaner.formats import registry
from cleaner.formats.base import Item, Reading, Record, Rejection
from cleaner.formats.shared import arrow_records, json_records
from cleaner.formats.storage import streams
from cleaner.formats.storage.streams import FileLine, OpenStream

FILE, POSITION, SIZE = "cleaner_file", "cleaner_position", "cleaner_size"
"""Columns beside the data: URI of the file, position there (byte of the block, or row from 0), its bytes or 0."""


@dataclass(frozen=True)
class LineReader:
    """Reads lines of JSON, block by block, in order.

    Columns: `value`, FILE, POSITION (of the block) and SIZE.

    `before`: for each block the lines and bytes of its file that come before it.
    """

    reading: Reading
    before: Mapping[tuple[str, int], tuple[int, int]]

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """Yield one item a line."""
        block, number, offset = ("", -1), 0, 0
        for batch in batches:
            columns = (batch.column(name).to_pylist() for name in ("value", FILE, POSITION, SIZE))
            for value, uri, start, size in zip(*columns, strict=True):
                if (uri, start) != block:
                    block = (uri, start)
                    number, offset = self.before[block]
                number += 1
                data = value if offset + len(value) == size else value + b"\n"
                yield json_records.parse_line(name(uri), self._line(data, number, offset), self.reading)
                offset += len(data)

    def _line(self, data: bytes, number: int, offset: int) -> FileLine:
        limit = self.reading.limit
        if len(data) <= limit or (len(data) == limit + 1 and data.endswith(b"\n")):
            return FileLine(number, offset, 0, data)
        return FileLine(number, offset, 0, b"", streams.too_long_reason(len(data), limit))


@dataclass(frozen=True)
class CompressedLineReader:
    """Reads whole compressed files of JSON lines: columns `content` and FILE."""

    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """Yield one item a line; damage ends a file."""
        for batch in batches:
            for index in range(batch.num_rows):
                file = name(batch.column(FILE)[index].as_py())
                raw = BytesIO(batch.column("content")[index].as_buffer())
                with streams.decompress(raw, PurePath(file)) as stream:
                    for line in streams.lines(OpenStream(stream, raw.tell), self.reading.limit):
                        yield json_records.parse_line(file, line, self.reading)


@dataclass(frozen=True)
class RowReader:
    """Reads rows of columnar files: any columns, FILE and POSITION."""

    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """Yield one item a row; neighbouring rows of one file are read together."""
        for batch in batches:
            uris, positions = batch.column(FILE).to_pylist(), batch.column(POSITION).to_pylist()
            data = batch.drop_columns([FILE, POSITION])
            start = 0
            for i in range(1, batch.num_rows + 1):
                if i == batch.num_rows or (uris[i], positions[i]) != (uris[i - 1], positions[i - 1] + 1):
                    run = data.slice(start, i - start)
                    yield from arrow_records.records_of_batch(
                        name(uris[start]), run, positions[start] + 1, self.reading
                    )
                    start = i


@dataclass(frozen=True)
class TextFileReader:
    """Reads whole files, a document each.

    Columns: `content` (null where it is too long), FILE and SIZE.

    `roots`: folders that names are relative to, each ending in a slash.
    """

    reading: Reading
    roots: tuple[str, ...]

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[Item]:
        """Yield one item a file."""
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
    """Return the path of a local file, the URI of another."""
    path = unquote(uri)
    return f"/{path[5:].lstrip('/')}" if path.startswith("file:") else path


def target(file: str, roots: Iterable[str]) -> str:
    """Return a file's name below the longest of the folders that holds it."""
    root = max((root for root in roots if file.startswith(root)), key=len, default="")
    return file[len(root) :]


def other_fields(records: Sequence[Record | None], kind: arrow.DataType) -> arrow.Array:
    """Collect the other fields of records as structs of a type.

    The records come from `RowReader`; None becomes null.
    """
    rests = [record.rest for record in records if record]
    if not rests:
        return arrow.nulls(len(records), kind)
    structs = []
    for _, group in groupby(rests, key=lambda rest: id(rest[0])):
        batches, rows, _ = zip(*group, strict=True)
        columns = [batches[0].column(field.name).cast(field.type) for field in kind]
        structs.append(arrow.StructArray.from_arrays(columns, fields=list(kind)).take(arrow.array(rows)))
    number = count()
    indices = [next(number) if record else None for record in records]
    return arrow.concat_arrays(structs).take(arrow.array(indices, arrow.int64()))
