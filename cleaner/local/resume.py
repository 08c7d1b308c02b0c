"""Decide whether a run starts anew, resumes or is refused: one decision for every command and engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner.errors import UsageError

MOST_DIFFERENCES = 5
"""Differences between two runs that an error lists: as many as fit on a screen."""


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
        if not isinstance(value, dict) or not isinstance(previous, dict):
            yield f"{name} was {previous}, is {value}"
            continue
        for key in sorted({*value, *previous}):
            if value.get(key) != previous.get(key):
                yield f"{name}: {key} was {previous.get(key, 'not there')}, is {value.get(key, 'not there')}"


def in_words(different: list[str]) -> str:
    """Join the first differences for an error."""
    return "; ".join(different[:MOST_DIFFERENCES])


def file_stamp(path: Path) -> str:
    """Return the size and time of a file, by which a change is noticed."""
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size} bytes, {status.st_mtime_ns}"
