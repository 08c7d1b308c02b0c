"""WARC and WET archives: HTML responses and conversion records; the target URI is the id. Written as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from cleaner.formats import streams
from cleaner.formats.records import Item, Reading, Record, Rejected, jsonl, missing


class Warc:
    """The format."""

    suffixes = (".warc", ".wet")

    def shards(
        self, path: Path, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds the records that begin in its bytes of the archive as stored."""
        archive = _archive(path)
        found = groupby(_records(path, archive, reading), key=lambda item: item.offset // reading.shard)
        for shard, items in found:
            if wanted(shard):
                yield shard, items

    def write(self, file: BinaryIO, records: Sequence[tuple[Record, str]], path: Path, reading: Reading) -> None:
        """One JSON line a record, compressed like the archive."""
        with streams.compressed(file, path) as out:
            out.write(b"".join(jsonl.line(record, text, "text") for record, text in records))

    def join(self, parts: Sequence[Path], output: BinaryIO, path: Path) -> None:
        """End to end."""
        streams.concatenate(list(parts), output)


FORMAT = Warc()


def _archive(path: Path) -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        raise missing("fastwarc", "formats", path) from None
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.conversion
    return warc.ArchiveIterator(path.open("rb"), record_types=kinds, parse_http=True)


def _records(path: Path, archive: Any, reading: Reading) -> Iterator[Item]:
    number = 0
    offset = 0
    try:
        for number, record in enumerate(archive, 1):
            offset = record.stream_pos
            yield _record(path, record, number, reading)
    except Exception as error:  # noqa: BLE001 - fastwarc raises its own and the standard ones
        yield Rejected(str(path), number + 1, offset, f"the archive is damaged from here on: {error}")


def _record(path: Path, record: Any, number: int, reading: Reading) -> Item:
    uri = record.headers.get("WARC-Target-URI") or f"{path.name}:{number}"
    body = record.reader.read(reading.limit + 1)
    if len(body) > reading.limit:
        return Rejected(str(path), number, record.stream_pos, f"longer than the limit of {reading.limit:,} bytes")
    date = record.headers.get("WARC-Date") or ""
    rest = {
        name: msgspec.Raw(msgspec.json.encode(value)) for name, value in (("id", uri), ("url", uri), ("date", date))
    }
    kind = "html" if record.http_headers is not None else "text"
    declared = record.http_charset if kind == "html" else "utf-8"
    return Record(uri, "", number, record.stream_pos, rest, jsonl.host(uri), body, kind, declared or "")
