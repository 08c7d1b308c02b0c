"""Remarks on how a text was read, as flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaner.decode.damage import Damage
from cleaner.model import BuiltinRule, Document, Flag, Span

DAMAGED = "decode/damaged"
SEVERAL = "decode/several-encodings"
RULES = (
    BuiltinRule(DAMAGED, "Bytes that stand for no character were read as U+FFFD; the ledger keeps them.", "error"),
    BuiltinRule(SEVERAL, "Its lines are in several encodings, each read in its own.", "warning"),
)
_EXAMPLES = 5
"""Places that a note names."""


def flag_reading(length: int, damage: Sequence[Damage], lines: Mapping[str, Sequence[int]]) -> tuple[Flag, ...]:
    """Flag a text of `length` characters by what is damaged in its bytes, and by lines in other encodings."""
    span = Span(0, length)
    flags = []
    if damage:
        flags.append(Flag(DAMAGED, span, describe_damage(damage)))
    if lines:
        others = ", ".join(_describe_lines(name, numbers) for name, numbers in lines.items())
        flags.append(Flag(SEVERAL, span, others))
    return tuple(flags)


def is_damaged(document: Document) -> bool:
    """Whether bytes of a document were read as U+FFFD."""
    return any(flag.rule == DAMAGED for flag in document.flags)


def describe_damage(damage: Sequence[Damage]) -> str:
    """Say how many places are damaged, and where the first are."""
    places = _join([f"{item.data.hex(' ')} at offset {item.offset}" for item in damage])
    return f"{len(damage)} place{'s' * (len(damage) > 1)} read as U+FFFD: {places}"


def _describe_lines(encoding: str, numbers: Sequence[int]) -> str:
    return f"line{'s' * (len(numbers) > 1)} {_join(numbers)} as {encoding}"


def _join(items: Sequence[object]) -> str:
    more = f", and {len(items) - _EXAMPLES} more" if len(items) > _EXAMPLES else ""
    return ", ".join(map(str, items[:_EXAMPLES])) + more
