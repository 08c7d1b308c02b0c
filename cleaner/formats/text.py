"""Text files and saved pages: every file is one document, a shard is a bundle of files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from cleaner.formats import files, streams
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, Source
from cleaner.formats.files import Input
from cleaner.text.host import find_host

HTML = (".html", ".htm", ".xhtml", ".shtml")


class Texts:
    """The format; also the way that any records are written as a file each."""

    suffixes: tuple[str, ...] = ()
    suffix = ".txt"

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Bundles of files by their sizes."""
        for number, (first, stop) in enumerate(_bundles(source.sizes, reading.bundle)):
            if wanted(number):
                at = sum(source.sizes[:first])
                yield number, _items(source.files[first:stop], source.sizes[first:stop], at, reading)

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Each text behind a line with its size and its name."""

        def add(record: Record, text: str) -> bytes:
            data = text.encode("utf-8", "surrogatepass")
            append_file(file, output_file(record, source), data)
            return data

        yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Every text to its own file."""
        for part in parts:
            with part.open("rb") as file:
                while head := file.readline():
                    size, quoted = head.split(b" ", 1)
                    target = json.loads(quoted)
                    reason = _write(files.path_inside(folder, target), file, int(size))
                    if reason:
                        yield Rejection(target, 0, 0, f"cannot be written: {reason}")

    def fields(self, record: Record) -> Mapping[str, Any]:
        """The id, which is the path."""
        return {"id": record.id}


FORMAT: Format = Texts()


def append_file(file: BinaryIO, target: str, data: bytes) -> None:
    """Add what goes to the file `target` to a part."""
    file.write(f"{len(data)} {json.dumps(target)}\n".encode())
    file.write(data)


def output_file(record: Record, source: Source) -> str:
    """The file that a record is written to, relative to the output folder."""
    return f"{source.target}/{record.line:08}.txt" if record.line else record.id


def _write(path: Path, part: BinaryIO, size: int) -> str:
    """Copy a text to its own file; the reason why that cannot be."""
    stop = part.tell() + size
    try:
        with files.atomic_writer(path) as output:
            while part.tell() < stop:
                output.write(part.read(min(1 << 20, stop - part.tell())))
    except (IsADirectoryError, NotADirectoryError, FileExistsError, PermissionError) as error:
        return str(error.strerror)
    finally:
        part.seek(stop)
    return ""


def _bundles(sizes: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """Runs of files with about `limit` bytes, as ranges; every file counts for a kilobyte more."""
    first = held = 0
    for number, size in enumerate(sizes):
        held += size + 1024
        if held >= limit:
            yield first, number + 1
            first, held = number + 1, 0
    if first < len(sizes):
        yield first, len(sizes)


def _items(inputs: Sequence[Input], sizes: Sequence[int], at: int, reading: Reading) -> Iterator[Item]:
    for item, size in zip(inputs, sizes, strict=True):
        at += size
        yield read_file(item, reading, at)


def read_file(item: Input, reading: Reading, at: int = 0) -> Item:
    """One file as a record."""
    path = str(item.path)
    try:
        size = item.path.stat().st_size
        if size > reading.limit:
            return Rejection(path, 0, 0, streams.too_long_reason(size, reading.limit))
        return record(item.target, path, item.path.read_bytes(), at)
    except OSError as error:
        return Rejection(path, 0, 0, f"cannot be read: {error.strerror}", at)


def renamed(target: str) -> str:
    """`page.html` becomes `page.txt`."""
    return next((f"{target[: -len(end)]}.txt" for end in HTML if target.lower().endswith(end)), target)


def record(target: str, file: str, data: bytes, at: int = 0) -> Record:
    """A file's content as a record."""
    kind = "html" if PurePath(file).suffix.lower() in HTML else "text"
    return Record(target, file, at=at, data=data, kind=kind, host=find_host(target, {}))
