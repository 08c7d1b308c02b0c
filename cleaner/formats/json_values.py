"""String values in lines of JSON: decoded, found and encoded, so that all else in a line stays as it is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from cleaner.formats.storage import streams

JSON, ASCII = "json", "json-ascii"
"""Ways to write a text: characters as they are, or escaped as `json.dumps` does by default."""
PREFIX = 64
"""Bytes of a value by which it is searched for: `bytes.find` prepares itself for long needles at some length."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUES = msgspec.json.Decoder(dict[str, Any])
_STRING = msgspec.json.Decoder(str)
_ESCAPE = re.compile(rb"\\[^n]")
"""An escape other than `\\n`: a string without any can be written in no other way but with more of them."""


def decode_object(line: bytes) -> dict[str, msgspec.Raw]:
    """Decode a line to its fields, whose values stay as they are written. DecodeError where it is no object."""
    return _OBJECT.decode(line.removeprefix(codecs.BOM_UTF8))


def decode_values(line: bytes) -> dict[str, Any]:
    """Decode a line to its fields and their values. Raises a DecodeError for anything but an object."""
    return _VALUES.decode(line.removeprefix(codecs.BOM_UTF8))


def decode_string(raw: bytes) -> str:
    """Decode a string. DecodeError where it is none."""
    return _STRING.decode(raw)


def encode_string(text: str, encoding: str = JSON) -> bytes:
    """Encode a text; half surrogates, which UTF-8 has not, as escapes."""
    if encoding == JSON:
        try:
            return msgspec.json.encode(text)
        except UnicodeEncodeError:
            pass
    return json.dumps(text).encode()


def raw_string(text: str) -> msgspec.Raw:
    """Encode a text for a JSON object that is to be encoded."""
    return msgspec.Raw(encode_string(text))


def detect_encoding(raw: bytes, text: str) -> tuple[str, bool]:
    """Tell how a string is written, and whether encoding its text so gives the very bytes back."""
    if not _ESCAPE.search(raw) or raw == encode_string(text):
        return JSON, True
    return ASCII, raw == encode_string(text, ASCII)


def find_value(line: bytes, raw: bytes, field: str) -> tuple[int, int]:
    """Find the value of a field in its line, which is written as `raw`; start and stop.

    Raises:
        KeyError: the field is not there.
    """
    start = _find_bytes(line, raw)
    # a JSON string can follow itself, sharing a quote at most
    is_only = start >= 0 and (len(line) - start < 2 * len(raw) - 1 or line.find(raw, start + 1) < 0)
    while not is_only and not _is_value(line, start, len(raw), field):
        start = line.find(raw, start + 1)
    return start, start + len(raw)


def _find_bytes(line: bytes, raw: bytes) -> int:
    prefix = raw[:PREFIX]
    start = line.find(prefix)
    while start >= 0 and not line.startswith(raw, start):
        start = line.find(prefix, start + 1)
    return start


def _is_value(line: bytes, start: int, size: int, field: str) -> bool:
    """Whether the bytes there are the field's value: another one put in their place would be."""
    if start < 0:
        raise KeyError(field)
    try:
        fields = decode_object(line[:start] + b"false" + line[start + size :])
    except msgspec.DecodeError:
        return False
    return bytes(fields.get(field, b"")) == b"false"


def plain_value(value: Any) -> Any:
    """Return a value of a column as one that JSON has; bytes, dates and the like as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def refuse_records(objects: Iterable[bytes], field: str) -> str:
    """Say that all records lack the text's field; empty where one has it, or none is an object."""
    names: list[str] = []
    for data in objects:
        try:
            fields = decode_object(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if field in fields:
            return ""
        names = names or list(fields)
    return streams.missing_column_reason(field, names, "field") if names else ""
