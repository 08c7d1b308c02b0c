"""CSV and TSV, plain or compressed: the first row names the columns, all other columns are written as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.formats import streams
from cleaner.formats.records import Item, Reading, Record, Rejected

ROWS = 4096
"""Rows of one shard."""


class Delimited:
    """The format."""

    suffixes = (".csv", ".tsv")

    def shards(
        self, path: Path, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard holds a fixed number of rows; the file is read through from its beginning."""
        csv.field_size_limit(reading.limit)
        with streams.opened(path) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
            for shard, rows in groupby(_rows(path, file, reading), key=lambda item: (item.line - 1) // ROWS):
                if wanted(shard):
                    yield shard, rows

    def write(self, file: BinaryIO, records: Sequence[tuple[Record, str]], path: Path, reading: Reading) -> None:
        """Rows without the head, which `join` writes."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=_delimiter(path), lineterminator="\n")
        for record, clean in records:
            row, column = record.rest
            writer.writerow([*row[:column], clean, *row[column + 1 :]])
        with streams.compressed(file, path) as out:
            out.write(text.getvalue().encode())

    def join(self, parts: Sequence[Path], output: BinaryIO, path: Path) -> None:
        """The head of the file that was read, then all parts."""
        with streams.opened(path) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
            head = next(csv.reader(file, delimiter=_delimiter(path)), [])
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=_delimiter(path), lineterminator="\n").writerow(head)
        with streams.compressed(output, path) as out:
            out.write(text.getvalue().encode())
        streams.concatenate(list(parts), output)


FORMAT = Delimited()


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in path.name.lower() else ","


def _rows(path: Path, file: Any, reading: Reading) -> Iterator[Item]:
    """Data rows, counted from 1."""
    reader = csv.reader(file, delimiter=_delimiter(path), strict=True)
    number = 0
    try:
        head = next(reader, None)
        if head is None:
            return
        if reading.text not in head:
            yield Rejected(str(path), 1, 0, f"no column {reading.text!r}; there are {', '.join(head)} (--field)")
            return
        for number, row in enumerate(reader, 1):
            yield _record(path, head, row, number, reading)
    except (csv.Error, UnicodeDecodeError, *streams.broken()) as error:
        yield Rejected(str(path), number + 1, 0, f"row {number + 1} cannot be read, nor what follows: {error}")


def _record(path: Path, head: list[str], row: list[str], number: int, reading: Reading) -> Item:
    if len(row) != len(head):
        return Rejected(str(path), number, 0, f"row {number} has {len(row)} columns, the head {len(head)}")
    column = head.index(reading.text)
    key = row[head.index(reading.id)] if reading.id in head else f"{path.name}:{number}"
    return Record(key, row[column], number, 0, (row, column))
