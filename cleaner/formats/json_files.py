"""JSON: an array of records, or records after each other. All but the texts is written again byte for byte."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import msgspec

from cleaner.formats import jsonl
from cleaner.formats.base import (
    Add,
    Format,
    Item,
    Reading,
    Record,
    RecordKey,
    Rejection,
    ShardFilter,
    Source,
    every_shard,
)
from cleaner.formats.shared import json_records, json_values, line_shards
from cleaner.formats.shared.places import Place
from cleaner.formats.storage import files, json_units, streams
from cleaner.formats.storage.json_units import ARRAY, SEPARATOR, Unit
from cleaner.formats.storage.streams import FileLine, OpenStream

if TYPE_CHECKING:
    from cleaner.decode import DecodedText
    from cleaner.model import Span

TAIL_SIZE = 1 << 10
"""Bytes at the end of a file in which its end is looked for."""


class JsonFiles(jsonl.Jsonl):
    """Objects in an array, a record each; `line` of a record is its number, `data` begins with what is before it."""

    name = "json"
    adds_fields = False
    suffixes: tuple[str, ...] = (".json",)
    output_format = ""
    is_hooked = False
    """JSON in a repository is settings more often than texts."""

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield the records that begin in the bytes of each shard; the file is read through from its beginning."""
        if refusal := self.refuse_file(source, reading):
            yield from line_shards.refused_shards(source.path, refusal, is_wanted)
            return
        with streams.open_stream(source.path) as stream:
            units = json_units.read_units(stream, reading.limit)
            for shard, group in groupby(units, key=lambda unit: unit.offset // reading.shard):
                if is_wanted(shard):
                    yield shard, (_parse(str(source.path), unit, reading) for unit in group)

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say that no record has the field, or that nothing can be read."""
        with streams.open_stream(source.path) as stream:
            units = json_units.read_units(stream, reading.limit)
            first = list(islice(units, 1))
            if first and first[0].reason and not first[0].is_too_long:
                return f"{first[0].reason}; {streams.NO_CHANGE}"
            return json_values.refuse_records((unit.data[unit.glue :] for unit in chain(first, units)), reading.texts)

    def fetches_by_offset(self, source: Source) -> bool:
        """Read the records before, too."""
        return False

    def fetch(self, source: Source, reading: Reading, keys: Sequence[RecordKey]) -> Iterator[Item]:
        """Read some records again."""
        return Format.fetch(self, source, reading, keys)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write records with what is before each; `join` compresses them."""

        def add(record: Record, text: str) -> bytes:
            data = json_records.replace_in_line(record, text)
            file.write(data)
            return data

        yield add

    @contextmanager
    def raw_writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write records as they were."""

        def add(record: Record, text: str) -> bytes:
            file.write(record.stored_data)
            return record.stored_data

        yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Put all parts end to end, with the bracket at the beginning and what ends the file."""
        is_array, end = _frame(source.path)
        with (
            files.atomic_writer(folder / source.target) as output,
            streams.compressor(output, source.target) as out,
        ):
            is_first = is_array
            for part in parts:
                with part.open("rb") as file:
                    is_first = _copy(file, out, is_first=is_first)
            out.write((ARRAY if is_first else b"") + end)
        return ()

    def written_records(self, stream: OpenStream) -> Iterator[bytes]:
        """Yield the records of an output, whatever their size."""
        return (unit.data for unit in json_units.read_units(stream, sys.maxsize) if not unit.is_end)

    def as_written(self, data: bytes, line: int) -> bytes:
        """Undo what joining does to the first record of an output."""
        return _set_separator(data, SEPARATOR) if line > 1 else data

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return values as they stand in the file."""
        return super().fields(_without_glue(record))

    def clean_fields(self, record: Record, text: str, reading: Reading) -> Mapping[str, Any]:
        """Return values as they stand in the file with another text."""
        return super().clean_fields(_without_glue(record), text, reading)

    def restore_line(self, line: bytes, fields: Sequence[str], undo: Callable[[str], str], encoding: str) -> bytes:
        """Put the original texts into a record."""
        size = _glue_size(line)
        return line[:size] + super().restore_line(line[size:], fields, undo, encoding)

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return where the values of the texts begin; of a record that does not begin its line, the line."""
        path = Path(record.file)
        breaks = streams.line_breaks(path, path.stat().st_mtime_ns)
        return [_place(record, start, breaks) for start in json_records.value_starts(record, document.text, spans)]

    def rewrite(self, path: Path, texts: Mapping[int, tuple[Record, str]], reading: Reading) -> None:
        """Write only the texts that change anew."""
        records = {number: json_records.replace_in_line(record, text) for number, (record, text) in texts.items()}
        with (
            streams.open_stream(path) as stream,
            files.atomic_writer(path) as output,
            streams.compressor(output, path.name) as out,
        ):
            for unit in json_units.read_units(stream, reading.limit):
                out.write(records.get(unit.number, unit.data))


FORMAT = JsonFiles()


def _parse(file: str, unit: Unit, reading: Reading) -> Item:
    """Return the record in a unit; the end of a file is a Rejection without a reason."""
    if unit.reason or unit.is_end:
        return Rejection(file, unit.number, unit.offset, unit.reason, unit.stored_offset, unit.data)
    line = FileLine(unit.number, unit.offset, unit.stored_offset, unit.data[unit.glue :])
    item = json_records.parse_line(file, line, reading)
    own = {} if isinstance(item, Rejection) else {"format": FORMAT.name}
    if isinstance(item, Rejection) or item.rest is None:
        return msgspec.structs.replace(item, data=unit.data, **own)
    data, original = unit.data[: unit.glue] + item.data, unit.data if item.original else b""
    return msgspec.structs.replace(item, data=data, original=original, rest=_shift(item, unit.glue), **own)


def _shift(record: Record, shift: int) -> Any:
    """Return the places of a record's texts as they are once its data begins earlier by so many bytes."""
    spans = tuple((start + shift, stop + shift) for start, stop in json_records.spans_of(record))
    return spans if record.seam else spans[0]


def _place(record: Record, start: int, breaks: Sequence[int]) -> Place:
    """Return the place of a byte of a record. `breaks`: offsets of the line breaks of its file."""
    line = bisect_left(breaks, record.offset + start) + 1
    _, line_break, before = record.data[:start].rpartition(b"\n")
    column = len(before.decode("utf-8", "replace")) + 1 if line_break else 1
    return Place(line, column, line, column)


def _glue_size(data: bytes) -> int:
    match = json_units.GLUE.match(data)
    return match.end() if match else 0


def _without_glue(record: Record) -> Record:
    size = _glue_size(record.data)
    return msgspec.structs.replace(record, data=record.data[size:], rest=_shift(record, -size))


def _frame(path: Path) -> tuple[bool, bytes]:
    """Tell whether a file is an array, and what it ends with."""
    with streams.open_stream(path) as stream:
        head = stream.file.read(TAIL_SIZE)
        tail = head
        try:
            while block := stream.file.read(json_units.BLOCK):
                tail = (tail + block)[-TAIL_SIZE:]
        except streams.damage_errors():
            tail = b""
    is_array = head.lstrip(json_units.BOM + json_units.SPACE).startswith(ARRAY)
    end = json_units.END_OF_ARRAY if is_array else json_units.END_OF_RECORDS
    match = end.search(tail)
    return is_array, match[0] if match else b"\n]\n" * is_array


def _copy(part: IO[bytes], out: Any, *, is_first: bool) -> bool:
    """Write a part, and an opening bracket before the first record; whether that is still to come."""
    block = part.read(json_units.BLOCK)
    if not block:
        return is_first
    out.write(_set_separator(block, ARRAY) if is_first else block)
    while block := part.read(json_units.BLOCK):
        out.write(block)
    return False


def _set_separator(data: bytes, separator: bytes) -> bytes:
    """Return a record behind another bracket or comma; one in no array as it is."""
    size = _glue_size(data)
    return data[:size].replace(ARRAY, separator).replace(SEPARATOR, separator) + data[size:]
