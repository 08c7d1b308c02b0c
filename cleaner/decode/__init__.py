"""Decode bytes to text and back: encodings told by plausibility, the way back recorded, nothing silently replaced."""

from __future__ import annotations

import codecs
from contextlib import suppress

from msgspec import Struct, structs

from cleaner.decode.declared import declared_in
from cleaner.decode.detection import BOMS, Guess, canonical, detect
from cleaner.errors import DecodeError, UsageError

__all__ = ["DecodedText", "Guess", "declared_in", "decode", "detect", "encode"]

CONFIDENT = 0.6
"""Below this confidence a file counts as undecidable."""
_HEAD = 4096
"""Bytes at the head of a page in which its own declaration is looked for."""
_LONGEST = 3
"""Bytes of half a character at most."""


class DecodedText(Struct, frozen=True):
    """A text, and all that it takes to write its bytes again.

    Attributes:
        encoding: a Python codec.
        bom: whether a byte order mark stood before the text (it is not part of it).
        newline: "\\r\\n" when every line break was one, and then they are "\\n" in `text`; else "\\n" and `text` has
            the breaks as they were.
        exact: whether `encode` gives the very bytes back; store them when not.
        confidence: 0 to 1.
        evidence: the reason in words.
    """

    text: str
    encoding: str
    bom: bool = False
    newline: str = "\n"
    exact: bool = True
    confidence: float = 1.0
    evidence: str = ""


def decode(data: bytes, declaration: str | None = None, encoding: str | None = None) -> DecodedText:
    """Decode a whole file. Half a character at its end is left out, and then `exact` is False.

    Args:
        declaration: the charset that HTTP or a catalogue names; without it the page's own declaration is looked for.
            Either is evidence, not truth.
        encoding: decode with this and nothing else; bytes that it cannot read become U+FFFD.

    Raises:
        DecodeError: for binary data, for bytes that no encoding explains and for damaged ones, with their place.
        UsageError: for an encoding that Python does not know.

    Warning:
        Wrong for data that is no text, and for samples cut out of a file: use `detect` there.
    """
    if encoding is not None:
        return _decode_as_told(data, encoding)
    for mark, name in BOMS:
        if data.startswith(mark):
            return _decode_strictly(data, name, 1.0, "byte order mark")
    if (text := _decode_utf8(data)) is not None:
        newline, text = _unify_newlines(text)  # valid UTF-8 is written again to the byte
        return DecodedText(text, "utf-8", newline=newline, evidence="ASCII" if text.isascii() else "valid UTF-8")
    _refuse_binary(data)
    declaration = declaration or declared_in(data[:_HEAD])
    guess = detect(data, declaration, cuts=False)
    if not guess.encoding or guess.confidence < CONFIDENT:
        raise DecodeError(_describe_unknown(data, declaration))
    note = f"reads best as {guess.encoding}" + (f", declared {declaration}" if declaration else "")
    note += " too" if canonical(declaration) == guess.encoding else ""
    if kin := _KIN.get(guess.encoding):
        with suppress(DecodeError):
            return _decode_strictly(data, guess.encoding, guess.confidence, note)
        with suppress(DecodeError):
            return _decode_strictly(data, kin, guess.confidence, f"{note}, but whole only as {kin}")
    return _decode_strictly(data, guess.encoding, guess.confidence, note)


def encode(text: str, encoding: str, bom: bool = False, newline: str = "\n") -> bytes:
    """Encode a decoded text: the inverse of `decode` where that is `exact`.

    Raises:
        UnicodeEncodeError: the encoding lacks a character.
    """
    mark = next((mark for mark, name in BOMS if name == encoding), b"") if bom else b""
    return mark + (text.replace("\n", newline) if newline != "\n" else text).encode(
        encoding, "surrogatepass" if encoding.startswith("utf-") else "strict"
    )


_KIN = {"big5hkscs": "cp950", "euc_jp": "euc_jis_2004", "cp932": "shift_jis_2004"}
"""Encodings that share a repertoire but for a few characters."""


