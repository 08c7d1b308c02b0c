"""WARC and WET archives: pages and their extracted texts; the target URI is the id. Written as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from cleaner.formats import jsonl
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, ShardFilter, Source, every_shard
from cleaner.formats.shared import json_values
from cleaner.formats.shared.json_records import add_metadata
from cleaner.formats.storage import streams
from cleaner.text.host import find_host

HEAD_LIMIT = 1 << 20
"""Bytes of a page's record that its HTTP headers may take beside the document."""
PAGES = ("text/html", "application/xhtml+xml")


class Warc(Format):
    """Records of pages and of texts."""

    name = "warc"
    adds_fields = True
    suffixes = (".warc", ".wet")
    compressions = (".gz",)
    output_suffix = ".jsonl"
    is_written = False
    extras = ("formats",)
    libraries = ("fastwarc",)

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield the records that begin in the bytes of each shard of the decompressed archive."""
        warc = _fastwarc(source.path)
        kinds = warc.WarcRecordType.response | warc.WarcRecordType.conversion
        with streams.open_stream(source.path) as stream:
            # fastwarc would decompress by itself, but takes an archive that was cut off for a whole one
            reader = _CheckedReader(stream)
            archive = warc.ArchiveIterator(reader, record_types=kinds, parse_http=False, stream_detect=False)
            records = _read_archive(source, archive, reader, reading)
            for shard, members in groupby(records, key=lambda member: member[0] // reading.shard):
                if is_wanted(shard):
                    yield shard, (item for _, read in members if (item := read()))

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write one JSON line a record."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                fields = {**record.rest, reading.text: json_values.raw_string(text)}
                line = add_metadata(msgspec.json.encode(fields) + b"\n", record, reading)
                out.write(line)
                return line

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Put all parts end to end."""
        return jsonl.FORMAT.join(parts, folder, source, reading)

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return address and date."""
        fields: Mapping[str, Any] = record.rest
        return fields


FORMAT = Warc()


def _fastwarc(path: Path) -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        raise streams.missing_library("fastwarc", path) from None
    return warc


class _CheckedReader:
    """A stream that ends where it is damaged, and keeps the error until all that came before was taken."""

    def __init__(self, stream: streams.OpenStream) -> None:
        self._stream = stream
        self.offset = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`."""
        try:
            data = self._stream.file.read1(size)  # type: ignore[attr-defined]
        except streams.damage_errors() as error:
            self.error = error
            return b""
        self.offset += len(data)
        return bytes(data)

    def tell(self) -> int:
        """Return the number of bytes read so far."""
        return self.offset

    @property
    def stored_offset(self) -> int:
        """Bytes of the archive as stored that were read."""
        return self._stream.place()


def _read_archive(
    source: Source, archive: Any, reader: _CheckedReader, reading: Reading
) -> Iterator[tuple[int, Callable[[], Item | None]]]:
    """Yield where each record begins, and a function that reads it."""
    number = offset = 0
    try:
        for number, record in enumerate(archive, 1):
            offset = record.stream_pos
            place = _Position(source, number, offset, reader.stored_offset)
            yield offset, partial(_read, place, record, reader, reading)
        if reader.error:
            raise reader.error
        if number == 0 and source.size:
            raise OSError("no record of a page or a text in it")
    except Exception as error:
        place = _Position(source, number + 1, offset, reader.stored_offset)
        yield offset, partial(place.reject, f"the archive is damaged from here on: {error}")


class _Position(NamedTuple):
    """Position of a record: its number, bytes of the decompressed archive, bytes of the archive as stored."""

    source: Source
    number: int
    offset: int
    stored_offset: int

    def reject(self, reason: str) -> Rejection:
        """Return the record as refused."""
        return Rejection(str(self.source.path), self.number, self.offset, reason, self.stored_offset)


def _read(place: _Position, record: Any, reader: _CheckedReader, reading: Reading) -> Item | None:
    """Read a record as a document; None for what is neither page nor text."""
    path = place.source.path
    if record.content_length > reading.limit + HEAD_LIMIT:
        return place.reject(f"longer than the limit of {reading.limit:,} bytes; see --max-document")
    try:
        size = int(record.headers.get("Content-Length") or 0)
        content, is_whole = _open_content(record, reading.limit + HEAD_LIMIT, size)
        kind, charset = _kind(content)
        if not kind:
            return None
        body = content.reader.read(reading.limit + 1)
        is_whole &= record.is_http or len(body) >= min(size, reading.limit + 1)
    except Exception as error:
        return place.reject(f"record {place.number} cannot be read: {error}")
    if len(body) > reading.limit:
        return place.reject(f"longer than the limit of {reading.limit:,} bytes; see --max-document")
    if not is_whole or place.offset + size > reader.offset:
        return place.reject(f"record {place.number}: the archive ends inside it")
    uri = record.headers.get("WARC-Target-URI") or f"{path.name}:{place.number}"
    rest = {"id": uri, "url": uri, "date": record.headers.get("WARC-Date") or ""}
    host = find_host(uri, {"url": uri})
    position = place.number, place.offset, place.stored_offset
    return Record(uri, str(path), *position, "", body, kind, charset, host=host, rest=rest)


def _open_content(record: Any, limit: int, size: int) -> tuple[Any, bool]:
    """Decode a page's record apart from the archive, whose other records a false encoding would take along.

    Returns:
        The record to read, and whether as many bytes of a page are there as its head says; of a text not known yet.
    """
    if not record.is_http:
        return record, True
    data = record.reader.read(limit)
    content = type(record)()
    content.is_http = True
    content.set_bytes_content(data)
    content.parse_http(auto_decode="all")
    return content, len(data) >= min(size, limit)


def _kind(record: Any) -> tuple[str, str]:
    """Tell the kind of a record's content, and the charset that HTTP names."""
    if record.http_headers is None:
        return "text", "utf-8"
    content_type = (record.http_content_type or "").lower()
    kind = "html" if content_type in PAGES else "text" if content_type == "text/plain" else ""
    return kind, record.http_charset or ""
