"""JSON Lines, plain or compressed. Everything in a line but the text is written again byte for byte."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path, PurePath
from typing import IO, Any, BinaryIO

import msgspec

from cleaner.formats import files, streams
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, Source
from cleaner.formats.jsonl_rows import SUFFIXES
from cleaner.formats.streams import Line, OpenStream
from cleaner.text.host import find_host

JSON, ASCII = "json", "json-ascii"
"""How a line writes its text: characters as they are, or as `json.dumps` does by default."""

_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STRING = msgspec.json.Decoder(str)
_ESCAPED = re.compile(rb"\\[^n]")
"""What else but `\\n` a string escapes; without that it can be written in no other way but with more."""
HEAD = 64
"""Bytes of a value by which it is looked for."""
_HOSTS = ("host", "domain", "url", "uri", "link", "source")


class Jsonl:
    """The format."""

    suffixes = SUFFIXES
    suffix = ""

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds the lines that begin in its bytes of the decompressed file."""
        path = source.path
        plain = path.suffix.lower() not in streams.COMPRESSIONS
        with streams.open_stream(path) as stream:
            found = _seeking(path, stream, reading, wanted) if plain else _streaming(stream, reading, wanted)
            for number, lines in found:
                yield number, (parse_line(str(path), line, reading) for line in lines)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """One line a record."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                written = replace_in_line(record, text)
                out.write(written)
                return written

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """End to end."""
        with files.atomic_writer(folder / source.target) as output:
            streams.concatenate(parts, output)
        return ()

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Values as they stand in the line."""
        start, stop = record.rest
        line = record.data[:start] + b"null" + record.data[stop:]
        fields = _DECODER.decode(line.removeprefix(codecs.BOM_UTF8))
        return {name: value for name, value in fields.items() if bytes(value) != b"null"}


FORMAT: Format = Jsonl()


def encode_string(text: str, encoding: str = JSON) -> bytes:
    """A text as a JSON string; half surrogates, which UTF-8 has not, as escapes."""
    if encoding == JSON:
        try:
            return msgspec.json.encode(text)
        except UnicodeEncodeError:
            pass
    return json.dumps(text).encode()


def replace_in_line(record: Record, text: str) -> bytes:
    """A record's line with another text."""
    start, stop = record.rest
    return record.data[:start] + encode_string(text, record.encoding) + record.data[stop:]


def text_of(line: bytes, field: str) -> str:
    """The text of a line. Raises KeyError or a DecodeError where it has none."""
    return _STRING.decode(_DECODER.decode(line.removeprefix(codecs.BOM_UTF8))[field])


def with_text(line: bytes, field: str, text: str, encoding: str) -> bytes:
    """A line with another text under `field`. Raises KeyError or a DecodeError where it has none."""
    raw = bytes(_DECODER.decode(line.removeprefix(codecs.BOM_UTF8))[field])
    start, stop = _place(line, raw, field)
    return line[:start] + encode_string(text, encoding) + line[stop:]


def _seeking(
    path: Path, stream: OpenStream, reading: Reading, wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Iterator[Line]]]:
    """Shards of a plain file: jump to the first line that begins in each. Line numbers are counted on the way."""
    size, file = path.stat().st_size, stream.file
    seen, number, at = 0, 1, 0
    for shard in filter(wanted, range(-(-size // reading.shard))):
        if shard * reading.shard > at:  # else a line is so long that no other begins before `at`
            at = streams.line_start(file, shard * reading.shard)
        number += _breaks(file, seen, at)
        seen = at
        file.seek(at)
        yield shard, _until(streams.lines(stream, reading.limit, at, number), (shard + 1) * reading.shard)


def _until(lines: Iterator[Line], stop: int) -> Iterator[Line]:
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
    stream: OpenStream, reading: Reading, wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Iterator[Line]]]:
    """Shards of a compressed file, which is read through from its beginning."""
    for shard, lines in groupby(streams.lines(stream, reading.limit), key=lambda found: found.offset // reading.shard):
        if wanted(shard):
            yield shard, lines


def parse_line(file: str, found: Line, reading: Reading) -> Item:
    """The record that a line of a file holds; a blank one is Rejected without a reason."""
    if found.reason or found.data.isspace():
        return _rejected(file, found, found.reason)
    body = found.data.removeprefix(codecs.BOM_UTF8)
    try:
        fields = _DECODER.decode(body)
        text = _STRING.decode(fields[reading.text])
    except KeyError:
        return _rejected(file, found, f"no field {reading.text!r}; name the text's field with --field")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _rejected(file, found, f"not a JSON object with a string under {reading.text!r}: {error}")
    raw = bytes(fields[reading.text])
    encoding = JSON if not _ESCAPED.search(raw) or raw == encode_string(text) else ASCII
    key = _id(fields, reading, file, found)
    return Record(
        key,
        file,
        found.number,
        found.offset,
        found.at,
        text,
        found.data,
        encoding=encoding,
        exact=encoding == JSON or raw == encode_string(text, ASCII),
        host=find_host(key, _addresses(fields)),
        rest=_place(found.data, raw, reading.text),
    )


def _place(line: bytes, raw: bytes, field: str) -> tuple[int, int]:
    """Where the value of a field stands in its line, when the value is `raw`."""
    at = _find(line, raw)
    # a JSON string can follow itself, sharing a quote at most
    alone = at >= 0 and (len(line) - at < 2 * len(raw) - 1 or line.find(raw, at + 1) < 0)
    while not alone and not _is_value(line, at, len(raw), field):
        at = line.find(raw, at + 1)
    return at, at + len(raw)


def _find(line: bytes, raw: bytes) -> int:
    """Where `raw` stands first; by its beginning, as `bytes.find` prepares itself for long needles at some length."""
    head = raw[:HEAD]
    at = line.find(head)
    while at >= 0 and not line.startswith(raw, at):
        at = line.find(head, at + 1)
    return at


def _is_value(line: bytes, at: int, size: int, field: str) -> bool:
    """Whether what stands there is the field's value: another put in its place would be."""
    if at < 0:
        raise KeyError(field)
    try:
        fields = _DECODER.decode((line[:at] + b"false" + line[at + size :]).removeprefix(codecs.BOM_UTF8))
    except msgspec.DecodeError:
        return False
    return bytes(fields.get(field, b"")) == b"false"


def _rejected(file: str, found: Line, reason: str) -> Rejection:
    return Rejection(file, found.number, found.offset, reason, found.at, found.data)


def _id(fields: Mapping[str, msgspec.Raw], reading: Reading, file: str, found: Line) -> str:
    raw = fields.get(reading.id)
    if raw is None:
        return f"{PurePath(file).name}:{found.number}"
    value = msgspec.json.decode(raw)
    return value if isinstance(value, str) else bytes(raw).decode()


def _addresses(fields: Mapping[str, msgspec.Raw]) -> dict[str, Any]:
    """The fields that may tell a host, under the names that `hosts` knows."""
    found = [msgspec.json.decode(fields[name]) for name in _HOSTS if name in fields]
    texts = [value for value in found if isinstance(value, str)]
    bare = next((value for value in texts if "/" not in value and "." in value), None)
    return {"url": next((value for value in texts if "://" in value), ""), **({"host": bare} if bare else {})}
