"""What a run before made of records, found again by their bytes, so that nothing is judged twice."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np

from cleaner import python_json
from cleaner.corpus import quarantine
from cleaner.corpus.plan import own_format
from cleaner.corpus.update.previous_run import sha256
from cleaner.decode.flags import RULES as READING_RULES
from cleaner.dedup.pairs import PASSAGE_RULE
from cleaner.formats import registry
from cleaner.formats.storage import files
from cleaner.ledger import LedgerChange, LedgerEntry, decode_entry
from cleaner.model import Cleaned, Edit, Flag, Span
from cleaner.text import edits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.corpus.job import CleanJob
    from cleaner.corpus.reading import ReadRecord
    from cleaner.corpus.update.previous_run import PreviousRun

KEYS, OFFSETS = "earlier.keys.npy", "earlier.offsets.npy"
_READING_IDS = frozenset(rule.id for rule in READING_RULES)


class _Line(msgspec.Struct):
    """What tells of which record a line of the ledger is."""

    document: str
    source: str
    input_sha256: str
    encoding: str
    line: int = 0


def write_index(previous: PreviousRun, job: CleanJob, folder: Path) -> None:
    """Write down where the results that hold for a job stand in the ledger of the run before.

    A result holds where the bytes of its record are the same, in a format whose records are all that they depend on;
    in others where the whole file is.
    """
    own = {str(file.path): source for source in job.sources for file in source.files}
    by_record = {name for name, source in own.items() if own_format(source).restorable}
    by_file = {
        file.source
        for file in previous.manifest.files
        if file.source in own and file.source not in by_record and sha256(Path(file.source)) == file.input_sha256
    }
    rows = np.array(list(_index(previous.ledger_path, by_record, by_file)), dtype=np.uint64).reshape(-1, 2)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    for name, column in ((OFFSETS, rows[:, 1]), (KEYS, rows[:, 0])):
        with files.atomic_writer(folder / name) as file:
            np.save(file, np.ascontiguousarray(column))


def _index(path: Path, by_record: Container[str], by_file: Container[str]) -> Iterator[tuple[int, int]]:
    decoder, offset = msgspec.json.Decoder(_Line), 0
    with path.open("rb") as file:
        for data in file:
            line = python_json.decode(data, decoder)
            is_text = bool(line.document and line.encoding)
            if is_text and (line.source in by_record or line.source in by_file):
                number = 0 if line.source in by_record else line.line
                yield _key(line.input_sha256, line.source, number), offset
            offset += len(data)


def _key(checksum: str, source: str, line: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{checksum} {line} {source}".encode("utf-8", "surrogatepass")).digest()[:8])


class EarlierResults:
    """The results of a run before, for the records of a job."""

    def __init__(self, job: CleanJob, ledger: BinaryIO, folder: Path) -> None:
        """Take an open ledger, and what `write_index` wrote of it to a folder."""
        self._job, self._ledger = job, ledger
        self._keys: NDArray[np.uint64] = np.load(folder / KEYS, mmap_mode="r")
        self._offsets: NDArray[np.uint64] = np.load(folder / OFFSETS, mmap_mode="r")

    def find(self, read: ReadRecord) -> Cleaned | None:
        """Return what was made of a record; None where that is not known, or does not fit it."""
        record = read.record
        data = record.stored_data or record.text.encode("utf-8", "surrogatepass")
        checksum = hashlib.sha256(data).hexdigest()
        number = 0 if registry.record_format(record).restorable else record.line
        for entry in self._entries(_key(checksum, record.file, number)):
            if (entry.input_sha256, entry.source, entry.encoding) != (checksum, record.file, read.decoded.encoding):
                continue
            if _of_reading(entry.flags) != _of_reading(read.document.flags):
                continue
            if cleaned := self._repeat(entry, read):
                return cleaned
        return None

    def _entries(self, key: int) -> Iterator[LedgerEntry]:
        row = int(np.searchsorted(self._keys, np.uint64(key)))
        for offset in self._offsets[row : row + 1][self._keys[row : row + 1] == key].tolist():
            self._ledger.seek(offset)
            yield decode_entry(self._ledger.readline())

    def _repeat(self, entry: LedgerEntry, read: ReadRecord) -> Cleaned | None:
        document = read.document
        if not entry.output_sha256:
            cleaned = Cleaned(document, document.text, (), entry.flags, (), entry.doubt, entry.kind)
            is_aside = self._job.quarantine and quarantine.reason(cleaned, self._job.quarantine_doubt)
            return cleaned if is_aside else None
        passes = entry.passes
        while passes and all(change.rule == PASSAGE_RULE for change in passes[-1]):
            passes = passes[:-1]
        text, edit_passes = document.text, []
        for changes in passes:
            if not all(text.startswith(change.old, change.start) for change in changes):
                return None
            edit_passes.append(tuple(map(_edit, changes)))
            text = edits.apply(text, edit_passes[-1])
        return Cleaned(document, text, tuple(edit_passes), entry.flags, (), entry.doubt, entry.kind)


def _edit(change: LedgerChange) -> Edit:
    return Edit(Span(change.start, change.start + len(change.old)), change.new, change.rule)


def _of_reading(flags: tuple[Flag, ...]) -> list[Flag]:
    return [flag for flag in flags if flag.rule in _READING_IDS]
