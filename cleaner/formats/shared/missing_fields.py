"""What is said of files and records without the fields of texts."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.formats.storage import streams

_MISSING = ("no column ", "no field ", "no text at ")


def missing_reason(fields: Iterable[str], names: Iterable[str], noun: str = "column") -> str:
    """Say that none of a file's columns holds texts, and what to do."""
    wanted = " or ".join(map(repr, fields))
    return f"no {noun} {wanted}; there are {', '.join(names)}: name one with --field, else {streams.NO_CHANGE}"


def is_missing_reason(reason: str) -> bool:
    """Whether a reason says no more than that the texts are not there."""
    return reason.startswith(_MISSING)
