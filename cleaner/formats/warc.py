"""WARC and WET archives: pages and their extracted texts; the target URI is the id. Written as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from cleaner.formats import jsonl, streams
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, Source, missing_library
from cleaner.text.host import find_host

PAGES = ("text/html", "application/xhtml+xml")


class Warc:
    """The format."""

    suffixes = (".warc", ".wet")
    suffix = ".jsonl"

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds the records that begin in its bytes of the decompressed archive."""
        warc = _fastwarc(source.path)
        kinds = warc.WarcRecordType.response | warc.WarcRecordType.conversion
        with streams.open_stream(source.path) as stream:
            # fastwarc would decompress by itself, but takes an archive that was cut off for a whole one
            held = _Held(stream)
            archive = warc.ArchiveIterator(held, record_types=kinds, auto_decode="all", stream_detect=False)
            found = groupby(_each(source, archive, held, reading), key=lambda item: item[0] // reading.shard)
            for shard, items in found:
                if wanted(shard):
                    yield shard, (made for _, make in items if (made := make()))

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """One JSON line a record."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                line = (
                    msgspec.json.encode({**record.rest, reading.text: msgspec.Raw(jsonl.encode_string(text))}) + b"\n"
                )
                out.write(line)
                return line

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """End to end."""
        return jsonl.FORMAT.join(parts, folder, source, reading)

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Address and date."""
        fields: Mapping[str, Any] = record.rest
        return fields


FORMAT: Format = Warc()


def _fastwarc(path: Path) -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        raise missing_library("fastwarc", path) from None
    return warc


class _Held:
    """A stream that ends where it is damaged, and keeps the error until all that came before was taken."""

    def __init__(self, stream: streams.OpenStream) -> None:
        self._stream = stream
        self.given = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        try:
            data = self._stream.file.read1(size)  # type: ignore[attr-defined]
        except streams.damage_errors() as error:
            self.error = error
            return b""
        self.given += len(data)
        return bytes(data)

    def tell(self) -> int:
        """Bytes given so far."""
        return self.given

    @property
    def at(self) -> int:
        """Bytes of the archive as stored that were read."""
        return self._stream.place()


def _each(
    source: Source, archive: Any, held: _Held, reading: Reading
) -> Iterator[tuple[int, Callable[[], Item | None]]]:
    """Where each record begins, and a way to read it."""
    number = offset = 0
    try:
        for number, record in enumerate(archive, 1):
            offset = record.stream_pos
            place = _Place(source, number, offset, held.at)
            yield offset, partial(_read, place, record, held, reading)
        if held.error:
            raise held.error
        if number == 0 and source.size:
            raise OSError("no record of a page or a text in it")
    except Exception as error:
        place = _Place(source, number + 1, offset, held.at)
        yield offset, partial(place.rejected, f"the archive is damaged from here on: {error}")


class _Place(NamedTuple):
    """Where a record stands: its number, bytes of the decompressed archive, bytes of the archive as stored."""

    source: Source
    number: int
    offset: int
    at: int

    def rejected(self, reason: str) -> Rejection:
        """The record as refused."""
        return Rejection(str(self.source.path), self.number, self.offset, reason, self.at)


def _read(place: _Place, record: Any, held: _Held, reading: Reading) -> Item | None:
    """A record as a document; None for what is neither page nor text."""
    path = place.source.path
    try:
        kind, declared = _kind(record)
        if not kind:
            return None
        body = record.reader.read(reading.limit + 1)
        size = int(record.headers.get("Content-Length") or 0)
    except Exception as error:
        return place.rejected(f"record {place.number} cannot be read: {error}")
    if len(body) > reading.limit:
        return place.rejected(f"longer than the limit of {reading.limit:,} bytes; see --max-document")
    if place.offset + size > held.given:
        return place.rejected(f"record {place.number}: the archive ends inside it")
    uri = record.headers.get("WARC-Target-URI") or f"{path.name}:{place.number}"
    rest = {"id": uri, "url": uri, "date": record.headers.get("WARC-Date") or ""}
    host = find_host(uri, {"url": uri})
    return Record(uri, str(path), place.number, place.offset, place.at, "", body, kind, declared, host=host, rest=rest)


def _kind(record: Any) -> tuple[str, str]:
    """What a record holds, and the charset that HTTP names."""
    if record.http_headers is None:
        return "text", "utf-8"
    sent = (record.http_content_type or "").lower()
    kind = "html" if sent in PAGES else "text" if sent == "text/plain" else ""
    return kind, record.http_charset or ""
