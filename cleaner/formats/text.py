"""Text files: every file is one document, a shard is a run of files. Also how any record is written as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner import decode
from cleaner.decode import DETECTED, DecodeOptions
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
from cleaner.formats.shared.places import LineIndex, Place
from cleaner.formats.shared.records import RecordKey
from cleaner.formats.storage import files, streams
from cleaner.formats.storage.files import Input
from cleaner.formats.storage.regular import open_regular
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from cleaner.decode import DecodedText
    from cleaner.features.markup import Hints
    from cleaner.model import Span

FILE_COST = 1024
"""Bytes that every file of a shard counts for beside its own."""
COPY_SIZE = 1 << 20
"""Bytes that are copied at one time."""


class TextFiles(Format):
    """Files that are a document each; those of several such formats are read together, by their `kind`."""

    name = "text"
    suffixes: tuple[str, ...] = (".txt", ".text")
    output_format = "text"
    is_per_file = True
    has_lines = True
    editable = True
    restorable = True

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield runs of files by their sizes."""
        for number, (first, stop) in enumerate(_file_ranges(source.sizes, reading.files_shard)):
            if is_wanted(number):
                yield number, _read_files(source, first, stop, reading)

    def fetch(self, source: Source, reading: Reading, keys: Sequence[RecordKey]) -> Iterator[Item]:
        """Read some files again."""
        ranges = list(_file_ranges(source.sizes, reading.files_shard))
        for key in keys:
            yield read_file(source.files[ranges[key.shard][0] + key.number], reading)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write each text behind a line with its size and its name."""

        def add(record: Record, text: str) -> bytes:
            data = f"{write_head(record, reading)}{text}".encode("utf-8", "surrogatepass")
            _append_file(file, output_file(record, source), data)
            return data

        yield add

    @contextmanager
    def raw_writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write the bytes of files, under the names they came with."""

        def add(record: Record, text: str) -> bytes:
            _append_file(file, str(PurePosixPath(record.id).with_name(Path(record.file).name)), record.data)
            return record.data

        yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Write every text to its own file."""
        for part in parts:
            with part.open("rb") as file:
                while head := file.readline():
                    size, quoted_target = head.split(b" ", 1)
                    target = json.loads(quoted_target)
                    reason = _write(files.path_inside(folder, target), file, int(size))
                    if reason:
                        yield Rejection(target, 0, 0, f"cannot be written: {reason}")

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return the id, which is the path."""
        return {"id": record.id}

    def decode(self, record: Record, options: DecodeOptions = DETECTED) -> tuple[DecodedText, Hints | None]:
        """Decode the bytes of a file."""
        encoding = options.encoding_of(record.file)
        return decode.decode(record.data, record.charset or None, encoding, options.damaged), None

    def code(self, text: str) -> Sequence[Span]:
        """Return the spans of a document's text that are code, in which no comment is a suppression."""
        return ()

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return lines and columns of the text."""
        index = LineIndex(document.text)
        return [index.place(span) for span in spans]


FORMAT = TextFiles()


def write_head(record: Record, reading: Reading) -> str:
    """Return what stands above the text of a record: what a page says of itself, where that is asked for."""
    if not reading.metadata:
        return ""
    from cleaner.formats.metadata import records

    return records.front_matter(record, reading)


def output_file(record: Record, source: Source) -> str:
    """Name the file that a record is written to, relative to the output folder."""
    return f"{source.target}/{record.line:08}.txt" if record.line else record.id


def _append_file(part: BinaryIO, target: str, data: bytes) -> None:
    part.write(f"{len(data)} {json.dumps(target)}\n".encode())
    part.write(data)


def _write(path: Path, part: BinaryIO, size: int) -> str:
    """Copy a text to its own file, which stays where it holds that already; the reason why that cannot be."""
    start, stop = part.tell(), part.tell() + size
    try:
        if path.is_file() and path.stat().st_size == size and path.read_bytes() == part.read(size):
            return ""
        part.seek(start)
        with files.atomic_writer(path) as output:
            while part.tell() < stop:
                output.write(part.read(min(COPY_SIZE, stop - part.tell())))
    except OSError as error:
        if not files.is_about_name(error):
            raise
        return str(error.strerror)
    finally:
        part.seek(stop)
    return ""


def _file_ranges(sizes: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """Cut a sequence of files into runs of about `limit` bytes."""
    first = total = 0
    for number, size in enumerate(sizes):
        total += size + FILE_COST
        if total >= limit:
            yield first, number + 1
            first, total = number + 1, 0
    if first < len(sizes):
        yield first, len(sizes)


def _read_files(source: Source, first: int, stop: int, reading: Reading) -> Iterator[Item]:
    offset = sum(source.sizes[:first])
    for file, size in zip(source.files[first:stop], source.sizes[first:stop], strict=True):
        offset += size
        yield read_file(file, reading, offset)


def read_file(file: Input, reading: Reading, stored_offset: int = 0) -> Item:
    """Read one file as a record."""
    path = str(file.path)
    try:
        with open_regular(file.path) as stream:
            data = stream.read(reading.limit + 1)
        if len(data) > reading.limit:
            return Rejection(path, 0, 0, streams.too_long_reason(file.path.stat().st_size, reading.limit))
        return file_record(file.target, path, data, file.kind or FORMAT.name, stored_offset)
    except OSError as error:
        return Rejection(path, 0, 0, f"cannot be read: {error.strerror}", stored_offset)


def file_record(target: str, file: str, data: bytes, kind: str, stored_offset: int = 0) -> Record:
    """Return the content of a file as a record. `kind`: the format that decodes it."""
    return Record(target, file, stored_offset=stored_offset, data=data, kind=kind, host=find_host(target, {}))
