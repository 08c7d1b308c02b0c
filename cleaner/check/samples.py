"""Files as samples: texts to check, with the suppressions in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner import decode
from cleaner.check.findings import SpanFinding
from cleaner.corpus.reading import ReadRecord, read_record
from cleaner.errors import CleanerError
from cleaner.formats import registry
from cleaner.formats.base import Format, Reading, Rejection, file_source
from cleaner.formats.shared.places import LineIndex, Place
from cleaner.formats.storage.regular import special_reason
from cleaner.model import Pass, Span
from cleaner.packs.builtin import BOM, NOT_UTF8
from cleaner.suppressions import texts
from cleaner.suppressions.comments import Suppression
from cleaner.text import seams


class CheckSample(Struct, frozen=True):
    """One text to check.

    `text` is all of it. The document of `read` is without what `removals` took out: the comments of `suppressions`,
    unless they are islands. `is_edited`: it stands in no file yet.
    """

    path: Path
    read: ReadRecord
    text: str
    removals: Pass = ()
    suppressions: tuple[Suppression, ...] = ()
    is_edited: bool = False

    @property
    def is_record(self) -> bool:
        """Whether the file holds more than this text."""
        return self.read.record.line > 0

    @property
    def format(self) -> Format:
        """The format of the file."""
        record = self.read.record
        return registry.BY_NAME[record.kind] if record.kind and not record.line else registry.record_format(record)

    @property
    def is_verbatim(self) -> bool:
        """Whether the text stands in the file as it is, rather than in markup."""
        kind = self.read.record.kind
        return not self.read.record.pages and (not kind or registry.BY_NAME[kind].is_verbatim)

    @property
    def is_fixable(self) -> bool:
        """Whether another text can be written in its place; a page in a field is left to `cleaner clean`."""
        return self.format.editable and not self.read.record.pages

    def inner_place(self, position: int, index: LineIndex) -> tuple[str, tuple[int, int] | None]:
        """Return the field of a record's text that holds a position, and line and column there; "", None for none.

        Args:
            position: in the text.
            index: of the text.
        """
        record = self.read.record
        if not (self.is_record and self.is_verbatim):
            return "", None
        line, column = index.line_and_column(position)
        if not record.paths:
            return "", (line, column)
        number = min(self.text.count(record.seam, 0, position), len(record.paths) - 1)
        start = seams.starts(self.text, record.seam)[number]
        return record.paths[number], (line - self.text.count("\n", 0, start), column)

    def locate(self, spans: Sequence[Span]) -> list[Place]:
        """Find the places in the file of spans of the text."""
        if not spans:
            return []
        if self.is_edited and self.is_record:
            return [Place.of_line(self.read.record.line)] * len(spans)
        return self.format.locate(self.read.record, self.read.decoded, spans)


def read_samples(path: Path, reading: Reading, content: Path) -> Iterator[CheckSample | Rejection]:
    """Read all texts of a file, from where its content is; a Rejection with a reason for what cannot be read."""
    if special := special_reason(content):
        yield Rejection(str(path), 0, 0, special)
        return
    try:
        format_ = registry.format_of(path, reading.format, content)
        for _, items in format_.shards(file_source(content, format_.name), reading):
            for item in items:
                record = read_record(item, reading.decoding)
                if isinstance(record, ReadRecord):
                    yield _sample(path, record)
                elif record.reason:
                    yield msgspec.structs.replace(record, file=str(path))
    except (OSError, CleanerError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).removeprefix(f"{content}: ")
        yield Rejection(str(path), 0, 0, f"cannot be read: {reason}")


def replace_text(sample: CheckSample, text: str, rules: Collection[str]) -> CheckSample | Rejection:
    """Return a sample as it is read once its file holds another text. `rules`: of the findings that were fixed."""
    read = sample.read
    if read.record.kind:
        record = msgspec.structs.replace(read.record, data=encode_text(sample, text, rules))
        encoding = "utf-8" if NOT_UTF8 in rules else read.decoded.encoding
        outcome = read_record(record, decode.DecodeOptions((("*", encoding),)))
        if isinstance(outcome, Rejection):
            return outcome
        read = outcome
    else:
        decoded = msgspec.structs.replace(read.decoded, text=text)
        document = msgspec.structs.replace(read.document, text=text)
        read = msgspec.structs.replace(read, decoded=decoded, document=document)
    return msgspec.structs.replace(_sample(sample.path, read), is_edited=True)


def encode_text(sample: CheckSample, text: str, rules: Collection[str]) -> bytes:
    """Encode another text for the file of a sample, as the fixes of some rules ask for."""
    document = sample.read.decoded
    if NOT_UTF8 in rules:
        return decode.encode(text, "utf-8", newline=document.newline)
    return decode.encode(text, document.encoding, document.bom and BOM not in rules, document.newline)


def _sample(path: Path, read: ReadRecord) -> CheckSample:
    text = texts.read(read.record, read.decoded, read.document)
    read = msgspec.structs.replace(read, document=text.input)
    return CheckSample(path, read, text.document.text, text.removals, text.suppressions)


def source_text(read: ReadRecord) -> str:
    """Return the text that stands in the file of a document: the markup of a page."""
    return registry.BY_NAME[read.record.kind].source_text(read.record, read.decoded)


def list_encoding_findings(sample: CheckSample) -> Iterator[SpanFinding]:
    """Yield what is wrong with the encoding of a file."""
    document = sample.read.decoded
    if sample.read.record.kind and document.encoding not in ("utf-8", "ascii"):
        evidence = f": {document.evidence}" if document.evidence else ""
        yield SpanFinding(NOT_UTF8, Span(0, 0), f"{document.encoding}{evidence}")
    elif document.bom:
        yield SpanFinding(BOM, Span(0, 0))
