"""Conversions to other formats: parts are JSON Lines whatever was read, which joining converts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import Any, BinaryIO, Literal

from cleaner.formats import jsonl
from cleaner.formats import text as texts
from cleaner.formats.base import (
    Add,
    Format,
    Item,
    Reading,
    Record,
    Rejection,
    ShardFilter,
    Source,
    every_shard,
)
from cleaner.formats.shared import json_values
from cleaner.formats.shared.records import RecordKey
from cleaner.formats.storage import dialects, files, streams
from cleaner.formats.storage.csv_rows import RowEncoder

OutputFormat = Literal["same", "text", "jsonl", "parquet", "csv"]
ROWS = 4096
TEXT_BREAK = "\n\n"
"""What stands between the texts of several fields where they become one file."""


def convert_to(output: OutputFormat, source_format: Format) -> Format:
    """Return a format that reads as `source_format` and writes as `output`."""
    if output in ("same", source_format.output_format):
        return source_format
    return _CONVERSIONS[output](source_format)


class _AsJsonl(Format):
    """Any records as JSON Lines: id and text first where the record has no such fields, then the others."""

    name = ""
    suffixes = ()
    output_suffix: str = ".jsonl"

    def __init__(self, source_format: Format) -> None:
        self._source_format = source_format

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        return self._source_format.shards(source, reading, is_wanted)

    def fetch(self, source: Source, reading: Reading, keys: Sequence[RecordKey]) -> Iterator[Item]:
        return self._source_format.fetch(source, reading, keys)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        with streams.compressor(file, source.target if self.output_suffix == ".jsonl" else "") as out:

            def add(record: Record, text: str) -> bytes:
                fields = self._source_format.clean_fields(record, text, reading)
                line = json_values.encode_line({"id": record.id, **fields, **page_fields(record, reading)})
                out.write(line)
                return line

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        return jsonl.FORMAT.join(parts, folder, source, reading)

    def fields(self, record: Record) -> Mapping[str, Any]:
        return self._source_format.fields(record)


def page_fields(record: Record, reading: Reading) -> dict[str, Any]:
    """Return what a page in a record says of itself, where that is asked for."""
    if not reading.metadata:
        return {}
    from cleaner.formats.metadata import records

    return records.page_fields(record, reading)


class _AsTexts(_AsJsonl):
    """Any records as a text file each, named by its line."""

    output_suffix = ""

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        with texts.FORMAT.writer(file, source, reading) as add:
            yield lambda record, text: add(record, TEXT_BREAK.join(record.split(text)))

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        return texts.FORMAT.join(parts, folder, source, reading)


class _AsCsv(_AsJsonl):
    """Any records as CSV: the columns are all fields that any record has; what is not text is written as JSON."""

    output_suffix = ".csv"

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        names = list(_columns(parts))
        encoder = RowEncoder(dialects.named_delimiter(source.target), is_safe=reading.csv_safe)
        with files.atomic_writer(folder / source.target) as output, streams.compressor(output, source.target) as out:
            out.write(encoder.encode(names))
            for record in _records(parts):
                out.write(encoder.encode([_text(record.get(name)) for name in names]))
        return ()


class _AsParquet(_AsJsonl):
    """Any records as Parquet: a column has the type that all its values share, else they are JSON text."""

    output_suffix = ".parquet"
    libraries = ("pyarrow",)
    is_stream = False

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ImportError:
            raise streams.missing_library("pyarrow", Path(source.target)) from None
        types = {bool: arrow.bool_(), int: arrow.int64(), float: arrow.float64(), str: arrow.large_string()}
        columns = _columns(parts)
        schema = arrow.schema([(name, types.get(kind, types[str])) for name, kind in columns.items()])
        records = _records(parts)
        with files.atomic_writer(folder / source.target) as output, parquet.ParquetWriter(output, schema) as out:
            while rows := list(islice(records, ROWS)):
                out.write_table(
                    arrow.table(
                        [
                            arrow.array([_cell(row.get(name), kind) for row in rows], type=schema.field(name).type)
                            for name, kind in columns.items()
                        ],
                        schema=schema,
                    )
                )
        return ()


_CONVERSIONS: Mapping[str, Callable[[Format], Format]] = {
    "text": _AsTexts,
    "jsonl": _AsJsonl,
    "csv": _AsCsv,
    "parquet": _AsParquet,
}


def _records(parts: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for part in parts:
        with part.open("rb") as file:
            yield from map(json_values.decode, file)


def _columns(parts: Sequence[Path]) -> dict[str, type]:
    """Return names in the order they come, each with the type that all values share, `object` where they share none."""
    types: dict[str, type] = {}
    for record in _records(parts):
        for name, value in record.items():
            types[name] = _common_type(types.get(name, NoneType), _type_of(value))
    return types


def _type_of(value: Any) -> type:
    """Return the type of a value; a whole number that no column of 64 bits can hold is an object."""
    return object if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63 else type(value)


def _common_type(left: type, right: type) -> type:
    if left is right or right is NoneType:
        return left
    if left is NoneType:
        return right
    return float if {left, right} == {int, float} else object


def _cell(value: Any, kind: type) -> Any:
    """Return a value as its column holds it; a text without half surrogates, which no table has."""
    if value is None or kind in (bool, int, float):
        return value
    return _text(value).encode("utf-8", "replace").decode()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
