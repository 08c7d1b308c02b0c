"""Decode bytes to text and back: encodings told by plausibility, the way back recorded, nothing silently replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec import Struct, structs

from cleaner.decode.damage import LIMIT, LONGEST, Damage, decode_replacing, is_tolerable
from cleaner.decode.declared import declared_in
from cleaner.decode.detection import BOMS, Guess, canonical, detect
from cleaner.decode.flags import flag_reading
from cleaner.decode.lines import decode_lines
from cleaner.decode.options import DETECTED, Damaged, DecodeOptions, find_codec
from cleaner.decode.unsupported import refuse_unsupported
from cleaner.errors import DecodeError
from cleaner.model import Flag

__all__ = ["DETECTED", "Damage", "DecodeOptions", "DecodedText", "Guess", "declared_in", "decode", "detect", "encode"]

CONFIDENT, SURE = 0.6, 0.95
"""The confidence below which a file counts as undecidable, and below which a damaged one does."""
_HEAD = 4096
"""Bytes at the head of a page in which its own declaration is looked for."""


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
        damage: the bytes that became U+FFFD.
        lines: numbers of the lines, from 1, that are in other encodings, by encoding.
    """

    text: str
    encoding: str
    bom: bool = False
    newline: str = "\n"
    exact: bool = True
    confidence: float = 1.0
    evidence: str = ""
    damage: tuple[Damage, ...] = ()
    lines: Mapping[str, Sequence[int]] = {}

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Remarks on damage and on lines in other encodings."""
        return flag_reading(len(self.text), self.damage, self.lines) if self.damage or self.lines else ()


def decode(
    data: bytes, declaration: str | None = None, encoding: str | None = None, damaged: Damaged = "replace"
) -> DecodedText:
    """Decode a whole file. Half a character at its end is left out, and then `exact` is False.

    Args:
        declaration: the charset that HTTP or a catalogue names; without it the page's own declaration is looked for.
            Either is evidence, not truth.
        encoding: decode with this and nothing else.
        damaged: whether single bytes that stand for no character become U+FFFD.

    Raises:
        DecodeError: for binary data, for bytes that no encoding explains, for damaged ones if `damaged` is "refuse" or
            they are too many, with their place.
        UsageError: for an encoding that Python does not know.

    Warning:
        Wrong for data that is no text, and for samples cut out of a file: use `detect` there.
    """
    if encoding is not None:
        return _decode_as(data, Guess(_marked(data, find_codec(encoding)), 1.0, 0.0), "as told", damaged)
    for mark, name in BOMS:
        if data.startswith(mark):
            return _decode_as(data, Guess(name, 1.0, 0.0), "byte order mark", damaged)
    if (text := _decode_utf8(data)) is not None:
        newline, text = _unify_newlines(text)  # valid UTF-8 is written again to the byte
        return DecodedText(text, "utf-8", newline=newline, evidence="ASCII" if text.isascii() else "valid UTF-8")
    declaration = declaration or declared_in(data[:_HEAD])
    refuse_unsupported(data, declaration)
    return _decode_detected(data, declaration, damaged)


def decode_leniently(data: bytes, encoding: str) -> str:
    """Decode bytes as `decode` did that told this encoding, whatever is damaged in them; line breaks as it has them."""
    mark = _mark(data, encoding)
    return _unify_newlines(data[len(mark) :].decode(encoding, "replace"))[1]


def _decode_detected(data: bytes, declaration: str | None, damaged: Damaged) -> DecodedText:
    guess = _guess(data, declaration, damaged)
    is_clear = bool(guess.encoding) and guess.confidence >= CONFIDENT
    if mixed := decode_lines(data, guess.encoding if is_clear else ""):
        note = f"lines in {' and '.join((mixed.encoding, *mixed.numbers))}"
        draft = DecodedText(mixed.text, mixed.encoding, evidence=note, damage=mixed.damage, lines=mixed.numbers)
        _refuse_damage(data, draft, damaged)
        return _complete(data, draft)
    if not is_clear:
        raise DecodeError(_describe_unknown(data, declaration, guess))
    note = f"reads best as {guess.encoding}" + (f", declared {declaration}" if declaration else "")
    note += " too" if canonical(declaration) == guess.encoding else ""
    if kin := _KIN.get(guess.encoding):
        with suppress(DecodeError):
            return _decode_as(data, guess, note, "refuse")
        with suppress(DecodeError):
            kin_guess = structs.replace(guess, encoding=kin)
            return _decode_as(data, kin_guess, f"{note}, but whole only as {kin}", "refuse")
    return _decode_as(data, guess, note, damaged)


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


def _guess(data: bytes, declaration: str | None, damaged: Damaged) -> Guess:
    """Guess the encoding; few NULs in what is not UTF-16 or UTF-32 are damage."""
    guess = detect(data, declaration, cuts=False)
    has_guess = bool(guess.encoding) and guess.confidence >= CONFIDENT
    nuls = 0 if has_guess or damaged == "refuse" else data.count(b"\0")
    if not 0 < nuls <= max(LONGEST, LIMIT * len(data)):
        return guess
    return detect(data.replace(b"\0", b" "), declaration, cuts=False)


def _describe_unknown(data: bytes, declaration: str | None, guess: Guess) -> str:
    if (offset := data.find(b"\0")) >= 0:
        problem = f"byte 0x00 at offset {offset}, and not UTF-16 or UTF-32: binary data, or damaged text"
    elif guess.encoding:
        problem = f"its encoding is in doubt: likely {guess.encoding}, but another explains it about as well"
    else:
        first = next(index for index, byte in enumerate(data) if byte not in _PLAIN)
        problem = (
            f"no encoding explains the bytes from offset {first} on: damage, or an alphabet that is not looked for"
        )
    hint = "if you know better, name it with --encoding NAME"
    return f"{problem} (declared {declaration}); {hint}" if declaration else f"{problem}; {hint}"


_PLAIN = frozenset(range(0x80)) - frozenset(b"~\x1b")
"""Bytes that mean the same in every encoding: ASCII, but for the escapes of stateful ones."""


def _decode_utf8(data: bytes) -> str | None:
    """Decode plain UTF-8; return None for anything that needs a closer look."""
    if b"\0" in data or (data.isascii() and (b"~{" in data or b"\x1b$" in data)):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _marked(data: bytes, codec: str) -> str:
    """Return the codec for a byte order mark, where one stands before data in a codec that may have one."""
    for mark, name in BOMS:
        if data.startswith(mark) and codec.replace("-sig", "") in (name, name[:-3]):
            return name
    return codec


def _mark(data: bytes, encoding: str) -> bytes:
    return next((mark for mark, name in BOMS if name == encoding and data.startswith(mark)), b"")


def _decode_as(data: bytes, guess: Guess, note: str, damaged: Damaged) -> DecodedText:
    """Decode with an encoding; half a character at the end is left out."""
    encoding, mark = guess.encoding, _mark(data, guess.encoding)
    try:
        text, damage = decode_replacing(data, encoding, len(mark))
    except UnicodeError as error:
        raise DecodeError(f"cannot be read as {encoding} ({error}); name another with --encoding NAME") from error
    if damage and damage[-1].offset + len(damage[-1].data) == len(data) and b"\0" not in damage[-1].data:
        *others, last = damage
        text, damage = text[:-1], tuple(others)
        note += f"; half a character at the end left out ({last.data.hex(' ')})"
    draft = DecodedText(text, encoding, bool(mark), confidence=guess.confidence, evidence=note, damage=damage)
    _refuse_damage(data, draft, damaged)
    return _complete(data, draft)


def _refuse_damage(data: bytes, text: DecodedText, damaged: Damaged) -> None:
    """Raise DecodeError where too much is damaged to read the rest, or any is."""
    if not text.damage:
        return
    size = sum(len(item.data) for item in text.damage)
    first = text.damage[0]
    start = f"reads as {text.encoding}, but byte 0x{first.data[0]:02x} at offset {first.offset} does not"
    if damaged == "refuse":
        raise DecodeError(f"{start}: mend it there, or read it as U+FFFD with --damaged replace")
    if not is_tolerable(text.damage, len(data)):
        share = f"{size:,} of {len(data):,} bytes in all; over {LIMIT:.0%} damaged is refused"
        raise DecodeError(f"{start}, {share}: mend it, or name another encoding with --encoding NAME")
    if text.confidence < SURE:
        raise DecodeError(f"{start}, and the encoding is in doubt: if you know it, name it with --encoding NAME")


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
