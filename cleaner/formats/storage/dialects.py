"""How a table is stored: its encoding and what divides its columns, told by its first lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from cleaner import decode
from cleaner.errors import CleanerError
from cleaner.formats.storage import streams
from cleaner.formats.storage.files import BUFFER

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 1 << 16
"""Bytes by which the encoding is told."""
DELIMITERS = (",", "\t", ";", "|")
UTF_8, UTF_16 = "utf-8-sig", "utf-16"


class Dialect(NamedTuple):
    """How a table is stored. In UTF-16, its bytes are to be read through `as_utf_8`."""

    encoding: str
    delimiter: str


def named_delimiter(name: str) -> str:
    """Return the delimiter that a file's name tells."""
    return "\t" if ".tsv" in name.lower() else ","


def detect(path: Path, column: str, encoding: str | None = None) -> Dialect:
    """Tell how a table is stored: divided by what makes `column` one of its columns, else as its name tells."""
    try:
        with streams.open_stream(path) as stream:
            head = stream.file.read(HEAD)
    except streams.damage_errors():
        head = b""
    encoding = encoding or _detect_encoding(head)
    first, *_ = head.decode(encoding, "replace").splitlines() or [""]
    default = named_delimiter(path.name)
    fitting = (sign for sign in (default, *DELIMITERS) if column in _split(first, sign))
    return Dialect(encoding, next(fitting, default))


def _detect_encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    lines = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]
    try:
        encoding = decode.decode(lines).encoding
    except CleanerError:
        return UTF_8
    return UTF_8 if encoding in ("utf-8", "ascii") else encoding


def _split(line: str, delimiter: str) -> Iterable[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def as_utf_8(file: IO[bytes]) -> IO[bytes]:
    """Read a stream of UTF-16 as UTF-8."""
    return io.BufferedReader(_Recoder(file), BUFFER)


class _Recoder(io.RawIOBase):
    """UTF-16 as UTF-8; half of a surrogate pair as U+FFFD."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._decoder = file, codecs.getincrementaldecoder(UTF_16)("replace")
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
