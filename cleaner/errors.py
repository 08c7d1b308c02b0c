"""What can go wrong. Every message says what, where, and what to do next."""


class CleanerError(Exception):
    """The base of all errors this package raises on purpose."""


class UsageError(CleanerError):
    """The call cannot be carried out as given: an option, a path or a configuration is wrong (exit code 2)."""


class PackError(UsageError):
    """A rule pack cannot be used: the message names file, rule and key."""


class DecodeError(CleanerError):
    """Bytes that no encoding explains well enough."""


class EditError(CleanerError):
    """Edits that overlap or reach past their text, or passes that never come to rest."""


class RestoreError(CleanerError):
    """The original cannot be rebuilt: output or ledger were altered."""
