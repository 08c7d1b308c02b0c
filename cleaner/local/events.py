"""Events that a worker emits while it works, and the assignment that it works on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct


class ShardStart(Struct, frozen=True):
    """A worker starts on a shard."""

    source: int
    shard: int


class Advance(Struct, frozen=True):
    """How far a worker is.

    `position`: in the bytes of all sources as stored. All other fields count what was done since the last event.
    """

    position: int
    documents: int = 0
    size: int = 0
    characters_in: int = 0
    characters_out: int = 0


class RecordStart(Struct, frozen=True):
    """A worker starts on a record of a shard that ended workers before. `record`: its index in the shard."""

    record: int


class WorkerEnd(Struct, frozen=True):
    """A worker has been through all sources."""


class PhaseStart(Struct, frozen=True):
    """The run starts on its next phase. `steps`: how many it has; 0 where that isn't known or it has none."""

    phase: Phase
    steps: int = 0


class StepEnd(Struct, frozen=True):
    """One step of the phase is done."""


class Failure(Struct, frozen=True):
    """The end of a worker. `is_fatal`: no other could do better, as with a full disk. `is_usage`: a wrong call."""

    reason: str
    is_fatal: bool = False
    is_usage: bool = False


Phase = Literal["near-duplicates", "repeated spans", "dropping", "joining", "learning"]
"""What follows the reading of all sources: looking for copies and repeated spans, dropping them from the output,
joining the shards; looking again at lines that recur."""


Event = ShardStart | Advance | RecordStart | WorkerEnd | PhaseStart | StepEnd | Failure


Emit = Callable[[Event], None]


class PoisonShard(Struct, frozen=True):
    """A shard that ended its worker more than once. Its records are done one by one, each announced before.

    `records`: those at which the worker ended, by their indices in the shard. `is_hopeless`: all are to be refused.
    """

    source: int
    shard: int
    reason: str
    records: tuple[int, ...] = ()
    is_hopeless: bool = False


class Assignment(Struct, frozen=True):
    """The shards of one of several workers, and what is known of shards that end workers."""

    worker: int = 0
    workers: int = 1
    poison: tuple[PoisonShard, ...] = ()

    def includes(self, index: int) -> bool:
        """Whether the shard with this index is the worker's."""
        return index % self.workers == self.worker
