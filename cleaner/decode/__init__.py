"""Bytes to text and back: the encoding told by plausibility, the way back recorded, nothing silently replaced."""

from __future__ import annotations

import codecs
from contextlib import suppress

from msgspec import Struct

from cleaner.decode.declared import declared_in
from cleaner.decode.detection import BOMS, Guess, canonical, detect
from cleaner.errors import DecodeError, UsageError

__all__ = ["Decoded", "Guess", "declared_in", "decode", "detect", "encode"]

CONFIDENT = 0.6
"""Below this confidence a file counts as undecidable."""


class Decoded(Struct, frozen=True):
    """Text with what it takes to write its bytes again.

    `encoding`: a Python codec. `bom`: whether a byte order mark stood before the text (it is not part of it).
    `newline`: "\\r\\n" when every line break was one, and then they are "\\n" in `text`; else "\\n" and `text` has the
    breaks as they were. `exact`: whether `encode` gives the very bytes back; store them when not. `confidence`: 0 to 1.
    `evidence`: why, in words.
    """

    text: str
    encoding: str
    bom: bool = False
    newline: str = "\n"
    exact: bool = True
    confidence: float = 1.0
    evidence: str = ""


def decode(data: bytes, declared: str | None = None, encoding: str | None = None) -> Decoded:
    """Decode a whole file.

    `declared`: the charset that HTTP or a catalogue names; without it the page's own declaration is looked for. Either
    is evidence, not truth. `encoding`: decode with this and nothing else; bytes that it cannot read become U+FFFD.
    Half a character at the end is left out and `exact` is False. Raises DecodeError for binary data, for bytes that no
    encoding explains and for damaged ones, with their place; UsageError for an encoding that Python does not know.
    Wrong to apply to what is not text, and to samples cut out of a file: use `detect` there.
    """
    if encoding is not None:
        return _by_order(data, encoding)
    for mark, name in BOMS:
        if data.startswith(mark):
            return _strict(data, name, 1.0, "byte order mark")
    if (text := _utf8(data)) is not None:
        newline, text = _unified(text)  # what is valid UTF-8 is written again to the byte
        return Decoded(text, "utf-8", newline=newline, evidence="ASCII" if text.isascii() else "valid UTF-8")
    _refuse_binary(data)
    said = declared or declared_in(data[:4096])
    guess = detect(data, said, cuts=False)
    if not guess.encoding or guess.confidence < CONFIDENT:
        raise DecodeError(_undecided(data, said))
    agrees = canonical(said) == guess.encoding
    note = f"reads best as {guess.encoding}" + (f", declared {said}" if said else "")
    note += " too" if agrees else ""
    if kin := _KIN.get(guess.encoding):
        with suppress(DecodeError):
            return _strict(data, guess.encoding, guess.confidence, note)
        with suppress(DecodeError):
            return _strict(data, kin, guess.confidence, f"{note}, but whole only as {kin}")
    return _strict(data, guess.encoding, guess.confidence, note)


def encode(text: str, encoding: str, bom: bool = False, newline: str = "\n") -> bytes:
    """The bytes of a decoded text; the inverse of `decode` where that said `exact`. Raises UnicodeEncodeError."""
    mark = next((mark for mark, name in BOMS if name == encoding), b"") if bom else b""
    return mark + (text.replace("\n", newline) if newline != "\n" else text).encode(
        encoding, "surrogatepass" if encoding.startswith("utf-") else "strict"
    )


_KIN = {"big5hkscs": "cp950", "euc_jp": "euc_jis_2004", "cp932": "shift_jis_2004"}
"""Encodings that share a repertoire but for a few characters."""


def _undecided(data: bytes, said: str | None) -> str:
    if (at := data.find(b"\0")) >= 0:
        what = f"byte 0x00 at offset {at}, and not UTF-16 or UTF-32: binary data, or damaged text"
    else:
        first = next(at for at, byte in enumerate(data) if byte >= 0x80 or byte in b"~\x1b")
        what = f"no encoding explains the bytes from offset {first} on: damage, or an alphabet that is not looked for"
    return f"{what}{f' (declared {said})' if said else ''}; if you know better, name it with --encoding NAME"


_MAGIC = {
    b"\x89PNG": "a PNG image", b"GIF8": "a GIF image", b"\xff\xd8\xff": "a JPEG image", b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF document", b"\x1f\x8b": "gzip data", b"BZh": "bzip2 data", b"\xfd7zXZ": "xz data",
    b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a rar archive", b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x28\xb5\x2f\xfd": "zstd data", b"\x7fELF": "a program", b"PAR1": "a Parquet file", b"SQLite f": "a database",
}  # fmt: skip


def _utf8(data: bytes) -> str | None:
    """The text of plain UTF-8; None for anything that needs a closer look."""
    if b"\0" in data or (data.isascii() and (b"~{" in data or b"\x1b$" in data)):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _refuse_binary(data: bytes) -> None:
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise DecodeError(f"the first bytes are those of {kind}: extract its text first, or leave the file out")


def _by_order(data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError as error:
        raise UsageError(f"encoding {encoding!r} is unknown to Python: see the codecs module for names") from error
    body = data
    for mark, marked in BOMS:
        if data.startswith(mark) and name.replace("-sig", "") in (marked, marked[:-3]):
            name, body = marked, data[len(mark) :]
    text = body.decode(name, "replace")
    lost = text.count("\ufffd") - body.count(b"\xef\xbf\xbd") * (name == "utf-8")
    note = f"as told; {lost} unreadable places became U+FFFD" if lost > 0 else "as told"
    return _finished(data, text, name, 1.0, note, bom=body is not data)


def _strict(data: bytes, encoding: str, confidence: float, note: str) -> Decoded:
    mark = next((mark for mark, name in BOMS if name == encoding and data.startswith(mark)), b"")
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        start = error.start + len(mark)
        if len(data) - start > 3:
            raise DecodeError(_damage(data, encoding, start)) from error
        text = data[len(mark) : start].decode(encoding)
        note += f"; half a character at the end left out ({data[start:].hex(' ')})"
    return _finished(data, text, encoding, confidence, note, bom=bool(mark))


def _damage(data: bytes, encoding: str, start: int) -> str:
    return (
        f"reads as {encoding}, but byte 0x{data[start]:02x} at offset {start} does not: mend it there, "
        f"or decode all the same with --encoding {encoding} (unreadable bytes become U+FFFD)"
    )


def _finished(data: bytes, text: str, encoding: str, confidence: float, note: str, bom: bool = False) -> Decoded:
    newline, text = _unified(text)
    return Decoded(text, encoding, bom, newline, _is_exact(data, text, encoding, bom, newline), confidence, note)


def _unified(text: str) -> tuple[str, str]:
    """The line break that all of the text's are, and the text with "\\n" for it."""
    if "\r" in text and text.count("\r\n") == text.count("\n") == text.count("\r"):
        return "\r\n", text.replace("\r\n", "\n")
    return "\n", text


def _is_exact(data: bytes, text: str, encoding: str, bom: bool, newline: str) -> bool:
    try:
        return encode(text, encoding, bom, newline) == data
    except UnicodeEncodeError:
        return False
