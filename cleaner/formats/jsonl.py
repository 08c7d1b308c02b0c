"""JSON Lines, plain or compressed. Everything in a line but the text is written again byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

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
from cleaner.formats.shared import json_records, json_values, line_shards
from cleaner.formats.shared.places import Place
from cleaner.formats.shared.records import RecordKey
from cleaner.formats.storage import files, mended_lines, streams
from cleaner.formats.storage.streams import COMPRESSIONS, FileLine

if TYPE_CHECKING:
    from cleaner.decode import DecodedText
    from cleaner.model import Span

SUFFIXES = (".jsonl", ".ndjson")


class Jsonl(Format):
    """Lines of JSON, a record each."""

    name = "jsonl"
    adds_fields = True
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
                yield number, (json_records.parse_line(str(path), line, reading) for line in lines)

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say that no record has the field; the file is read up to the first that has."""
        with streams.open_stream(source.path) as stream:
            lines = streams.lines(stream, reading.limit)
            return json_values.refuse_records((line.data for line in lines), reading.texts)

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
                yield json_records.parse_line(str(path), line, reading)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write one line a record."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                line = json_records.add_metadata(json_records.replace_in_line(record, text), record, reading)
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
        return json_records.other_fields(record)

    def clean_fields(self, record: Record, text: str, reading: Reading) -> Mapping[str, Any]:
        """Return values as they stand in the line, the text last where there is one."""
        if not record.seam:
            return super().clean_fields(record, text, reading)
        return json_values.decode_object(json_records.replace_in_line(record, text))

    def value(self, record: Record, field: str) -> Any:
        """Decode the value of one field."""
        if field.encode() not in record.data:
            return None
        value = self.fields(record).get(field)
        return None if value is None else json_values.decode(value)

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return where the values of the texts begin in the line."""
        starts = json_records.value_starts(record, document.text, spans)
        columns = [len(record.data[:start].decode("utf-8", "replace")) + 1 for start in starts]
        return [Place(record.line, column, record.line, column) for column in columns]

    def rewrite(self, path: Path, texts: Mapping[int, tuple[Record, str]], reading: Reading) -> None:
        """Write only the lines that change anew."""
        lines = {
            number: mended_lines.encode(record, json_records.replace_in_line(record, text), reading)
            for number, (record, text) in texts.items()
        }
        with (
            streams.open_stream(path) as stream,
            files.atomic_writer(path) as output,
            streams.compressor(output, path.name) as out,
        ):
            for number, line in enumerate(stream.file, 1):
                out.write(lines.get(number, line))

    def restore_line(self, line: bytes, fields: Sequence[str], undo: Callable[[str], str], encoding: str) -> bytes:
        """Put the original texts into a line.

        Raises:
            RestoreError: the line has not as many texts as the ledger.
            KeyError: the line has no such field.
            msgspec.DecodeError: the line is no JSON object, or the field no string.
        """
        return json_records.restore_line(line, fields, undo, encoding)


FORMAT = Jsonl()
