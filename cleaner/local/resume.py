"""Decide whether a run starts anew, resumes or is refused: one decision for every command and engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.errors import UsageError

MOST_DIFFERENCES = 5
"""Differences between two runs that an error lists: as many as fit on a screen."""

INPUTS = "inputs"
"""The part of an identity with the stamp of each input."""
GONE = "gone"
_TIME = ", modified "
_IN_WORDS = {"pack": "its rules are others"}
"""What to say of what only differs in a hash."""


class OutputState(NamedTuple):
    """What an output holds before a run.

    `name`: for errors. `stored_identity`: that of an unfinished run, as it was written, or None. `refusal`: why a new
    run would overwrite something, in words; empty where it would not.
    """

    name: str
    stored_identity: bytes | None
    refusal: Callable[[], str]


def resumes(state: OutputState, identity: Mapping[str, Any], *, force: bool, restart: bool) -> bool:
    """Decide how a run goes about its output.

    Args:
        state: what the output holds.
        identity: what must be equal for a run to be resumed, as `as_plain` gives it.
        force: overwrite a finished output.
        restart: forget an unfinished run.

    Returns:
        Whether the run resumes an unfinished one; if not, it starts anew.

    Raises:
        UsageError: the output holds an unfinished run of another job or, without `force`, what would be lost.
    """
    if state.stored_identity is not None:
        if restart:
            return False
        if different := list(differences(msgspec.json.decode(state.stored_identity), identity)):
            raise UsageError(
                f"{state.name}: an unfinished run lies there, and it is another one: {in_words(different)}. "
                "Give the same call again to finish it, or --restart to begin anew"
            )
        return True
    if not force and (refusal := state.refusal()):
        raise UsageError(refusal)
    return False


def as_plain(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an identity as it comes back from a file."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(identity))
    return plain


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words what differs between two identities."""
    for name, value in after.items():
        previous = before.get(name)
        if value == previous:
            continue
        if name in _IN_WORDS:
            yield _IN_WORDS[name]
        elif name == INPUTS and isinstance(value, dict) and isinstance(previous, dict):
            yield from _changes_of_inputs(previous, value)
        elif isinstance(value, dict) and isinstance(previous, dict):
            yield from differences(previous, dict.fromkeys(previous) | value)
        else:
            yield f"{name} was {_say(previous)}, is {_say(value)}"


def _changes_of_inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        stamps = before.get(name), after.get(name)
        if stamps[0] == stamps[1]:
            continue
        old, new = (str(stamp or GONE).partition(_TIME)[0] for stamp in stamps)
        if old == GONE:
            yield f"{name} is new"
        elif new == GONE:
            yield f"{name} is gone"
        else:
            yield f"{name} has changed" + (f" ({old} before, {new} now)" if old != new else "")


def _say(value: Any) -> str:
    """Write a value of an option as a person would."""
    if isinstance(value, list):
        return ", ".join(map(_say, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None or value == "" else str(value)


def in_words(different: list[str]) -> str:
    """Join the first differences for an error."""
    return "; ".join(different[:MOST_DIFFERENCES])


def file_stamp(path: Path) -> str:
    """Return the size and time of a file, by which a change is noticed."""
    try:
        status = path.stat()
    except OSError:
        return GONE
    return f"{status.st_size} bytes{_TIME}{status.st_mtime_ns}"