def _describe_unknown(data: bytes, declaration: str | None) -> str:
    if (offset := data.find(b"\0")) >= 0:
        problem = f"byte 0x00 at offset {offset}, and not UTF-16 or UTF-32: binary data, or damaged text"
    else:
        first = next(index for index, byte in enumerate(data) if byte not in _PLAIN)
        problem = (
            f"no encoding explains the bytes from offset {first} on: damage, or an alphabet that is not looked for"
        )
    hint = "if you know better, name it with --encoding NAME"
    return f"{problem} (declared {declaration}); {hint}" if declaration else f"{problem}; {hint}"


_PLAIN = frozenset(range(0x80)) - frozenset(b"~\x1b")
"""Bytes that mean the same in every encoding: ASCII, but for the escapes of stateful ones."""

_MAGIC = {
    b"\x89PNG": "a PNG image", b"GIF8": "a GIF image", b"\xff\xd8\xff": "a JPEG image", b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF document", b"\x1f\x8b": "gzip data", b"BZh": "bzip2 data", b"\xfd7zXZ": "xz data",
    b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a rar archive", b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x28\xb5\x2f\xfd": "zstd data", b"\x7fELF": "a program", b"PAR1": "a Parquet file", b"SQLite f": "a database",
}  # fmt: skip


def _decode_utf8(data: bytes) -> str | None:
    """Decode plain UTF-8; return None for anything that needs a closer look."""
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


def _decode_as_told(data: bytes, encoding: str) -> DecodedText:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError as error:
        raise UsageError(f"encoding {encoding!r} is unknown to Python: see the codecs module for names") from error
    body = data
    for mark, marked_encoding in BOMS:
        if data.startswith(mark) and name.replace("-sig", "") in (marked_encoding, marked_encoding[:-3]):
            name, body = marked_encoding, data[len(mark) :]
    text = body.decode(name, "replace")
    unreadable = text.count("\ufffd") - body.count(b"\xef\xbf\xbd") * (name == "utf-8")
    note = f"as told; {unreadable} unreadable places became U+FFFD" if unreadable > 0 else "as told"
    return _complete(data, DecodedText(text, name, bom=body is not data, evidence=note))


def _decode_strictly(data: bytes, encoding: str, confidence: float, note: str) -> DecodedText:
    mark = next((mark for mark, name in BOMS if name == encoding and data.startswith(mark)), b"")
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        start = error.start + len(mark)
        if len(data) - start > _LONGEST:
            raise DecodeError(_describe_damage(data, encoding, start)) from error
        text = data[len(mark) : start].decode(encoding)
        note += f"; half a character at the end left out ({data[start:].hex(' ')})"
    return _complete(data, DecodedText(text, encoding, bom=bool(mark), confidence=confidence, evidence=note))


def _describe_damage(data: bytes, encoding: str, start: int) -> str:
    return (
        f"reads as {encoding}, but byte 0x{data[start]:02x} at offset {start} does not: mend it there, "
        f"or decode all the same with --encoding {encoding} (unreadable bytes become U+FFFD)"
    )


def _complete(data: bytes, draft: DecodedText) -> DecodedText:
    """Unify the line breaks of a decoded text, and note whether its bytes come back exactly."""
    newline, text = _unify_newlines(draft.text)
    exact = _is_exact(data, text, (draft.encoding, draft.bom, newline))
    return structs.replace(draft, text=text, newline=newline, exact=exact)


def _unify_newlines(text: str) -> tuple[str, str]:
    """Return the line break that all of the text's are, and the text with "\\n" for it."""
    if "\r" in text and text.count("\r\n") == text.count("\n") == text.count("\r"):
        return "\r\n", text.replace("\r\n", "\n")
    return "\n", text


def _is_exact(data: bytes, text: str, form: tuple[str, bool, str]) -> bool:
    try:
        return encode(text, *form) == data
    except UnicodeEncodeError:
        return False
