"""JSON as Python writes and reads it: half surrogates as escapes, NaN, Infinity."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")


def encode(value: Any) -> bytes:
    """Encode a value on one line; half surrogates, which UTF-8 has not, as escapes."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


def decode(data: bytes, decoder: msgspec.json.Decoder[Value]) -> Value:
    """Decode a value of a decoder's type. DecodeError where it is none."""
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        if isinstance(error, msgspec.ValidationError) and decoder.type is not Any:
            raise
        value: Value = _convert(decode_any(data, error), decoder.type, error)
        return value


def _convert(value: Any, kind: Any, error: msgspec.DecodeError) -> Any:
    """Convert plain values to a type; raises the error where a half surrogate stands for what is no text."""
    try:
        return msgspec.convert(value, kind)
    except UnicodeEncodeError:
        raise error from None


def decode_any(data: bytes, error: msgspec.DecodeError) -> Any:
    """Decode what is not JSON by the standard as Python does, numbers that it cannot hold as they are written.

    Raises the error that told so where it cannot be.
    """
    try:
        return json.loads(data, parse_float=_number, parse_int=_whole_number)
    except (ValueError, RecursionError):
        raise error from None


def _number(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _whole_number(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # Python reads as many digits as sys.get_int_max_str_digits says
        return digits
