"""JSON Lines, plain or compressed. Everything in a line but the text is written again byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

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
from cleaner.formats.shared import json_values, line_shards
from cleaner.formats.shared.places import Place
from cleaner.formats.shared.records import RecordKey
from cleaner.formats.storage import files, mended_lines, streams
from cleaner.formats.storage.streams import COMPRESSIONS, FileLine
from cleaner.text.host import collect_addresses, find_host

if TYPE_CHECKING:
    from cleaner.decode import DecodedText
    from cleaner.model import Span

SUFFIXES = (".jsonl", ".ndjson")
_ADDRESS_FIELDS = ("host", "domain", "url", "uri", "link", "source")


class Jsonl(Format):
    """Lines of JSON, a record each."""

    name = "jsonl"
    suffixes: tuple[str, ...] = SUFFIXES
    compressions = COMPRESSIONS
    output_format = "jsonl"
    has_lines = True
    editable = True
    restorable = True

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield the lines that begin in the bytes of each shard of the decompressed file."""
        path = source.path
        if refusal := self.refuse_file(source, reading):
            yield from line_shards.refused_shards(path, refusal, is_wanted)
            return
        with streams.open_stream(path) as stream:
            if streams.is_plain(path):
                shards = line_shards.seek_shards(path, stream, reading, is_wanted)
            else:
                shards = line_shards.stream_shards(stream, reading, is_wanted)
            for number, lines in shards:
                yield number, (parse_line(str(path), line, reading) for line in lines)

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say that no record has the field; the file is read up to the first that has."""
        with streams.open_stream(source.path) as stream:
            lines = streams.lines(stream, reading.limit)
            return json_values.refuse_records((line.data for line in lines), reading.text)

    def fetches_by_offset(self, source: Source) -> bool:
        """Plain files are read by offsets."""
        return streams.is_plain(source.path)

    def fetch(self, source: Source, reading: Reading, keys: Sequence[RecordKey]) -> Iterator[Item]:
        """Read some lines again, in a plain file each by its bytes."""
        path = source.path
        if not streams.is_plain(path):
            yield from super().fetch(source, reading, keys)
            return
        with path.open("rb", buffering=0) as file:
            for key in keys:
                file.seek(key.offset)
                line = FileLine(key.line, key.offset, key.offset, file.read(key.size))
                yield parse_line(str(path), line, reading)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write one line a record."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                line = replace_in_line(record, text)
                out.write(line)
                return line

            yield add

    @contextmanager
    def raw_writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write lines as they were."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                out.write(record.stored_data)
                return record.stored_data

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Put all parts end to end."""
        with files.atomic_writer(folder / source.target) as output:
            streams.concatenate(parts, output)
        return ()

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return values as they stand in the line."""
        start, stop = record.rest
        line = record.data[:start] + b"null" + record.data[stop:]
        fields = json_values.decode_object(line)
        return {name: value for name, value in fields.items() if bytes(value) != b"null"}

    def value(self, record: Record, field: str) -> Any:
        """Decode the value of one field."""
        if field.encode() not in record.data:
            return None
        value = self.fields(record).get(field)
        return None if value is None else msgspec.json.decode(value)

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return where the text's value begins in the line."""
        column = len(record.data[: record.rest[0]].decode("utf-8", "replace")) + 1
        return [Place(record.line, column, record.line, column)] * len(spans)

    def rewrite(self, path: Path, texts: Mapping[int, tuple[Record, str]], reading: Reading) -> None:
        """Write only the lines that change anew."""
        lines = {
            number: mended_lines.encode(record, replace_in_line(record, text), reading)
            for number, (record, text) in texts.items()
        }
        with (
            streams.open_stream(path) as stream,
            files.atomic_writer(path) as output,
            streams.compressor(output, path.name) as out,
        ):
            for number, line in enumerate(stream.file, 1):
                out.write(lines.get(number, line))

    def restore_line(self, line: bytes, field: str, undo: Callable[[str], str], encoding: str) -> bytes:
        """Put the original text into a line.

        Raises:
            KeyError: the line has no such field.
            msgspec.DecodeError: the line is no JSON object, or the field no string.
        """
        raw = bytes(json_values.decode_object(line)[field])
        start, stop = json_values.find_value(line, raw, field)
        return line[:start] + json_values.encode_string(undo(json_values.decode_string(raw)), encoding) + line[stop:]


FORMAT = Jsonl()


def replace_in_line(record: Record, text: str) -> bytes:
    """Return a record's line with another text."""
    start, stop = record.rest
    return record.data[:start] + json_values.encode_string(text, record.encoding) + record.data[stop:]


def parse_line(file: str, line: FileLine, reading: Reading) -> Item:
    """Return the record in a line of a file; a blank one is a Rejection without a reason."""
    if line.reason or line.data.isspace():
        return _reject(file, line, line.reason)
    return mended_lines.parse(file, line, reading, _parse)


def _parse(file: str, line: FileLine, reading: Reading) -> Item:
    if reading.texts_only and (record := _parse_text(file, line, reading)):
        return record
    try:
        fields = json_values.decode_object(line.data)
        text = json_values.decode_string(fields[reading.text])
    except KeyError:
        return _reject(file, line, f"no field {reading.text!r}; name the text's field with --field")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _reject(file, line, f"not a JSON object with a string under {reading.text!r}: {error}")
    raw = bytes(fields[reading.text])
    encoding, is_exact = json_values.detect_encoding(raw, text)
    key = _id(fields, reading, file, line)
    addresses = collect_addresses([msgspec.json.decode(fields[name]) for name in _ADDRESS_FIELDS if name in fields])
    return Record(
        key,
        file,
        line.number,
        line.offset,
        line.stored_offset,
        text,
        line.data,
        encoding=encoding,
        exact=is_exact,
        host=find_host(key, addresses),
        rest=json_values.find_value(line.data, raw, reading.text),
        format=FORMAT.name,
    )


def _parse_text(file: str, line: FileLine, reading: Reading) -> Record | None:
    """Return the record in a line without what writing needs; None where the full way must tell what it is."""
    try:
        values = json_values.decode_values(line.data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    text, key = values.get(reading.text), _plain_id(values.get(reading.id), file, line)
    if not isinstance(text, str) or key is None:
        return None
    host = find_host(key, collect_addresses([values[name] for name in _ADDRESS_FIELDS if name in values]))
    return Record(key, file, line.number, line.offset, line.stored_offset, text, line.data, host=host)


def _reject(file: str, line: FileLine, reason: str) -> Rejection:
    return Rejection(file, line.number, line.offset, reason, line.stored_offset, line.data)


def _id(fields: Mapping[str, msgspec.Raw], reading: Reading, file: str, line: FileLine) -> str:
    raw = fields.get(reading.id)
    if raw is None or bytes(raw) == b"null":
        return _file_and_line(file, line)
    value = msgspec.json.decode(raw)
    return value if isinstance(value, str) else bytes(raw).decode()


def _plain_id(value: Any, file: str, line: FileLine) -> str | None:
    """Return a decoded id as it is written; None for values that may be written in several ways, 0 as -0 among them."""
    if value is None:
        return _file_and_line(file, line)
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int and value else None


def _file_and_line(file: str, line: FileLine) -> str:
    """Name a record that has no id."""
    return f"{PurePath(file).name}:{line.number}"
