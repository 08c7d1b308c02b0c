"""The ledger: what was done to each document, as JSON lines, enough to bring the original bytes back."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner import decode
from cleaner.decode import Decoded
from cleaner.errors import CleanerError, RestoreError
from cleaner.model import Cleaned, Edit, Flag, Pass, Span
from cleaner.text import edits


class Change(Struct, frozen=True):
    """One edit, with the text it replaced. `start` counts code points in the text before its pass."""

    start: int
    old: str
    new: str
    rule: str


class Entry(Struct, frozen=True, omit_defaults=True):
    """One document's record: how its bytes were read, every pass of changes, and the flags.

    `output` is the file that holds the clean text, relative to the output folder, `line` its line (or row) in `source`
    where that holds many. `raw` keeps the original bytes (zlib, base64) where encoding the original text cannot give
    them back. `output_sha256` is empty for what has no place in the output: a document put aside, or, with an empty
    `document` too, a blank line or a refused one.
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
    passes: tuple[tuple[Change, ...], ...] = ()
    flags: tuple[Flag, ...] = ()


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def entry(
    cleaned: Cleaned, data: bytes, decoded: Decoded, output: str, written: bytes | None = None, line: int = 0
) -> Entry:
    """The record of one cleaned document that was read from `data`; `written` stands for it in the output."""
    if written is None:
        written = cleaned.text.encode("utf-8", "surrogatepass")
    return Entry(
        document=cleaned.document.id,
        output=output,
        source=cleaned.document.source,
        input_sha256=sha256(data),
        output_sha256=sha256(written),
        encoding=decoded.encoding,
        newline=decoded.newline,
        bom=decoded.bom,
        line=line,
        raw="" if decoded.exact else _packed(data),
        passes=tuple(changes(decoded.text, cleaned.passes)),
        flags=cleaned.flags,
    )


def put_aside(cleaned: Cleaned, data: bytes, decoded: Decoded, output: str, line: int) -> Entry:
    """The record of a document that is kept as it was read, in `data`, and not in the output."""
    return Entry(
        document=cleaned.document.id,
        output=output,
        source=cleaned.document.source,
        input_sha256=sha256(data),
        output_sha256="",
        encoding=decoded.encoding,
        line=line,
        raw=_packed(data),
        flags=cleaned.flags,
    )


def left_out(data: bytes, source: str, output: str, line: int) -> Entry:
    """The record of bytes that are not in the output: a blank line, or a refused one (empty: too long to keep)."""
    return Entry("", output, source, sha256(data) if data else "", "", "", line=line, raw=_packed(data) if data else "")


def unpacked(raw: str) -> bytes:
    """The bytes that an entry keeps. Raises ValueError or zlib.error where they were altered."""
    return zlib.decompress(base64.b64decode(raw))


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def extended(found: Entry, before: str, made: Pass, written: bytes) -> Entry:
    """The record after one more pass over the clean text `before`; `written` now stands for it in the output."""
    passes = (*found.passes, *changes(before, [made]))
    return msgspec.structs.replace(found, passes=passes, output_sha256=sha256(written))


def changes(text: str, passes: Iterable[Pass]) -> Iterator[tuple[Change, ...]]:
    """Each pass with the texts its edits replaced."""
    before: Pass = ()
    for made in passes:
        text = edits.apply(text, before) if before else text
        yield tuple([Change(e.span.start, text[e.span.start : e.span.stop], e.new, e.rule) for e in made])
        before = made


def undo(text: str, passes: tuple[tuple[Change, ...], ...]) -> str:
    """The text before all passes. RestoreError where the text is not what the passes left."""
    for made in reversed(passes):
        text = edits.apply(text, tuple(_inverse(text, made)))
    return text


def _inverse(text: str, made: tuple[Change, ...]) -> Iterator[Edit]:
    shift = 0
    for change in made:
        span = Span(change.start + shift, change.start + shift + len(change.new))
        if text[span.start : span.stop] != change.new:
            raise RestoreError(f"at {span.start}: the text is not what {change.rule} left there")
        yield Edit(span, change.old, change.rule)
        shift += len(change.new) - len(change.old)


def original(found: Entry, clean: bytes) -> bytes:
    """The original bytes of a document. RestoreError, naming it, when output or ledger were altered."""
    if found.output_sha256 and sha256(clean) != found.output_sha256:
        raise RestoreError(f"{found.output}: altered since it was cleaned; restore needs the output as it was written")
    try:
        data = _rebuilt(found, clean)
    except (CleanerError, ValueError, zlib.error) as error:
        raise RestoreError(f"{found.output}: the ledger does not fit the output ({error}); was it altered?") from error
    if sha256(data) != found.input_sha256:
        raise RestoreError(f"{found.output}: the rebuilt original has another checksum; the ledger was altered")
    return data


def _rebuilt(found: Entry, clean: bytes) -> bytes:
    if found.raw:
        return unpacked(found.raw)
    text = undo(clean.decode("utf-8", "surrogatepass"), found.passes)
    return decode.encode(text, found.encoding, bom=found.bom, newline=found.newline)


def encode(found: Entry) -> bytes:
    """One line of the ledger."""
    return msgspec.json.encode(found) + b"\n"


def read(path: Path) -> Iterator[Entry]:
    """All entries of a ledger file. RestoreError naming the line that cannot be read."""
    decoder = msgspec.json.Decoder(Entry)
    try:
        lines = path.open("rb")
    except OSError as error:
        raise RestoreError(
            f"{path}: cannot read the ledger ({error.strerror}); is this an output of cleaner?"
        ) from error
    with lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise RestoreError(f"{path}:{number}: not a ledger line ({error}); the ledger was altered") from error
