"""Formats of files: what each can do, and how it gives records and takes them back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import groupby, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner.decode import DETECTED, DecodeOptions
from cleaner.errors import UsageError
from cleaner.formats.shared.json_values import raw_string
from cleaner.formats.shared.places import Place
from cleaner.formats.shared.records import SHARD, Item, Reading, Record, RecordKey, Rejection, Source
from cleaner.formats.storage.files import TEMPORARY, Input, temporary_prefix
from cleaner.model import Island, Span

if TYPE_CHECKING:
    from cleaner.decode import DecodedText
    from cleaner.features.markup import Hints
    from cleaner.formats.storage.streams import OpenStream

__all__ = [
    "SHARD",
    "Add",
    "Format",
    "Item",
    "Reading",
    "Record",
    "RecordKey",
    "Rejection",
    "ShardFilter",
    "Source",
    "every_shard",
    "file_source",
]

Add = Callable[[Record, str], bytes]
"""Write one record with its clean text; the bytes that stand for it in the output."""
ShardFilter = Callable[[int], bool]
"""Tells whether to read the shard of a number."""


def every_shard(shard: int) -> bool:
    """Want all shards."""
    return True


class Format(ABC):
    """A format of files: plain facts about it first, then how it is read and written.

    `name`: as `Record.kind` has it. `suffixes`: ends of names; folders are searched for `compressions` of them, too.
    `output_suffix`: what outputs end in, "" where the input's name stays. `output_format`: the value of
    `--output-format` that leaves it as it is. `extras`: of this package, to install.
    """

    name: str
    suffixes: tuple[str, ...]
    compressions: tuple[str, ...] = ()
    output_suffix: str = ""
    output_format: str = ""
    extras: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    """Modules of those extras, without which nothing is read or written."""

    is_per_file: bool = False
    """Whether each file is one document."""
    is_verbatim: bool = True
    """Whether a document's text stands in its file as it is read, rather than in markup."""
    is_stream: bool = True
    """Whether files are streams of bytes that can be compressed as a whole."""
    is_written: bool = True
    """Whether records are written as records again; a page or an archive is only read."""
    has_lines: bool = False
    """Whether places are lines of the file, as a version control system counts them."""
    adds_fields: bool = False
    """Whether outputs can have fields that the inputs lack."""
    is_typed: bool = True
    """Whether values of fields have types, rather than all being text."""
    editable: bool = False
    """Whether `rewrite` can put other texts into a file."""
    is_hooked: bool = True
    """Whether the hooks for git take its files."""
    restorable: bool = False
    """Whether `restore` can bring the input back: whole files, or line by line by `restore_line`."""

    @property
    def globs(self) -> tuple[str, ...]:
        """Patterns of file names to search folders for."""
        return tuple(f"*{suffix}{end}" for suffix in self.suffixes for end in ("", *self.compressions))

    def output_name(self, name: str) -> str:
        """Replace the suffix of an input's name by that of outputs, where they differ."""
        is_there = not self.output_suffix or name.lower().endswith(self.output_suffix)
        return name if is_there else f"{self.without_suffix(name)}{self.output_suffix}"

    def without_suffix(self, name: str) -> str:
        """Cut off the suffix of a name, if it has one of this format's."""
        return next((name[: -len(suffix)] for suffix in self.suffixes if name.lower().endswith(suffix)), name)

    @abstractmethod
    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield number and records of each wanted shard, in order. Take the records before the next shard."""

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say why none of a file's rows has a text; empty where they may have one. Its one item is then a Rejection."""
        return ""

    def fetches_by_offset(self, source: Source) -> bool:
        """Whether `fetch` reads the bytes of the records it is asked for, and no others."""
        return False

    def fetch(self, source: Source, reading: Reading, keys: Sequence[RecordKey]) -> Iterator[Item]:
        """Read some records again, in the order of their keys, which are sorted; by default their shards are read."""
        numbers = {shard: [key.number for key in group] for shard, group in groupby(keys, key=lambda key: key.shard)}
        for shard, items in self.shards(source, reading, numbers.__contains__):
            for previous, number in pairwise((-1, *numbers[shard])):
                yield from islice(items, number - previous - 1, number - previous)

    @abstractmethod
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> AbstractContextManager[Add]:
        """Write a part of the output, which `join` puts together with the others."""

    def raw_writer(self, file: BinaryIO, source: Source, reading: Reading) -> AbstractContextManager[Add]:
        """Write a part of records as they were read, where that can be."""
        return self.writer(file, source, reading)

    @abstractmethod
    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Make all parts of one source its output in `folder`, whole or not at all; what could not be written."""

    @abstractmethod
    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return all fields of a record but its text, for other formats."""

    def clean_fields(self, record: Record, text: str, reading: Reading) -> Mapping[str, Any]:
        """Return all fields of a record with another text, for other formats."""
        return {**self.fields(record), reading.text: raw_string(text)}

    def decode(self, record: Record, options: DecodeOptions = DETECTED) -> tuple[DecodedText, Hints | None]:
        """Decode a record of this `kind`, with what its markup says of its lines."""
        raise NotImplementedError(self.name)

    def islands(self, text: str) -> tuple[Island, ...]:
        """Return the parts of a document's text that cleaning leaves as they are."""
        return ()

    def source_text(self, record: Record, document: DecodedText) -> str:
        """Return the text that stands in the file, for a record of this `kind`."""
        return document.text

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Find the places in the file of spans of a record's text."""
        return [Place.of_line(record.line)] * len(spans)

    def value(self, record: Record, field: str) -> Any:
        """Return the value of one field as plain data; None where the record has no such field."""
        return self.fields(record).get(field)

    def rewrite(self, path: Path, texts: Mapping[int, tuple[Record, str]], reading: Reading) -> None:
        """Put other texts into a file for the records at some lines; whole or not at all."""
        source = file_source(path)
        part = path.with_name(f"{temporary_prefix(path)}cleaner{TEMPORARY}")
        try:
            with part.open("wb") as file, self.writer(file, source, reading) as add:
                for record in (item for _, items in self.shards(source, reading) for item in items):
                    if isinstance(record, Record):
                        add(record, texts[record.line][1] if record.line in texts else record.text)
            for rejection in self.join([part], path.parent, source, reading):
                raise UsageError(rejection.reason)
        finally:
            part.unlink(missing_ok=True)

    def written_records(self, stream: OpenStream) -> Iterator[bytes]:
        """Yield the records of an output that `restore_line` takes."""
        return iter(stream.file.readline, b"")

    def as_written(self, data: bytes, line: int) -> bytes:
        """Return a record of an output as the writer of parts returned it. `line`: of the record that was read."""
        return data

    def restore_line(self, line: bytes, fields: Sequence[str], undo: Callable[[str], str], encoding: str) -> bytes:
        """Return a line of the output as it stood in the input. `undo`: the clean text to the original."""
        raise NotImplementedError(self.name)


def file_source(path: Path, kind: str = "") -> Source:
    """Return a file as a source by itself."""
    return Source(path.name, (Input(path.name, path, kind),), (path.stat().st_size,))
