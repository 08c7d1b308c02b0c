"""Workers that ended before their share was done: where they were, and what the next one must know."""

from __future__ import annotations

from collections import Counter

import msgspec
from msgspec import Struct

from cleaner.errors import CleanerError
from cleaner.local.events import Begun, Event, Trouble, Watched

ATTEMPTS = 2
"""Deaths of its worker after which the records of a shard are done one by one."""


class Failed(Struct, frozen=True):
    """A worker gave up: `fatal` when no other could do better, as with a full disk."""

    reason: str
    fatal: bool = False
    usage: bool = False


class Place:
    """How far a worker is: its shard, and there the record, where it told of it."""

    def __init__(self) -> None:
        self.shard: tuple[int, int] | None = None
        self.record: int | None = None

    def hear(self, event: Event | Failed) -> None:
        """Take note of an event."""
        if isinstance(event, Begun):
            self.shard, self.record = (event.source, event.shard), None
        elif isinstance(event, Watched):
            self.record = event.record


class Deaths:
    """Which shards ended their worker, and where in them."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[int, int] | None] = Counter()
        self._troubles: dict[tuple[int, int], Trouble] = {}

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What the next worker must know."""
        return tuple(self._troubles.values())

    def add(self, at: Place, reason: str) -> None:
        """Count a death: from the second on the shard is watched, and the record at which a worker ends is refused.

        Where that does not help, the whole shard is. CleanerError where that does not help either.
        """
        self._counted[at.shard] += 1
        if self._counted[at.shard] < ATTEMPTS:
            return
        known = self._troubles.get(at.shard) if at.shard else None
        if at.shard is None or (known and known.whole):
            raise CleanerError(f"workers cannot work: {reason}")
        if known is None:
            found = Trouble(*at.shard, f"it ends the worker that cleans it: {reason}")
        elif at.record is None or at.record in known.refused:
            found = Trouble(*at.shard, f"its shard ends the worker that cleans it: {reason}", whole=True)
        else:
            found = msgspec.structs.replace(known, refused=(*known.refused, at.record))
        self._troubles[at.shard] = found
