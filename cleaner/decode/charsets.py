"""Names of encodings, as inputs and users write them."""

from __future__ import annotations

import codecs

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""Codecs of Python from text to bytes in which nobody stores a document: names of hosts, source code, nothing."""


def find_charset(name: str) -> str:
    """Find Python's codec for an encoding of documents; "" for another name and for codecs of other things."""
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)  # fails for those from bytes to bytes or text to text, such as hex and rot13
    except (LookupError, ValueError):
        return ""
    return "" if codec.replace("_", "-") in _NO_CHARSETS else codec
