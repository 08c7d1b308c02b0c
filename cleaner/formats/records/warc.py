"""WARC and WET archives: pages and their extracted texts; the target URI is the id. Written as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from cleaner.dedup import hosts
from cleaner.formats import streams
from cleaner.formats.records import Add, Format, Item, Reading, Record, Rejected, Source, jsonl, missing

PAGES = ("text/html", "application/xhtml+xml")


class Warc:
    """The format."""

    suffixes = (".warc", ".wet")
    suffix = ".jsonl"

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds the records that begin in its bytes of the archive as stored."""
        warc = _fastwarc(source.path)
        kinds = warc.WarcRecordType.response | warc.WarcRecordType.conversion
        with source.path.open("rb") as file:
            archive = warc.ArchiveIterator(file, record_types=kinds, auto_decode="all")
            for shard, items in groupby(_each(source, archive, reading), key=lambda item: item[0] // reading.shard):
                if wanted(shard):
                    yield shard, (made for _, make in items if (made := make()))

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """One JSON line a record."""
        with streams.compressed(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                line = msgspec.json.encode({**record.rest, reading.text: msgspec.Raw(jsonl.encoded(text))}) + b"\n"
                out.write(line)
                return line

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejected]:
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
        raise missing("fastwarc", path) from None
    return warc


def _each(source: Source, archive: Any, reading: Reading) -> Iterator[tuple[int, Callable[[], Item | None]]]:
    """Where each record begins, and a way to read it."""
    number = offset = 0
    try:
        for number, record in enumerate(archive, 1):
            offset = record.stream_pos
            yield offset, lambda record=record, number=number: _read(source.path, record, number, reading)  # type: ignore[misc]
        if offset == 0 and number == 0 and source.size:
            raise OSError("no record of a page or a text in it")
    except Exception as error:
        bad = Rejected(str(source.path), number + 1, offset, f"the archive is damaged from here on: {error}", offset)
        yield offset, lambda: bad


def _read(path: Path, record: Any, number: int, reading: Reading) -> Item | None:
    """A record as a document; None for what is neither page nor text."""
    at = record.stream_pos
    try:
        kind, declared = _kind(record)
        if not kind:
            return None
        body = record.reader.read(reading.limit + 1)
    except Exception as error:
        return Rejected(str(path), number, at, f"record {number} cannot be read: {error}", at)
    if len(body) > reading.limit:
        return Rejected(
            str(path), number, at, f"longer than the limit of {reading.limit:,} bytes; see --max-document", at
        )
    uri = record.headers.get("WARC-Target-URI") or f"{path.name}:{number}"
    rest = {"id": uri, "url": uri, "date": record.headers.get("WARC-Date") or ""}
    host = hosts.host(uri, {"url": uri})
    return Record(uri, str(path), number, at, at, "", body, kind, declared, host=host, rest=rest)


def _kind(record: Any) -> tuple[str, str]:
    """What a record holds, and the charset that HTTP names."""
    if record.http_headers is None:
        return "text", "utf-8"
    sent = (record.http_content_type or "").lower()
    kind = "html" if sent in PAGES else "text" if sent == "text/plain" else ""
    return kind, record.http_charset or ""
