"""Texts of sampled documents: the clean one from the output, the original by taking its ledger entry back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from cleaner import ledger
from cleaner.corpus.reading import ReadRecord, read_source
from cleaner.errors import CleanerError, RestoreError
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.storage import files
from cleaner.formats.storage.regular import open_regular
from cleaner.ledger import LedgerEntry
from cleaner.report.sampling.survey import EntryPlace, decode_line
from cleaner.text.host import find_host

UNREADABLE = "unreadable"
"""The problem of a document whose text in the output is not the one that the ledger tells of."""


class DocumentTexts(Struct, frozen=True):
    """A document with its texts; `problem`: why they are not there, "" where they are."""

    place: EntryPlace
    entry: LedgerEntry
    before: str = ""
    after: str = ""
    host: str = ""
    problem: str = ""


class _CleanText(Struct, frozen=True):
    """A document's text as it stands in the output. `data`: the bytes of its record."""

    text: str
    host: str
    data: bytes

    def is_of(self, entry: LedgerEntry) -> bool:
        """Whether it is what the ledger says was written: a record's bytes, or the text where a table has none."""
        sums = (ledger.sha256(data) for data in (self.data, self.text.encode("utf-8", "surrogatepass")))
        return entry.output_sha256 in sums


def convert_reading(options: dict[str, Any]) -> Reading:
    """Return the options of reading that a manifest tells."""
    return msgspec.convert({key: options[key] for key in Reading.__struct_fields__ if key in options}, Reading)


def read_texts(folder: Path, path: Path, places: Iterable[EntryPlace], reading: Reading) -> Iterator[DocumentTexts]:
    """Read the texts of some documents in order of the ledger, one at a time.

    Args:
        folder: the output.
        path: its ledger.
        places: lines of the ledger; one that is given twice is read once.
        reading: how the records of the output are read.
    """
    with path.open("rb") as lines:
        entries = (_read_entry(lines, path, place) for place in sorted(set(places)))
        for output, group in groupby(entries, key=lambda pair: pair[1].output):
            yield from _read_output(folder, output, list(group), reading)


def _read_entry(lines: BinaryIO, path: Path, place: EntryPlace) -> tuple[EntryPlace, LedgerEntry]:
    lines.seek(place.offset)
    return place, decode_line(path, 0, lines.readline())


def _read_output(
    folder: Path, output: str, group: list[tuple[EntryPlace, LedgerEntry]], reading: Reading
) -> Iterator[DocumentTexts]:
    clean_texts = _read_clean_texts(folder, output, [place.ordinal for place, _ in group], reading)
    for place, entry in group:
        try:
            clean = next(clean_texts)
            if not clean.is_of(entry):
                raise RestoreError(f"{entry.output}: altered since it was cleaned")
            before = ledger.undo(clean.text, entry.passes)
        except (StopIteration, CleanerError, OSError, ValueError):
            yield DocumentTexts(place, entry, problem=UNREADABLE)
        else:
            yield DocumentTexts(place, entry, before, clean.text, clean.host)


def _read_clean_texts(folder: Path, output: str, ordinals: list[int], reading: Reading) -> Iterator[_CleanText]:
    """Yield the texts of some records of an output file, by their ascending places in it."""
    path = files.path_inside(folder, output)
    if registry.name_format(PurePath(output)).is_per_file and not _holds_records(path, ordinals):
        with open_regular(path) as file:
            data = file.read()
        yield _CleanText(data.decode("utf-8", "surrogatepass"), find_host(output, {}), data)
        return
    pending = iter(ordinals)
    ordinal = next(pending, None)
    records = (read for read in read_source(registry.source_of(path), reading) if isinstance(read, ReadRecord))
    for number, read in enumerate(records):
        if number == ordinal:
            yield _CleanText(read.document.text, read.record.host, read.record.stored_data)
            ordinal = next(pending, None)
        if ordinal is None:
            return


def _holds_records(path: Path, ordinals: list[int]) -> bool:
    return len(ordinals) > 1 or ordinals[0] > 0 or not registry.format_of(path).is_per_file
