"""The ledger: one record a document, as JSON lines, enough to bring the original bytes back."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cleaner import decode, python_json
from cleaner.decode import DecodedText
from cleaner.errors import CleanerError, RestoreError
from cleaner.model import Cleaned, Edit, Flag, PageKind, Pass, Span
from cleaner.text import edits


class LedgerChange(Struct, frozen=True):
    """One edit, with the text it replaced. `start` counts code points in the text before its pass."""

    start: int
    old: str
    new: str
    rule: str


class LedgerEntry(Struct, frozen=True, omit_defaults=True):
    """One document's record: how its bytes were read, every pass of changes, and the flags.

    `output` is the file that holds the clean text, relative to the output folder, `line` its line (or row) in `source`
    where that holds many. `raw` keeps the original bytes (zlib, base64) where encoding the original text cannot give
    them back. `output_sha256` is empty for what has no place in the output: a document put aside, or, with an empty
    `document` too, a blank line or a refused one. `doubt`, `kind`: as of `Cleaned`. `characters`: code points
    of the original text, 0 where nobody counted them.
    """

    document: str
    output: str
    source: str
    input_sha256: str
    output_sha256: str
    encoding: str
    newline: str = "\n"
    bom: bool = False
    line: int = 0
    raw: str = ""
    passes: tuple[tuple[LedgerChange, ...], ...] = ()
    flags: tuple[Flag, ...] = ()
    doubt: float = 0.0
    kind: PageKind | None = None
    characters: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether it stands for a whole file that is in the output byte for byte, and was never read as text."""
        return not (self.line or self.encoding) and self.output_sha256 == self.input_sha256


_DECODER = msgspec.json.Decoder(LedgerEntry)


class OutputPlace(NamedTuple):
    """A place in the output: a file, and the line of the input's record where the file holds many."""

    file: str
    line: int = 0


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def record_document(
    cleaned: Cleaned, data: bytes, decoding: DecodedText, place: OutputPlace, output_data: bytes | None = None
) -> LedgerEntry:
    """Record a cleaned document.

    Args:
        cleaned: the result.
        data: the bytes it was read from.
        decoding: how they were read.
        place: where it stands in the output.
        output_data: the bytes that stand there; None for the clean text in UTF-8.
    """
    output = cleaned.text.encode("utf-8", "surrogatepass") if output_data is None else output_data
    return LedgerEntry(
        document=cleaned.document.id,
        output=place.file,
        source=cleaned.document.source,
        input_sha256=sha256(data),
        output_sha256=sha256(output),
        encoding=decoding.encoding,
        newline=decoding.newline,
        bom=decoding.bom,
        line=place.line,
        raw="" if decoding.exact else _pack(data),
        passes=tuple(list_changes(decoding.text, cleaned.passes)),
        flags=cleaned.flags,
        doubt=cleaned.doubt,
        kind=cleaned.kind,
        characters=len(cleaned.document.text),
    )


def record_quarantined(cleaned: Cleaned, data: bytes, decoding: DecodedText, place: OutputPlace) -> LedgerEntry:
    """Record a document that is kept as it was read, in `data`, and not in the output."""
    return LedgerEntry(
        document=cleaned.document.id,
        output=place.file,
        source=cleaned.document.source,
        input_sha256=sha256(data),
        output_sha256="",
        encoding=decoding.encoding,
        line=place.line,
        raw=_pack(data),
        flags=cleaned.flags,
        doubt=cleaned.doubt,
        kind=cleaned.kind,
        characters=len(cleaned.document.text),
    )


def record_unchanged(source: str, output: str, checksum: str) -> LedgerEntry:
    """Record a whole file that stands in the output byte for byte."""
    return LedgerEntry(output, output, source, checksum, checksum, "")


def record_missing(data: bytes, source: str, place: OutputPlace) -> LedgerEntry:
    """Record bytes that are not in the output: a blank line, or a refused one (empty: too long to keep)."""
    checksum, raw = (sha256(data), _pack(data)) if data else ("", "")
    return LedgerEntry("", place.file, source, checksum, "", "", line=place.line, raw=raw)


def unpack(raw: str) -> bytes:
    """Return the bytes that an entry keeps. Raises ValueError or zlib.error where they were altered."""
    return zlib.decompress(base64.b64decode(raw))


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def extend(entry: LedgerEntry, before: str, edit_pass: Pass, output_data: bytes) -> LedgerEntry:
    """Add one more pass over the clean text `before` to a record; `output_data` now stands for it in the output."""
    passes = (*entry.passes, *list_changes(before, [edit_pass]))
    return msgspec.structs.replace(entry, passes=passes, output_sha256=sha256(output_data))


def list_changes(text: str, passes: Iterable[Pass]) -> Iterator[tuple[LedgerChange, ...]]:
    """List the edits of each pass with the texts they replaced."""
    previous: Pass = ()
    for edit_pass in passes:
        text = edits.apply(text, previous) if previous else text
        yield tuple([LedgerChange(e.span.start, text[e.span.start : e.span.stop], e.new, e.rule) for e in edit_pass])
        previous = edit_pass


def undo(text: str, passes: tuple[tuple[LedgerChange, ...], ...]) -> str:
    """Return the text before all passes. RestoreError where the text is not what the passes left."""
    for changes in reversed(passes):
        text = edits.apply(text, tuple(_inverse(text, changes)))
    return text


def _inverse(text: str, changes: tuple[LedgerChange, ...]) -> Iterator[Edit]:
    shift = 0
    for change in changes:
        span = Span(change.start + shift, change.start + shift + len(change.new))
        if text[span.start : span.stop] != change.new:
            raise RestoreError(f"at {span.start}: the text is not what {change.rule} left there")
        yield Edit(span, change.old, change.rule)
        shift += len(change.new) - len(change.old)


def restore_bytes(entry: LedgerEntry, clean: bytes) -> bytes:
    """Return the original bytes of a document. RestoreError, naming it, when output or ledger were altered."""
    if entry.output_sha256 and sha256(clean) != entry.output_sha256:
        raise RestoreError(f"{entry.output}: altered since it was cleaned; restore needs the output as it was written")
    try:
        data = _rebuild(entry, clean)
    except (CleanerError, ValueError, zlib.error) as error:
        raise RestoreError(f"{entry.output}: the ledger does not fit the output ({error}); was it altered?") from error
    if sha256(data) != entry.input_sha256:
        raise RestoreError(f"{entry.output}: the rebuilt original has another checksum; the ledger was altered")
    return data


def _rebuild(entry: LedgerEntry, clean: bytes) -> bytes:
    if entry.raw:
        return unpack(entry.raw)
    text = undo(clean.decode("utf-8", "surrogatepass"), entry.passes)
    return decode.encode(text, entry.encoding, bom=entry.bom, newline=entry.newline)


def encode_entry(entry: LedgerEntry) -> bytes:
    """Encode one line of the ledger."""
    return python_json.encode(entry) + b"\n"


def decode_entry(line: bytes) -> LedgerEntry:
    """Decode one line of a ledger. DecodeError where it is none."""
    return python_json.decode(line, _DECODER)


def read_entries(path: Path) -> Iterator[LedgerEntry]:
    """Read all entries of a ledger file. RestoreError naming the line that cannot be read."""
    try:
        lines = path.open("rb")
    except OSError as error:
        raise RestoreError(
            f"{path}: cannot read the ledger ({error.strerror}); is this an output of cleaner?"
        ) from error
    with lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decode_entry(line)
            except msgspec.DecodeError as error:
                raise RestoreError(f"{path}:{number}: not a ledger line ({error}); the ledger was altered") from error
