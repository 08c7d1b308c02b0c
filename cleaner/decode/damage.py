"""Damaged bytes: U+FFFD in their places, and where they stood."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NamedTuple

LONGEST = 3
"""Bytes of half a character at most: so many may be damaged in the shortest text."""
LIMIT = 0.01
"""The share of damaged bytes from which a text is refused."""


class Damage(NamedTuple):
    """Bytes that stand for no character. `offset`: in the whole data."""

    offset: int
    data: bytes


def decode_replacing(data: bytes, encoding: str, start: int = 0) -> tuple[str, tuple[Damage, ...]]:
    """Decode the data from `start` on with U+FFFD for what is damaged; NULs are, but in UTF-16 and UTF-32.

    Raises:
        UnicodeError: the codec cannot go on behind damage.
    """
    items: list[Damage] = []
    token = _DAMAGE.set(items)
    try:
        text = data[start:].decode(encoding, _HANDLER)
    finally:
        _DAMAGE.reset(token)
    damage = [Damage(start + item.offset, item.data) for item in items]
    if "\0" in text and not encoding.startswith(("utf-16", "utf-32")):
        text = text.replace("\0", "\ufffd")
        known = {item.offset for item in damage}
        nuls = (match.start() for match in re.finditer(b"\0", data) if match.start() >= start)
        damage = sorted([*damage, *(Damage(offset, b"\0") for offset in nuls if offset not in known)])
    return text, tuple(damage)


def is_tolerable(damage: Iterable[Damage], size: int) -> bool:
    """Whether so little of `size` bytes is damaged that the rest can be read."""
    return sum(len(item.data) for item in damage) <= max(LONGEST, LIMIT * size)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _DAMAGE.get().append(Damage(error.start, error.object[error.start : error.end]))
    return "\ufffd", error.end


_DAMAGE: ContextVar[list[Damage]] = ContextVar("damage")
_HANDLER = "cleaner.damage"
codecs.register_error(_HANDLER, _replace)
