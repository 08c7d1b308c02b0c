"""What formats read: sources, records, what is refused, and the options of reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from cleaner.decode import DETECTED, DecodeOptions
from cleaner.formats.storage.files import Input
from cleaner.formats.storage.sniffing import is_page
from cleaner.model import Flag

SHARD = 8 << 20
"""Bytes of one shard of a file that is read by lines."""
FILES_SHARD = 4 << 20
"""Bytes of the files, a document each, that make one shard."""


class Source(Struct, frozen=True):
    """One file of records, or all files of a run that are a document each. `sizes` in bytes, one a file.

    `target`: the output relative to the output folder; a folder (or "") where every record gets its own file.
    """

    target: str
    files: tuple[Input, ...]
    sizes: tuple[int, ...]

    @property
    def path(self) -> Path:
        """The file of records."""
        return self.files[0].path

    @property
    def size(self) -> int:
        """Bytes as stored."""
        return sum(self.sizes)


class Record(Struct, frozen=True):
    """One record: where it stands, its text or the bytes to make it from, and what its writer needs.

    `kind`: "" where `text` is there, else the format that decodes it from `data`, with the `charset` declared. `line`
    counts from 1, records and rows too; 0 for a whole file. `offset`: bytes of the decompressed file, `stored_offset`
    of the stored. `encoding`: how `data` holds `text` where a format says so; `exact`: whether the text alone brings
    `data` back. `rest` belongs to the format. `original`: the bytes of the file, where `data` is made of them. `flags`:
    remarks of reading. `format`: of the file that it stands in; "" for the one that its name tells.
    """

    id: str
    file: str
    line: int = 0
    offset: int = 0
    stored_offset: int = 0
    text: str = ""
    data: bytes = b""
    kind: str = ""
    charset: str = ""
    encoding: str = "utf-8"
    exact: bool = True
    host: str = ""
    rest: Any = None
    format: str = ""
    original: bytes = b""
    flags: tuple[Flag, ...] = ()
    seam: str = ""
    paths: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    def split(self, text: str) -> list[str]:
        """Return the texts that this one or another in its place joins, one for each of `paths`."""
        if not self.seam:
            return [text]
        return text.split(self.seam) if self.paths else []

    @property
    def stored_data(self) -> bytes:
        """The bytes as they stand in the file."""
        return self.original or self.data


class Rejection(Struct, frozen=True):
    """A record that could not be read or cleaned. Without a `reason` it is nothing to report: a blank line.

    `data` is what stood there, kept for `restore`; empty where it was too long to hold or could not be read.
    `lacks_text`: nothing is wrong with it but that the field of the text is not there.
    """

    file: str
    line: int
    offset: int
    reason: str
    stored_offset: int = 0
    data: bytes = b""
    lacks_text: bool = False


HOST_FOLDER = "folder"
"""Instead of a field: the folder that a file lies in tells the host."""

FieldFormat = Literal["auto", "html", "text"]
"""What the text of a field is: a page where it looks like one, a page in any case, or never."""


class Reading(Struct, frozen=True):
    """Options of reading and writing: fields, bytes of the largest document and a shard, how bytes are decoded."""

    texts: tuple[str, ...] = ("text",)
    """Names or paths of the fields with texts, see `field_paths`."""
    id: str = "id"
    limit: int = 64 << 20
    shard: int = SHARD
    files_shard: int = FILES_SHARD
    format: str = ""
    """The format of all files, where neither content nor names are to tell."""
    decoding: DecodeOptions = DETECTED
    csv_safe: bool = False
    """Whether cells of CSV are written so that no spreadsheet runs them."""
    field_format: FieldFormat = "auto"
    metadata: bool = False
    """Whether what pages say of themselves is written with their texts."""
    texts_only: bool = False
    """Whether records are neither written again nor asked for other fields."""
    host_from: str = ""
    """The field that tells a record's host, or HOST_FOLDER; "" for the usual ones."""

    @property
    def text(self) -> str:
        """The first field, by which a text is written where the input has no fields."""
        return self.texts[0]


class RecordKey(NamedTuple):
    """Place to fetch a record from again: its shard, its number in it from 0, its line, offset and size of `data`."""

    shard: int
    number: int
    line: int
    offset: int
    size: int


Item = Record | Rejection


def find_page(text: str, reading: Reading) -> tuple[int, ...]:
    """Return what `find_pages` does for a single text."""
    if reading.field_format == "auto":
        return (0,) if is_page(text) else ()
    return (0,) if reading.field_format == "html" else ()


def find_pages(texts: Sequence[str], reading: Reading) -> tuple[int, ...]:
    """Return the indices of those texts of fields that are pages of HTML, by what the options say or they look like."""
    if reading.field_format == "auto":
        return tuple(index for index, text in enumerate(texts) if is_page(text))
    return tuple(range(len(texts))) if reading.field_format == "html" else ()
