"""JSON Lines: records with a text and an id, read whole or by parts of a file, and written whole or not at all."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.formats import files, streams
from cleaner.formats.files import SkippedFile

SUFFIXES = (".jsonl", ".ndjson")
_decode = msgspec.json.Decoder().decode


class Fields(NamedTuple):
    """Which keys of a record hold its text and its id."""

    text: str = "text"
    id: str = "id"


class Row(NamedTuple):
    """One record and the bytes where its line stands. `id` is None if it has none."""

    id: str | None
    text: str
    record: Mapping[str, Any]
    start: int
    stop: int


def read(path: Path, fields: Fields = Fields(), start: int = 0, stop: int | None = None) -> Iterator[Row | SkippedFile]:  # noqa: B008
    """The records whose lines begin in bytes `[start, stop)` of a file, in order; a bad line is a Skipped."""
    name = str(path)
    with path.open("rb", files.BUFFER) as file:
        at = streams.line_start(file, start)
        for line in file:
            if stop is not None and at >= stop:
                return
            if not line.isspace():
                yield row(line, fields, at, name)
            at += len(line)


def row(line: bytes, fields: Fields, at: int, path: str) -> Row | SkippedFile:
    """One line as a record, or why it is none."""
    try:
        record = _decode(line.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return SkippedFile(f"{path}, byte {at}", f"not JSON: {error}")
    text = record.get(fields.text) if isinstance(record, dict) else None
    if not isinstance(text, str):
        return SkippedFile(f"{path}, byte {at}", f"no text under {fields.text!r}; name the field with --field")
    given = record.get(fields.id)
    return Row(None if given is None else str(given), text, record, at, at + len(line))


def parts(path: Path, size: int) -> list[tuple[int, int]]:
    """Byte ranges of about `size` bytes that cover a file; `read` takes the lines that begin in one."""
    length = path.stat().st_size
    return [(start, min(start + size, length)) for start in range(0, length, size)]


def write(path: Path, values: Iterable[Any]) -> None:
    """Write all values as lines, whole or not at all."""
    encoder = msgspec.json.Encoder()
    with files.atomic_writer(path) as file:
        for value in values:
            file.write(encoder.encode(value) + b"\n")
