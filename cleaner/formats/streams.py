"""Byte streams: compressed or not, read line by line with a limit that no line and no bomb can pass."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from cleaner.errors import UsageError

COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
BROKEN = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, OSError)
"""What reading a damaged stream raises; zstandard's error is among them only by `broken`."""


class Line(NamedTuple):
    """A line with its break, or the reason why it cannot be had. `number` counts from 1."""

    number: int
    offset: int
    data: bytes
    reason: str = ""


def opened(path: Path) -> IO[bytes]:
    """A file to read, decompressed as its name says."""
    match path.suffix.lower():
        case ".gz":
            return gzip.open(path, "rb")  # type: ignore[return-value]
        case ".bz2":
            return bz2.open(path, "rb")
        case ".xz":
            return lzma.open(path, "rb")
        case ".zst":
            import io

            reader = _zstandard(path).ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True)
            return io.BufferedReader(reader, 1 << 17)
    return path.open("rb")


@contextmanager
def compressed(file: BinaryIO, path: Path) -> Iterator[Any]:
    """A writer into `file`, compressed as the name of `path` says. Members and frames can be joined end to end."""
    match path.suffix.lower():
        case ".gz":
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as out:
                yield out
        case ".bz2":
            with bz2.BZ2File(file, "wb") as out:
                yield out
        case ".xz":
            with lzma.LZMAFile(file, "wb") as out:
                yield out
        case ".zst":
            with _zstandard(path).ZstdCompressor().stream_writer(file, closefd=False) as out:
                yield out
        case _:
            yield file


def _zstandard(path: Path) -> Any:
    try:
        import zstandard
    except ImportError:
        raise UsageError(f"{path}: needs zstandard; install it with: pip install 'webtext-cleaner[formats]'") from None
    return zstandard


def broken() -> tuple[type[BaseException], ...]:
    """The errors of a damaged stream."""
    try:
        import zstandard
    except ImportError:
        return BROKEN
    return (*BROKEN, zstandard.ZstdError)


def lines(file: IO[bytes], limit: int, offset: int = 0, number: int = 1) -> Iterator[Line]:
    """All lines; one longer than `limit` bytes is passed over without being held, damage ends the stream."""
    try:
        while data := file.readline(limit + 1):
            size = len(data)
            if size <= limit or data.endswith(b"\n"):
                yield Line(number, offset, data)
            else:
                size += past_break(file)
                yield Line(number, offset, b"", f"longer than the limit of {limit:,} bytes (--max-document)")
            offset += size
            number += 1
    except broken() as error:
        yield Line(number, offset, b"", f"the file is damaged from here on: {error}")


def past_break(file: IO[bytes]) -> int:
    """Go past the next line break without holding the line; the bytes passed."""
    passed = 0
    while chunk := file.readline(1 << 20):
        passed += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return passed


def concatenate(parts: list[Path], output: BinaryIO) -> None:
    """All parts end to end."""
    for part in parts:
        with part.open("rb") as file:
            shutil.copyfileobj(file, output, 1 << 20)
