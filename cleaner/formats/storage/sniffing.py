"""What the first bytes of a file tell of its format, whatever its name."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import msgspec

from cleaner import decode
from cleaner.decode import detection
from cleaner.formats.storage import streams

HEAD = 1 << 12
"""Bytes that are looked at."""
SPACES = 64
"""Characters before a page in a field, at most."""
MAX_LINE = 1 << 16
"""Bytes of a first line of JSON that are looked at."""

_SIGNATURES = (
    (re.compile(rb"PAR1"), "parquet"),
    (re.compile(rb"ARROW1"), "arrow"),
    (re.compile(rb"\xff{4}.{3}\0", re.DOTALL), "arrow"),  # a stream, as datasets write it: the size of its schema
    (re.compile(rb"WARC/"), "warc"),
)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.{0,2000}?-->)\s*)*+(?:<!doctype\s+html\b|<html\b|<head\b[^>]*>\s*<|<body\b[^>]*>)",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT, _ARRAY = re.compile(rb'\s*\{\s*(?:"|\})'), re.compile(rb'\s*\[\s*(?:\{\s*(?:"|\})|\])')
_CUT = "truncated"
"""What msgspec says of JSON that ends too early and is right up to there."""
_ENDS = (b"}", b"]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes of control characters that no text has; an escape begins a character in some encodings."""
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def sniff(path: Path) -> str:
    """Return the name of the format that a file's content shows; "" where it shows none, or cannot be read."""
    try:
        with streams.open_stream(path) as stream:
            head = stream.file.read(HEAD)
            for signature, name in _SIGNATURES:
                if signature.match(head):
                    return name
            text = _narrow(head)
            if _PAGE.match(text):
                return "html" if streams.is_plain(path) else ""
            if (_ARRAY.match(text) or _OBJECT.match(text)) and _has_end(path):
                return _sniff_json(head + stream.file.read(MAX_LINE))
    except streams.damage_errors():
        pass
    return ""


def is_text(path: Path) -> bool:
    """Whether a file's beginning reads as a text: no program, no binary data, nothing at all."""
    try:
        with streams.open_stream(path) as stream:
            head = stream.file.read(HEAD)
    except streams.damage_errors():
        return False
    if not head.strip() or head.startswith(b"#!"):
        return False
    text = _narrow(head)
    guess = detection.detect(text) if not _CONTROLS.search(text) else None
    return guess is not None and bool(guess.encoding) and guess.confidence >= decode.CONFIDENT


def is_page(text: str) -> bool:
    """Whether a text is a page of HTML by its beginning."""
    return text[:SPACES].lstrip()[:1] == "<" and _PAGE.match(text[:HEAD].encode("utf-8", "replace")) is not None


def _narrow(head: bytes) -> bytes:
    """Return the beginning of a text in UTF-16 as UTF-8, any other without the mark at its head."""
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _has_end(path: Path) -> bool:
    """Whether a file ends as JSON does; taken for granted where it is compressed."""
    if not streams.is_plain(path):
        return True
    with path.open("rb") as file:
        file.seek(-min(HEAD, path.stat().st_size), 2)
        return file.read().rstrip().endswith(_ENDS)


def _sniff_json(head: bytes) -> str:
    """Tell an array or an object over several lines from lines of objects, and from what only begins like JSON."""
    content = head.removeprefix(codecs.BOM_UTF8).lstrip()
    first, line_break, rest = content.partition(b"\n")
    is_cut = len(head) > MAX_LINE
    if _OBJECT.match(first) and _decodes(first, may_be_cut=is_cut and not line_break):
        return "jsonl" if not rest.strip() or _OBJECT.match(rest) else ""
    return "json" if _decodes(content, may_be_cut=is_cut) else ""


def _decodes(data: bytes, *, may_be_cut: bool = False) -> bool:
    """Whether bytes are JSON, or such as far as they go."""
    try:
        msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        return may_be_cut and _CUT in str(error)
    except (UnicodeDecodeError, RecursionError):
        return False
    return True
