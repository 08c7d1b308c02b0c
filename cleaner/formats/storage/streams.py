"""Byte streams: compressed or not, read line by line with a limit that no line and no bomb can pass."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple

from cleaner.errors import UsageError
from cleaner.formats.storage.files import BUFFER
from cleaner.formats.storage.regular import open_regular

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz")
DAMAGE = (EOFError, zlib.error, lzma.LZMAError, OSError)
"""Errors of reading a damaged stream, that of zstandard aside: see `damage_errors`."""
SEGMENT = 1 << 20
"""Bytes of an overlong line that are held at one time."""
STEP = 1 << 9
"""Bytes of zstd taken at one time: four of them can unfold to a block of 128 KiB, so a bomb gets to 16 MiB."""

TOO_LONG = "longer than the limit"
"""How the reason begins where a record is too long."""
NO_CHANGE = "the file stays as it is"
"""What becomes of a file of records without a text."""


class OpenStream(NamedTuple):
    """A stream of decompressed bytes. `place`: how much of the stored file is read."""

    file: IO[bytes]
    place: Callable[[], int]


class FileLine(NamedTuple):
    """A line with its break, or the reason why it cannot be read.

    `number` counts from 1, `offset` bytes of the decompressed stream, `stored_offset` bytes of the file as stored.
    """

    number: int
    offset: int
    stored_offset: int
    data: bytes
    reason: str = ""


@contextmanager
def open_stream(path: Path) -> Iterator[OpenStream]:
    """Open a file to read, decompressed as its name says. UsageError where the library for that is not installed."""
    with open_regular(path, BUFFER) as raw, decompress(raw, path) as file:
        yield OpenStream(file, raw.tell)


def decompress(raw: BinaryIO, path: PurePath) -> Any:
    """Return a stream of the decompressed bytes of `raw`, as a name says."""
    match path.suffix.lower():
        case ".gz":
            return gzip.GzipFile(fileobj=raw)
        case ".bz2":
            return bz2.BZ2File(raw)
        case ".xz":
            return lzma.LZMAFile(raw)
        case ".zst":
            return io.BufferedReader(_Zstandard(raw, _zstandard(path)), BUFFER)
    return raw


class _Zstandard(io.RawIOBase):
    """Frames end to end. zstandard's own reader takes a file that was cut off for a whole one; this raises EOFError."""

    def __init__(self, raw: BinaryIO, zstandard: Any) -> None:
        self._raw, self._context = raw, zstandard.ZstdDecompressor()
        self._frame: Any = None
        self._rest = b""
        self._bytes = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer with bytes of the decompressed stream; their number, 0 at its end."""
        while not self._bytes and self._read_step():
            pass
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._bytes))
        target[:count] = self._bytes[:count]
        self._bytes = self._bytes[count:]
        return count

    def _read_step(self) -> bool:
        data = self._rest or self._raw.read(STEP)
        self._rest = b""
        if not data:
            if self._frame is not None:
                raise EOFError("the file ends inside a frame")
            return False
        self._frame = self._frame or self._context.decompressobj()
        self._bytes = memoryview(self._frame.decompress(data))
        if self._frame.eof:
            self._rest, self._frame = self._frame.unused_data, None
        return True


@contextmanager
def compressor(file: BinaryIO, name: str) -> Iterator[Any]:
    """Open a writer into `file` that compresses as a name says. Its members and frames can be joined end to end."""
    match Path(name).suffix.lower():
        case ".gz":
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="", compresslevel=6) as out:
                yield out
        case ".bz2":
            with bz2.BZ2File(file, "wb") as out:
                yield out
        case ".xz":
            with lzma.LZMAFile(file, "wb") as out:
                yield out
        case ".zst":
            with _zstandard(Path(name)).ZstdCompressor().stream_writer(file, closefd=False) as out:
                yield out
        case _:
            yield file


def _zstandard(path: PurePath) -> Any:
    try:
        import zstandard
    except ImportError:
        raise missing_library("zstandard", path) from None
    return zstandard


def damage_errors() -> tuple[type[Exception], ...]:
    """Return the errors of reading a damaged stream."""
    try:
        import zstandard
    except ImportError:
        return DAMAGE
    return (*DAMAGE, zstandard.ZstdError)


def lines(stream: OpenStream, limit: int, offset: int = 0, number: int = 1) -> Iterator[FileLine]:
    """Yield all lines; one longer than `limit` bytes is passed over without being held, damage ends the stream."""
    file, place = stream
    try:
        while data := file.readline(limit + 1):
            size = len(data)
            if size <= limit or data.endswith(b"\n"):
                yield FileLine(number, offset, place(), data)
            else:
                size += past_break(file)
                yield FileLine(number, offset, place(), b"", too_long_reason(size, limit))
            offset += size
            number += 1
    except damage_errors() as error:
        yield FileLine(number, offset, place(), b"", f"the file is damaged from here on: {error}")


def is_plain(path: Path) -> bool:
    """Whether a file's name tells that it is not compressed."""
    return path.suffix.lower() not in COMPRESSIONS


def split_compression(name: str) -> tuple[str, str]:
    """Split a name into what comes before the suffix of its compression, and that suffix."""
    end = next((suffix for suffix in COMPRESSIONS if name.lower().endswith(suffix)), "")
    return (name[: -len(end)], name[-len(end) :]) if end else (name, "")


def too_long_reason(size: int, limit: int) -> str:
    """Say why a line, or a file, of this size is refused."""
    return f"{TOO_LONG} of {limit:,} bytes: {size:,}; see --max-document"


def line_start(file: IO[bytes], offset: int) -> int:
    """Find the first line that begins at `offset` or later; the file is there then, if it was at its beginning."""
    if not offset:
        return 0
    file.seek(offset - 1)
    return offset - 1 + past_break(file)


def past_break(file: IO[bytes]) -> int:
    """Go past the next line break without holding the line; the number of bytes."""
    size = 0
    while segment := file.readline(SEGMENT):
        size += len(segment)
        if segment.endswith(b"\n"):
            break
    return size


@lru_cache(maxsize=1)
def line_breaks(path: Path, mtime: int) -> list[int]:
    """Find the line breaks of a decompressed file, in bytes. `mtime`: for the cache, as the file may change."""
    breaks, offset = [], 0
    with open_stream(path) as stream:
        for line in stream.file:
            offset += len(line)
            breaks.append(offset - 1)
    return breaks


def concatenate(parts: Iterable[Path], output: BinaryIO) -> None:
    """Write all parts end to end. The system's cache of each is dropped at once, to leave room for the output."""
    for part in parts:
        with part.open("rb") as file:
            shutil.copyfileobj(file, output, BUFFER)
            if sys.platform == "linux":
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def missing_library(package: str, path: PurePath) -> UsageError:
    """Return the error for an optional library that is not installed."""
    return UsageError(f"{path}: needs {package}; install it with: pip install 'webtext-cleaner[formats]'")


def require_library(package: str, path: PurePath) -> None:
    """Raise UsageError where an optional library is not installed that a file needs."""
    if find_spec(package) is None:
        raise missing_library(package, path)


def libraries_of(path: PurePath) -> tuple[str, ...]:
    """Return the optional libraries that the compression of a file needs."""
    return ("zstandard",) if path.suffix.lower() == ".zst" else ()
