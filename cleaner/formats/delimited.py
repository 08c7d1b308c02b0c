"""CSV and TSV, plain or compressed, in UTF-8: the first row names the columns; all others are written as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.formats import files, streams
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, Source
from cleaner.formats.streams import Line
from cleaner.text.host import find_host

ROWS = 4096
"""Rows of one shard."""


class Delimited:
    """The format."""

    suffixes = (".csv", ".tsv")
    suffix = ""

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds a fixed number of rows; the file is read through from its beginning."""
        with streams.open_stream(source.path) as stream:
            rows = _Rows(source.path, stream, reading).items()
            for shard, found in groupby(rows, key=lambda item: max(item.line - 1, 0) // ROWS):
                if wanted(shard):
                    yield shard, found

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Rows without the head, which `join` writes."""
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                names, row = record.rest
                out.write(
                    encode_row(
                        [text if name == reading.text else v for name, v in zip(names, row, strict=True)], source
                    )
                )
                return text.encode("utf-8", "surrogatepass")

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """The head of the file that was read, then all parts."""
        with files.atomic_writer(folder / source.target) as output:
            with streams.open_stream(source.path) as stream, streams.compressor(output, source.target) as out:
                names = _Rows(source.path, stream, reading).head()
                out.write(encode_row(names, source) if names else b"")
            streams.concatenate(parts, output)
        return ()

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Columns as strings."""
        return dict(zip(*record.rest, strict=True))


FORMAT: Format = Delimited()


def encode_row(row: Iterable[Any], source: Source) -> bytes:
    """A row as it is written."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=_delimiter(source.target), lineterminator="\n").writerow(row)
    return text.getvalue().encode("utf-8", "replace")


def _delimiter(name: str) -> str:
    return "\t" if ".tsv" in name.lower() else ","


class _Rows:
    """The rows of a file as they are read; what cannot be read is noted, and reading goes on with the next row."""

    def __init__(self, path: Path, stream: streams.OpenStream, reading: Reading) -> None:
        self._path, self._reading = path, reading
        self._bad: list[tuple[str, Line]] = []
        self._last = Line(0, 0, 0, b"")
        csv.field_size_limit(reading.limit)
        lines = self._lines(streams.lines(stream, reading.limit))
        self._rows = csv.reader(lines, delimiter=_delimiter(path.name), strict=True)

    def _lines(self, lines: Iterator[Line]) -> Iterator[str]:
        encoding = self._reading.encoding or "utf-8-sig"
        for found in lines:
            self._last = found
            if found.reason:
                self._bad.append((found.reason, found))
                continue
            try:
                yield found.data.decode(encoding if found.number == 1 else encoding.removesuffix("-sig"))
            except UnicodeDecodeError as error:
                self._bad.append((f"not {encoding.removesuffix('-sig')} ({error.reason}); see --encoding", found))

    def head(self) -> list[str]:
        """The first row; empty where there is none that can be read."""
        try:
            return next(self._rows, [])
        except csv.Error:
            return []

    def items(self) -> Iterator[Item]:
        """Records from the second row on, counted from 1."""
        names, number = self.head(), 0
        if names and self._reading.text not in names:
            listed = ", ".join(names)
            yield self._rejected(1, f"no column {self._reading.text!r}; there are {listed}: name one with --field")
            return
        row: list[str] | None = []
        while row is not None:
            number += 1
            item: Item | None = None
            try:
                row = next(self._rows)
                item = self._record(names, row, number) if row else None
            except StopIteration:
                row = None
            except csv.Error as error:
                item = self._rejected(number, f"row {number}: {error}")
            if item:
                yield item
            for reason, found in self._bad:
                yield Rejection(str(self._path), number, found.offset, f"line {found.number}: {reason}", found.at)
            self._bad.clear()

    def _rejected(self, number: int, reason: str) -> Rejection:
        return Rejection(str(self._path), number, self._last.offset, reason, self._last.at)

    def _record(self, names: list[str], row: list[str], number: int) -> Item:
        if len(row) != len(names):
            return self._rejected(number, f"row {number} has {len(row)} columns, the head {len(names)}")
        fields = dict(zip(names, row, strict=True))
        key = fields.get(self._reading.id) or f"{self._path.name}:{number}"
        text = fields[self._reading.text]
        return Record(
            key,
            str(self._path),
            number,
            self._last.offset,
            self._last.at,
            text,
            host=find_host(key, fields),
            rest=(names, row),
        )
