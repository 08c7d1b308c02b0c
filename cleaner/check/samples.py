"""Files as samples: texts to check, with the suppressions that stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cleaner import decode
from cleaner.check import markdown, suppressions
from cleaner.check.findings import MARKDOWN, Found
from cleaner.check.suppressions import FIELD, Suppression
from cleaner.corpus import records
from cleaner.corpus.records import ReadRecord
from cleaner.errors import CleanerError
from cleaner.formats import parquet, registry
from cleaner.formats import text as texts
from cleaner.formats.base import Format, Reading, Rejection, Source
from cleaner.formats.files import Input
from cleaner.model import Pass, Span
from cleaner.packs.builtin import BOM, NOT_UTF8
from cleaner.text import edits


class Sample(Struct, frozen=True):
    """One text. `text` is the whole of it, that of `read` is without what `stripped` took out: the comments of
    `suppressions`, and what is no prose."""

    path: Path
    read: ReadRecord
    text: str
    stripped: Pass = ()
    suppressions: tuple[Suppression, ...] = ()

    @property
    def is_record(self) -> bool:
        """Whether the file holds more than this text."""
        return self.read.record.line > 0


def format_of(path: Path) -> Format:
    """How a file is read."""
    return registry.by_suffix(path) or texts.FORMAT


def source_of(path: Path) -> Source:
    """A file by itself."""
    return Source(path.name, (Input(path.name, path),), (path.stat().st_size,))


def read(path: Path, reading: Reading) -> Iterator[Sample | Rejection]:
    """All texts of a file; Rejected with a reason for what cannot be read."""
    try:
        for _, items in format_of(path).shards(source_of(path), reading, lambda shard: True):
            for item in items:
                found = records.read_record(item, reading.encoding)
                if isinstance(found, ReadRecord):
                    yield _sample(path, found)
                elif found.reason:
                    yield found
    except (OSError, CleanerError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).removeprefix(f"{path}: ")
        yield Rejection(str(path), 0, 0, f"cannot be read: {reason}")


def _sample(path: Path, found: ReadRecord) -> Sample:
    record, text = found.record, found.decoded.text
    if record.kind == "html":
        said = suppressions.comments(markup(found)) if b"cleaner:" in record.data else []
        return Sample(path, found, text, suppressions=tuple(said))
    if record.kind == "text":
        said = suppressions.comments(text)
        apart = markdown.apart if path.suffix.lower() in MARKDOWN else suppressions.stripped
        stripped = apart(text, said)
        document = msgspec.structs.replace(found.document, text=edits.apply(text, stripped))
        return Sample(path, msgspec.structs.replace(found, document=document), text, stripped, tuple(said))
    return Sample(path, found, text, suppressions=tuple(suppressions.field(_field(path, found))))


def _field(path: Path, found: ReadRecord) -> Any:
    """The value of the field for suppressions, where the record has one."""
    record = found.record
    if format_of(path) is parquet.FORMAT:
        batch, row = record.rest
        return batch.column(FIELD)[row].as_py() if FIELD in batch.schema.names else None
    if record.data and FIELD.encode() not in record.data:
        return None
    value = format_of(path).fields(record).get(FIELD)
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value


def markup(found: ReadRecord) -> str:
    """The markup that a page's text was taken from."""
    return decode.decode(found.record.data, found.record.declared or None, found.decoded.encoding).text


def of_bytes(sample: Sample) -> Iterator[Found]:
    """What is to be said of a file's bytes."""
    decoded = sample.read.decoded
    if sample.read.record.kind and decoded.encoding not in ("utf-8", "ascii"):
        evidence = f": {decoded.evidence}" if decoded.evidence else ""
        yield Found(NOT_UTF8, Span(0, 0), f"{decoded.encoding}{evidence}")
    elif decoded.bom:
        yield Found(BOM, Span(0, 0))
