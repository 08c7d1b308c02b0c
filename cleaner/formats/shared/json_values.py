"""String values in lines of JSON: decoded, found and encoded, so that all else in a line stays as it is.

What Python's `json` writes beside the standard is read too: half surrogates as escapes, NaN, Infinity.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from cleaner import python_json
from cleaner.formats.shared import field_paths, json_paths, missing_fields
from cleaner.text.printable import make_encodable

JSON, ASCII = "json", "json-ascii"
"""Ways to write a text: characters as they are, or escaped as `json.dumps` does by default."""
PREFIX = 64
"""Bytes of a value by which it is searched for: where they stand once in a line, nothing else is to be read."""

QUOTE, NULL = b'"', b"null"
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUES = msgspec.json.Decoder(dict[str, Any])
_STRING = msgspec.json.Decoder(str)
_TOO_DEEP = "values are nested too deep to be read"
_BREAKS = bytes.maketrans(b"\r\n", b"  ")
"""Line breaks stand between the values of JSON, and in none of its strings."""
_ESCAPE = re.compile(rb"\\[^n]")
"""An escape other than `\\n`: a string without any can be written in no other way but with more of them."""


def decode_object(line: bytes) -> dict[str, msgspec.Raw]:
    """Decode a line to its fields, whose values stay as they are written. DecodeError where it is no object."""
    line = line.removeprefix(codecs.BOM_UTF8)
    try:
        return _OBJECT.decode(line)
    except RecursionError:
        raise msgspec.DecodeError(_TOO_DEEP) from None
    except msgspec.DecodeError as error:
        if not isinstance(python_json.decode_any(line, error), dict):
            raise
        return {name: msgspec.Raw(line[start:stop]) for name, (start, stop) in json_paths.find_fields(line).items()}


def decode_values(line: bytes) -> dict[str, Any]:
    """Decode a line to its fields and their values. Raises a DecodeError for anything but an object."""
    line = line.removeprefix(codecs.BOM_UTF8)
    try:
        return _VALUES.decode(line)
    except RecursionError:
        raise msgspec.DecodeError(_TOO_DEEP) from None
    except msgspec.DecodeError as error:
        values = python_json.decode_any(line, error)
        if not isinstance(values, dict):
            raise
        return values


def decode(data: bytes | msgspec.Raw) -> Any:
    """Decode any value. DecodeError where it is none."""
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        raise msgspec.DecodeError(_TOO_DEEP) from None
    except msgspec.DecodeError as error:
        return python_json.decode_any(bytes(data), error)


def decode_string(raw: bytes | msgspec.Raw) -> str:
    """Decode a string. DecodeError where it is none."""
    try:
        return _STRING.decode(raw)
    except msgspec.DecodeError as error:
        if bytes(raw)[:1] != QUOTE:
            raise
        return str(python_json.decode_any(bytes(raw), error))


def encode_string(text: str, encoding: str = JSON) -> bytes:
    """Encode a text; half surrogates, which UTF-8 has not, as escapes."""
    if encoding == ASCII:
        return json.dumps(text).encode()
    return python_json.encode(text)


def raw_string(text: str) -> msgspec.Raw:
    """Encode a text for a JSON object that is to be encoded."""
    return msgspec.Raw(encode_string(text))


def encode_line(fields: Mapping[str, Any]) -> bytes:
    """Encode fields, of which some stay as they are written, as a line."""
    named_fields = {make_encodable(name): value for name, value in fields.items()}
    return msgspec.json.encode(named_fields, enc_hook=str).translate(_BREAKS) + b"\n"


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
    prefix = raw[:PREFIX]
    start = line.find(prefix)
    if line.find(prefix, start + 1) >= 0:
        return json_paths.find_fields(line)[field]
    if start < 0:
        raise KeyError(field)
    return start, start + len(raw)


def plain_value(value: Any) -> Any:
    """Return a value of a column as one that JSON has; bytes, dates and the like as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def refuse_records(objects: Iterable[bytes], paths: Sequence[str]) -> str:
    """Say that all records lack the fields of texts; empty where one has any of them, or none is an object."""
    names: list[str] = []
    for data in objects:
        try:
            fields = decode_object(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if field_paths.resolve(paths, fields):
            return ""
        names = names or list(fields)
    return missing_fields.missing_reason(paths, names, "field") if names else ""
