"""What a worker says while it works, and which share of the work it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct


class Begun(Struct, frozen=True):
    """A shard is being worked on."""

    source: int
    shard: int


class Moved(Struct, frozen=True):
    """How far a worker is: `place` in the bytes of all sources as stored. The rest counts since the last event."""

    place: int
    documents: int = 0
    size: int = 0
    characters_in: int = 0
    characters_out: int = 0


class Watched(Struct, frozen=True):
    """A worker turns to a record of a shard that ended workers before, by its place there."""

    record: int


class Ended(Struct, frozen=True):
    """A worker has been through all sources."""


class Turned(Struct, frozen=True):
    """After all sources the run turns to something else, of so many steps; 0 where that isn't known or it has none."""

    phase: Phase
    steps: int = 0


class Stepped(Struct, frozen=True):
    """One of those steps is done."""


Phase = Literal["near-duplicates", "dropping", "joining"]
"""What follows cleaning: looking for copies, taking them out of what was written, one output of all parts."""


Event = Begun | Moved | Watched | Ended | Turned | Stepped


Tell = Callable[[Event], None]


class Trouble(Struct, frozen=True):
    """A shard that ended its worker more than once, and why. Its records are done one by one, each told of before.

    `refused`: those at which the worker ended then, by their places in the shard. `whole`: all are refused.
    """

    source: int
    shard: int
    reason: str
    refused: tuple[int, ...] = ()
    whole: bool = False


class Share(Struct, frozen=True):
    """Which shards are a worker's: every `of`-th; and what is known of those that make trouble."""

    worker: int = 0
    of: int = 1
    troubles: tuple[Trouble, ...] = ()
