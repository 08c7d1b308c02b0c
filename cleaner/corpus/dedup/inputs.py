"""Documents in files by their places: which bytes of which file, so that nothing holds all texts at one time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import decode
from cleaner.errors import CleanerError
from cleaner.formats import jsonl_rows, text
from cleaner.formats.files import Input, SkippedFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

PART = 16 << 20
"""Bytes of input that a worker takes at one time."""
INCLUDED = (*text.FORMAT.globs, *(f"*{suffix}" for suffix in jsonl_rows.SUFFIXES))


class Slice(NamedTuple):
    """A range of bytes of the source with this number."""

    source: int
    start: int
    stop: int


class Read(NamedTuple):
    """A document with where it stands. A record without an id is called `FILE@BYTE`."""

    id: str
    text: str
    record: Mapping[str, Any]
    place: Slice


def is_jsonl(source: Input) -> bool:
    """Whether a file holds records, by its name."""
    return source.path.suffix.lower() in jsonl_rows.SUFFIXES


def parts(sources: Sequence[Input], size: int = PART) -> list[list[Slice]]:
    """All sources in order, cut into parts of about `size` bytes: ranges of JSONL files, runs of whole text files."""
    found: list[list[Slice]] = [[]]
    held = 0
    for number, source in enumerate(sources):
        ranges = jsonl_rows.parts(source.path, size) if is_jsonl(source) else [(0, source.path.stat().st_size)]
        for start, stop in ranges:
            if held + stop - start > size and found[-1]:
                found.append([])
                held = 0
            found[-1].append(Slice(number, start, stop))
            held += stop - start
    return [part for part in found if part]


def read(sources: Sequence[Input], part: Sequence[Slice], fields: jsonl_rows.Fields) -> Iterator[Read | SkippedFile]:
    """The documents of a part, in order."""
    for piece in part:
        source = sources[piece.source]
        try:
            if is_jsonl(source):
                yield from _records(source, piece, fields)
            else:
                yield Read(source.target, decode.decode(source.path.read_bytes()).text, {}, piece)
        except OSError as error:
            yield SkippedFile(str(source.path), f"cannot be read: {error.strerror}")
        except CleanerError as error:
            yield SkippedFile(str(source.path), str(error))


def _records(source: Input, piece: Slice, fields: jsonl_rows.Fields) -> Iterator[Read | SkippedFile]:
    for row in jsonl_rows.read(source.path, fields, piece.start, piece.stop):
        if isinstance(row, SkippedFile):
            yield row
        else:
            name = f"{source.target}@{row.start}" if row.id is None else row.id
            yield Read(name, row.text, row.record, Slice(piece.source, row.start, row.stop))


class Texts:
    """The texts of documents by row, read again from their files. `places` (documents, 3): `Slice`s as an array."""

    def __init__(self, sources: Sequence[Input], places: NDArray[Any], fields: jsonl_rows.Fields) -> None:
        self.sources, self.places, self.fields = sources, places, fields

    def __call__(self, rows: Sequence[int]) -> list[str]:
        """The texts of some rows, in their order."""
        return [text for text, _ in self.records(rows)]

    def records(self, rows: Sequence[int]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Texts with their records. CleanerError where a file has changed since it was first read."""
        wanted = [Slice(*place) for place in self.places[list(rows)].tolist()]
        for number, pieces in groupby(wanted, key=lambda piece: piece.source):
            source = self.sources[number]
            parse = self._record if is_jsonl(source) else _whole
            with source.path.open("rb", buffering=0) as file:
                for piece in pieces:
                    file.seek(piece.start)
                    yield parse(file.read(piece.stop - piece.start), source, piece)

    def _record(self, data: bytes, source: Input, piece: Slice) -> tuple[str, Mapping[str, Any]]:
        found = jsonl_rows.row(data, self.fields, piece.start, str(source.path))
        if isinstance(found, SkippedFile):
            raise CleanerError(f"{found.path}: changed during the run; run again")
        return found.text, found.record


def _whole(data: bytes, source: Input, piece: Slice) -> tuple[str, Mapping[str, Any]]:
    return decode.decode(data).text, {}
