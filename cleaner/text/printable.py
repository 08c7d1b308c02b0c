"""Texts of others made fit for a terminal: nothing in them moves its cursor, sets its title or its clipboard."""

from __future__ import annotations

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def make_printable(text: str) -> str:
    """Replace control characters by their pictures, so that none reaches a terminal."""
    return make_encodable(text).translate(_PICTURES)


def make_lines_printable(text: str) -> str:
    """Replace control characters other than line breaks."""
    return "\n".join(map(make_printable, text.split("\n")))


def make_encodable(text: str) -> str:
    """Replace half surrogates, which no encoding writes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def is_encodable(text: str) -> bool:
    """Whether a text holds no half surrogate."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
