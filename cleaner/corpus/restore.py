"""Originals from an output and its ledger: text files, pages, JSON Lines; for other formats, why not."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from cleaner import ledger
from cleaner.errors import CleanerError, RestoreError
from cleaner.formats import registry
from cleaner.formats.base import Format
from cleaner.formats.storage import files, streams
from cleaner.formats.storage.folders import LEDGER, MANIFEST, RUN_FOLDER
from cleaner.formats.storage.regular import open_regular
from cleaner.ledger import LedgerEntry


class RestoreOutcome(NamedTuple):
    """One original that was written, or the reason why it was not."""

    target: str
    reason: str = ""


class _Shape(msgspec.Struct):
    """The fields of texts and the output format, as the manifest has them."""

    texts: tuple[str, ...] = ("text",)
    kind: str = msgspec.field(default="same", name="output format")


class _Manifest(msgspec.Struct):
    reading: _Shape = msgspec.field(default_factory=_Shape)


def targets(folder: Path) -> list[str]:
    """List the files that `restore` would write. RestoreError where there is no readable ledger."""
    return list(dict.fromkeys(map(_target, ledger.read_entries(folder / RUN_FOLDER / LEDGER))))


def restore(folder: Path, to: Path) -> Iterator[RestoreOutcome]:
    """Write every original, in the ledger's order; what cannot be rebuilt is refused, the others done."""
    shape = _shape(folder)
    for target, entries in groupby(ledger.read_entries(folder / RUN_FOLDER / LEDGER), key=_target):
        try:
            _refuse_links(to, target)
            _restore(folder, files.path_inside(to, target), entries, shape)
        except CleanerError as error:
            yield RestoreOutcome(target, str(error))
        except (ValueError, LookupError, zlib.error) as error:
            yield RestoreOutcome(target, f"{target}: the ledger does not fit the output ({error}); was it altered?")
        except OSError as error:
            yield RestoreOutcome(target, f"{target}: cannot be written ({error.strerror})")
        else:
            yield RestoreOutcome(target)


def _shape(folder: Path) -> _Shape:
    try:
        with open_regular(folder / RUN_FOLDER / MANIFEST) as file:
            return msgspec.json.decode(file.read(), type=_Manifest).reading
    except (OSError, msgspec.DecodeError) as error:
        raise RestoreError(
            f"{folder / RUN_FOLDER / MANIFEST}: cannot be read ({error}); is the run finished?"
        ) from error


def _target(entry: LedgerEntry) -> str:
    """Name the file of an entry's original: `page.txt` was `page.html`; records of a file share it."""
    name = Path(entry.source).name
    try:
        return str(PurePosixPath(entry.output if entry.line else entry.document).with_name(name))
    except ValueError as error:
        raise RestoreError(f"an entry of the ledger names no file ({error}); the ledger was altered") from error


def _refuse_links(to: Path, target: str) -> None:
    """Raise RestoreError where a folder below the target folder is a link, which may lead out of it."""
    folder = to
    for part in PurePosixPath(target).parts[:-1]:
        folder /= part
        if folder.is_symlink():
            raise RestoreError(f"{folder}: a link, which is not followed; restore to an empty folder")


def _restore(folder: Path, target: Path, entries: Iterable[LedgerEntry], shape: _Shape) -> None:
    first = next(iter(entries))
    format_ = registry.name_format(Path(first.source))
    if first.line and (format_.is_per_file or format_.restorable):
        # the content of the output is of the same format as the input's, whatever the names
        format_ = registry.format_of(files.path_inside(folder, first.output))
    if first.line and not format_.restorable:
        raise RestoreError(
            f"{first.source}: the ledger has the original text of every row, but not the file; "
            "restore rebuilds text files, HTML and JSON Lines, so keep such inputs"
        )
    if shape.kind not in ("same", format_.output_format):
        raise RestoreError(f"{first.output}: written as {shape.kind}; restore needs the input's own format")
    if first.line:
        _lines(folder, target, chain([first], entries), _LineRestorer(format_, shape.texts))
    elif first.is_unchanged:
        _copy(folder, first, target)
    else:
        data = ledger.restore_bytes(first, _bytes(folder, first.output) if first.output_sha256 else b"")
        with files.atomic_writer(target) as file:
            file.write(data)


def _copy(folder: Path, entry: LedgerEntry, target: Path) -> None:
    """Write a whole file that is in the output as it came; it may be larger than memory."""
    path = files.path_inside(folder, entry.output)
    try:
        with open_regular(path) as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RestoreError(f"{entry.output}: cannot be read ({error.strerror}); was it moved or deleted?") from error
    if checksum != entry.output_sha256:
        raise RestoreError(f"{entry.output}: altered since it was cleaned; restore needs the output as it was written")
    files.copy(path, target)


def _bytes(folder: Path, name: str) -> bytes:
    try:
        with open_regular(files.path_inside(folder, name)) as file:
            return file.read()
    except OSError as error:
        raise RestoreError(f"{name}: cannot be read ({error.strerror}); was it moved or deleted?") from error


class _LineRestorer:
    """Restores lines of one source. `fields`: names or paths of those with texts."""

    def __init__(self, format_: Format, fields: Sequence[str]) -> None:
        self.format, self._fields = format_, fields

    def restore(self, entry: LedgerEntry, line: bytes) -> bytes:
        """Return the original of one line of the output."""
        place = f"{entry.output}: line {entry.line} of {entry.source}"
        if not entry.output_sha256 and not entry.input_sha256:
            raise RestoreError(f"{place} was too long or damaged and is not in the ledger; keep the input")
        line = self.format.as_written(line, entry.line)
        if entry.output_sha256 and ledger.sha256(line) != entry.output_sha256:
            raise RestoreError(f"{place}: altered since it was cleaned; restore needs the output as it was written")
        data = ledger.unpack(entry.raw) if entry.raw else self._rebuild(entry, line, place)
        if ledger.sha256(data) != entry.input_sha256:
            raise RestoreError(f"{place}: the rebuilt line has another checksum; the ledger was altered")
        return data

    def _rebuild(self, entry: LedgerEntry, line: bytes, place: str) -> bytes:
        try:
            undo = partial(ledger.undo, passes=entry.passes)
            return self.format.restore_line(line, self._fields, undo, entry.encoding)
        except (RestoreError, KeyError, msgspec.DecodeError) as error:
            raise RestoreError(f"{place}: the ledger does not fit the output ({error}); was it altered?") from error


def _lines(folder: Path, target: Path, entries: Iterator[LedgerEntry], restorer: _LineRestorer) -> None:
    with files.atomic_writer(target) as file, streams.compressor(file, target.name) as out:
        for output, group in groupby(entries, key=lambda entry: entry.output):
            path = files.path_inside(folder, output)
            if not path.is_file():
                raise RestoreError(f"{output}: cannot be read; was it moved or deleted?")
            with streams.open_stream(path) as stream:
                records = restorer.format.written_records(stream)
                for entry in group:
                    out.write(restorer.restore(entry, next(records, b"") if entry.output_sha256 else b""))
                if next(records, b""):
                    raise RestoreError(f"{output}: has more lines than the ledger; it was altered")
