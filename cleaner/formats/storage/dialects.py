"""How a table is stored: its encoding, what divides its columns and rows, and its quotes, told by its first lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from cleaner import decode
from cleaner.errors import CleanerError
from cleaner.formats.storage import streams
from cleaner.formats.storage.csv_rows import QUOTINGS, Quoting, RowEncoder
from cleaner.formats.storage.files import BUFFER

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 1 << 16
"""Bytes by which the encoding is told."""
DELIMITERS = (",", "\t", ";", "|")
UTF_8, UTF_16 = "utf-8-sig", "utf-16"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


SAMPLE_ROWS = 100
"""Rows by which the quoting is told."""
_LINE_END = re.compile(r'(?:"[^"]*"|[^"\r\n])*+(\r\n?|\n)')
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")  # the second, or a long line without an end takes its square


class Dialect(NamedTuple):
    """How a table is stored.

    `encoding`: in UTF-16 its bytes are to be read through `as_utf_8`. `has_mark`: whether a byte order mark stands
    before it. `head_quoting`, `quoting`: of its first row and of the others.
    """

    encoding: str
    delimiter: str
    has_mark: bool = False
    line_end: str = "\n"
    head_quoting: Quoting = csv.QUOTE_MINIMAL
    quoting: Quoting = csv.QUOTE_MINIMAL

    def head_encoder(self, *, is_safe: bool) -> RowEncoder:
        """Return what encodes the first row; `is_safe`: guarded."""
        return RowEncoder(self.delimiter, self.head_quoting, self.line_end, is_safe=is_safe)

    def encoder(self, *, is_safe: bool) -> RowEncoder:
        """Return what encodes the other rows; `is_safe`: guarded."""
        return RowEncoder(self.delimiter, self.quoting, self.line_end, is_safe=is_safe)


def named_delimiter(name: str) -> str:
    """Return the delimiter that a file's name tells."""
    return "\t" if ".tsv" in name.lower() else ","


def detect(path: Path, columns: Sequence[str], encoding: str | None = None) -> Dialect:
    """Tell how a table is stored: divided by what makes one of `columns` a column of it, else as its name tells."""
    try:
        with streams.open_stream(path) as stream:
            head = stream.file.read(HEAD)
    except streams.damage_errors():
        head = b""
    encoding = encoding or _detect_encoding(head, columns)
    encoding = UTF_8 if encoding in ("utf-8", "ascii") else encoding
    text = head.decode(encoding, "replace")
    default = named_delimiter(path.name)
    first = text[: line_end.end()] if (line_end := _LINE_END.match(text)) else text
    fitting = (sign for sign in (default, *DELIMITERS) if not set(_split(first, sign)).isdisjoint(columns))
    delimiter = next(fitting, default)
    quotings = _detect_quoting(text, delimiter)
    return Dialect(encoding, delimiter, head.startswith(_MARKS), line_end[1] if line_end else "\n", *quotings)


def _detect_quoting(text: str, delimiter: str) -> tuple[Quoting, Quoting]:
    """Tell how the head and the rows of a table are quoted: so that most of them come out as they are."""
    rows = list(_sample_rows(text, delimiter))
    return _best_quoting(rows[:1], delimiter), _best_quoting(rows[1:] or rows, delimiter)


def _best_quoting(rows: list[tuple[str, list[str]]], delimiter: str) -> Quoting:
    encoders = {quoting: RowEncoder(delimiter, quoting, "") for quoting in QUOTINGS}
    return max(QUOTINGS, key=lambda quoting: sum(encoders[quoting].encode(row) == raw.encode() for raw, row in rows))


def _sample_rows(text: str, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the first whole rows, as they are written and as they are read."""
    lines: list[str] = []

    def take() -> Iterator[str]:
        for match in _LINE.finditer(text):
            if not match[0].endswith(("\r", "\n")):
                return
            lines.append(match[0])
            yield match[0]

    with suppress(csv.Error):
        for row in islice(csv.reader(take(), delimiter=delimiter, strict=True), SAMPLE_ROWS):
            raw = "".join(lines)
            lines.clear()
            yield raw.removesuffix("\n").removesuffix("\r"), row


def _detect_encoding(head: bytes, columns: Sequence[str]) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    lines = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]
    try:
        encoding = decode.decode(lines).encoding
    except CleanerError:
        return UTF_8
    if encoding.startswith(("utf-16", "utf-32")):  # a NUL is damage where the head says that it is another encoding
        return encoding if any(column.encode(encoding) in head for column in columns) else UTF_8
    return encoding


def _split(line: str, delimiter: str) -> Iterable[str]:
    return next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])


def is_wide(encoding: str) -> bool:
    """Whether lines cannot be told in an encoding by their bytes."""
    return encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def as_utf_8(file: IO[bytes], encoding: str = UTF_16) -> IO[bytes]:
    """Read a stream of UTF-16 or UTF-32 as UTF-8."""
    return io.BufferedReader(_Recoder(file, encoding), BUFFER)


class _Recoder(io.RawIOBase):
    """UTF-16 or UTF-32 as UTF-8; half of a surrogate pair as U+FFFD."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file, self._decoder = file, codecs.getincrementaldecoder(encoding)("replace")
        self._bytes = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer; the number of bytes, 0 at the end."""
        target = memoryview(buffer).cast("B")
        block = b"-"
        while not self._bytes and block:
            block = self._file.read(BUFFER)
            self._bytes = self._decoder.decode(block, final=not block).encode()
        count = min(len(target), len(self._bytes))
        target[:count] = self._bytes[:count]
        self._bytes = self._bytes[count:]
        return count
