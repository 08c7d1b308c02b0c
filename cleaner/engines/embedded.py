"""The embedded engine: a job's shards in local processes, which may die; or in this one, where few are enough."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cleaner.engines import claim, memory, work
from cleaner.engines.job import Job
from cleaner.engines.parts import Parts
from cleaner.engines.work import Begun, Ended, Event, Share, Tell, Trouble, Watched
from cleaner.errors import CleanerError, UsageError

SMALL = 8 << 20
"""Bytes of input up to which starting processes takes longer than it saves."""
ATTEMPTS = 2
"""Deaths of its worker after which the records of a shard are done one by one."""

Work = Callable[[Job, Parts, Share, Tell], None]
Watch = Callable[[int, Event], None]


class Failed(Struct, frozen=True):
    """A worker gave up: `fatal` when no other could do better, as with a full disk."""

    reason: str
    fatal: bool = False
    usage: bool = False


def run(job: Job, parts: Parts, workers: int | None, watch: Watch, do: Work = work.run) -> None:
    """Commit all shards of a job. `workers`: processes; None for one a core, or none at all for a small job.

    `watch` gets the events of each worker by its number. Raises UsageError and CleanerError where the job cannot go on;
    what is committed stays.
    """
    count = workers or (1 if job.size <= SMALL else os.cpu_count() or 1)
    deaths = _Deaths()
    if count == 1:
        _here(job, parts, watch, do, deaths)
    else:
        _Crew(job, parts, count, watch, do, deaths).run()


class _Place:
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


class _Deaths:
    """Which shards ended their worker, and where in them."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[int, int] | None] = Counter()
        self._troubles: dict[tuple[int, int], Trouble] = {}

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What the next worker must know."""
        return tuple(self._troubles.values())

    def add(self, at: _Place, reason: str) -> None:
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


def _here(job: Job, parts: Parts, watch: Watch, do: Work, deaths: _Deaths) -> None:
    at = _Place()

    def tell(event: Event) -> None:
        at.hear(event)
        watch(0, event)

    while True:
        try:
            return do(job, parts, Share(0, 1, deaths.troubles), tell)
        except Exception as error:
            failed = _judged(error)
            if failed.fatal:
                raise (UsageError if failed.usage else CleanerError)(failed.reason) from error
            deaths.add(at, failed.reason)


def _judged(error: Exception) -> Failed:
    if isinstance(error, CleanerError):
        return Failed(str(error), fatal=True, usage=isinstance(error, UsageError))
    if isinstance(error, OSError):
        return Failed(f"{error}; mend that and give the same command again to resume", fatal=True)
    return Failed(f"{type(error).__name__}: {error}")


class _Worker(NamedTuple):
    process: SpawnProcess
    events: Connection


class _Crew:
    """Processes with their shares, started again when they die."""

    def __init__(self, job: Job, parts: Parts, count: int, watch: Watch, do: Work, deaths: _Deaths) -> None:
        self._job, self._parts, self._count = job, parts, count
        self._watch, self._do, self._deaths = watch, do, deaths
        self._context = multiprocessing.get_context("spawn")
        self._crew: dict[int, _Worker] = {}
        self._at: dict[int, _Place] = {}

    def run(self) -> None:
        """Work until every worker has been through all sources."""
        try:
            for number in range(self._count):
                self._start(number)
            while self._crew:
                ready = wait([worker.events for worker in self._crew.values()])
                for number, worker in list(self._crew.items()):
                    if worker.events in ready:
                        self._hear(number, worker)
        finally:
            for worker in self._crew.values():
                worker.process.kill()
            for worker in self._crew.values():
                worker.process.join()

    def _start(self, number: int) -> None:
        here, there = self._context.Pipe(duplex=False)
        share = Share(number, self._count, self._deaths.troubles)
        process = self._context.Process(
            target=_worker, args=(self._do, self._job, self._parts, share, there), daemon=True
        )
        with _uninterrupted():
            process.start()
        there.close()
        self._crew[number] = _Worker(process, here)
        self._at[number] = _Place()

    def _hear(self, number: int, worker: _Worker) -> None:
        try:
            event = worker.events.recv()
        except (EOFError, OSError):
            worker.process.join()
            event = Failed(f"the process ended with code {worker.process.exitcode}")
        self._at[number].hear(event)
        if isinstance(event, Failed):
            self._mourn(number, worker, event)
        elif isinstance(event, Ended):
            worker.process.join()
            worker.events.close()
            del self._crew[number]
        self._watch(number, event)

    def _mourn(self, number: int, worker: _Worker, failed: Failed) -> None:
        if failed.fatal:
            raise (UsageError if failed.usage else CleanerError)(failed.reason)
        worker.process.kill()
        worker.process.join()
        worker.events.close()
        self._deaths.add(self._at[number], failed.reason)
        self._start(number)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started here never get the terminal's interrupt; it waits for the one that starts them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # starting the tracker later, with the first process, would let interrupts through again
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _worker(do: Work, job: Job, parts: Parts, share: Share, events: Connection) -> None:
    """The life of a process. It leaves when nobody hears it any more."""
    with claim.joined(parts.folder.parent), memory.kept():
        try:
            do(job, parts, share, events.send)
        except BrokenPipeError:
            os._exit(1)
        except Exception as error:
            events.send(_judged(error))
