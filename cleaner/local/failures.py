"""Workers that end before their assignment is done: where they were, and what the next one must know."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

import msgspec

from cleaner.errors import CleanerError, UsageError
from cleaner.local.events import Event, Failure, PoisonShard, RecordStart, ShardStart

ATTEMPTS = 2
"""Ends of a worker at one shard after which the records of the shard are done one by one."""


def describe_error(error: Exception) -> Failure:
    """Describe an error for other processes."""
    if isinstance(error, CleanerError):
        return Failure(str(error), is_fatal=True, is_usage=isinstance(error, UsageError))
    if isinstance(error, OSError):
        return Failure(f"{error}; mend that and give the same command again to resume", is_fatal=True)
    return Failure(f"{type(error).__name__}: {error}")


def raise_failure(failure: Failure, cause: Exception | None = None) -> NoReturn:
    """Raise the error that a failure describes."""
    raise (UsageError if failure.is_usage else CleanerError)(failure.reason) from cause


class WorkerPosition:
    """The shard that a worker is at, and the record, where it announced one."""

    def __init__(self) -> None:
        self.shard: tuple[int, int] | None = None
        self.record: int | None = None

    def update(self, event: Event) -> None:
        """Follow an event."""
        if isinstance(event, ShardStart):
            self.shard, self.record = (event.source, event.shard), None
        elif isinstance(event, RecordStart):
            self.record = event.record


class FailureLog:
    """Shards that ended their worker, and the records at which they did."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int] | None] = Counter()
        self._poison: dict[tuple[int, int], PoisonShard] = {}

    @property
    def poison(self) -> tuple[PoisonShard, ...]:
        """What the next worker must know."""
        return tuple(self._poison.values())

    def add(self, position: WorkerPosition, reason: str) -> None:
        """Count the end of a worker.

        From the second on at one shard, the record at which a worker ends is refused; where that does not help, the
        whole shard is.

        Raises:
            CleanerError: where that does not help either.
        """
        self._counts[position.shard] += 1
        if self._counts[position.shard] < ATTEMPTS:
            return
        before = self._poison.get(position.shard) if position.shard else None
        if position.shard is None or (before and before.is_hopeless):
            raise CleanerError(f"workers cannot work: {reason}")
        if before is None:
            poison = PoisonShard(*position.shard, reason)
        elif position.record is None or position.record in before.records:
            poison = PoisonShard(*position.shard, reason, is_hopeless=True)
        else:
            poison = msgspec.structs.replace(before, records=(*before.records, position.record))
        self._poison[position.shard] = poison
