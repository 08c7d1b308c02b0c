"""JSON Lines, plain or compressed. Fields other than the text are written again as they stood, in their order."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from cleaner.formats import streams
from cleaner.formats.records import Item, Reading, Record, Rejected

suffixes = (".jsonl", ".ndjson")

_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STRING = msgspec.json.Decoder(str)
_HOSTS = ("host", "domain", "url", "uri", "link")


class Jsonl:
    """The format."""

    suffixes = suffixes

    def shards(
        self, path: Path, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds the lines that begin in its bytes of the decompressed file."""
        seekable = path.suffix.lower() not in streams.COMPRESSED
        with streams.opened(path) as file:
            found = _seeking(path, file, reading, wanted) if seekable else _streaming(path, file, reading, wanted)
            for number, lines in found:
                yield number, _records(path, lines, reading)

    def write(self, file: BinaryIO, records: Sequence[tuple[Record, str]], path: Path, reading: Reading) -> None:
        """One line a record."""
        with streams.compressed(file, path) as out:
            out.write(b"".join(line(record, text, reading.text) for record, text in records))

    def join(self, parts: Sequence[Path], output: BinaryIO, path: Path) -> None:
        """End to end."""
        streams.concatenate(list(parts), output)


FORMAT = Jsonl()


def line(record: Record, text: str, field: str) -> bytes:
    """A record with another text, as a line."""
    fields = {**record.rest, field: text} if record.rest else {"id": record.id, field: text}
    return msgspec.json.encode(fields) + b"\n"


def _seeking(
    path: Path, file: IO[bytes], reading: Reading, wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Iterator[streams.Line]]]:
    """Shards of a plain file: jump to the first line that begins in each. Line numbers are counted on the way."""
    size = path.stat().st_size
    seen, number = 0, 1
    for shard in filter(wanted, range(-(-size // reading.shard))):
        at = _line_start(file, shard * reading.shard)
        number += _breaks(file, seen, at)
        seen = at
        file.seek(at)
        yield shard, _until(streams.lines(file, reading.limit, at, number), (shard + 1) * reading.shard)


def _line_start(file: IO[bytes], at: int) -> int:
    """Where the first line begins at `at` or later."""
    if at:
        file.seek(at - 1)
        streams.past_break(file)
        return file.tell()
    return 0


def _until(lines: Iterator[streams.Line], stop: int) -> Iterator[streams.Line]:
    for found in lines:
        if found.offset >= stop:
            return
        yield found


def _breaks(file: IO[bytes], start: int, stop: int) -> int:
    file.seek(start)
    count = 0
    while start < stop and (chunk := file.read(min(1 << 20, stop - start))):
        count += chunk.count(b"\n")
        start += len(chunk)
    return count


def _streaming(
    path: Path, file: IO[bytes], reading: Reading, wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Iterator[streams.Line]]]:
    """Shards of a compressed file, which is read through from its beginning."""
    for shard, lines in groupby(streams.lines(file, reading.limit), key=lambda found: found.offset // reading.shard):
        if wanted(shard):
            yield shard, lines


def _records(path: Path, lines: Iterator[streams.Line], reading: Reading) -> Iterator[Item]:
    for found in lines:
        if found.reason:
            yield _rejected(path, found, found.reason)
        elif found.data.strip():
            yield _record(path, found, reading)


def _record(path: Path, found: streams.Line, reading: Reading) -> Item:
    try:
        fields = _DECODER.decode(found.data.removeprefix(codecs.BOM_UTF8))
        text = _STRING.decode(fields[reading.text])
    except KeyError:
        return _rejected(path, found, f"no field {reading.text!r}; name the text's field with --field")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _rejected(path, found, f"not a JSON object with a string under {reading.text!r}: {error}")
    return Record(
        _id(fields, reading, path, found), text, found.number, found.offset, fields, _host(fields), found.data
    )


def _rejected(path: Path, found: streams.Line, reason: str) -> Rejected:
    return Rejected(str(path), found.number, found.offset, reason)


def _id(fields: dict[str, msgspec.Raw], reading: Reading, path: Path, found: streams.Line) -> str:
    raw = fields.get(reading.id)
    if raw is None:
        return f"{path.name}:{found.number}"
    value = msgspec.json.decode(raw)
    return value if isinstance(value, str) else bytes(raw).decode()


def _host(fields: dict[str, msgspec.Raw]) -> str:
    for name in _HOSTS:
        if name in fields and isinstance(value := msgspec.json.decode(fields[name]), str) and value:
            return host(value)
    return ""


def host(value: str) -> str:
    """The host of an address, or a host as it stands."""
    from urllib.parse import urlsplit

    return (urlsplit(value).hostname or value) if "/" in value else value
