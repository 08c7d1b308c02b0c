"""The errors of the package. Every message says what, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class CleanerError(Exception):
    """Base of all errors that this package raises on purpose."""


class UsageError(CleanerError):
    """Refuse a call as given: an option, a path or a configuration is wrong (exit code 2)."""


class PackError(UsageError):
    """Refuse a rule pack; the message names file, rule and key."""


class DecodeError(CleanerError):
    """Report bytes that no encoding explains well enough."""


class EditError(CleanerError):
    """Report edits that overlap or reach past their text, or passes that never come to rest."""


class RestoreError(CleanerError):
    """Report that the original cannot be rebuilt: output or ledger were altered."""


def did_you_mean(name: object, names: Iterable[str]) -> str:
    """Suggest the name that is most like a wrong one, as "; did you mean 'script'?"; "" where none is like it."""
    from difflib import get_close_matches

    nearest = get_close_matches(str(name), list(names), n=1)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
