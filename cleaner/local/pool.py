"""The embedded engine: a job's shards in local processes, which may die; or in this one, where few are enough."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, NamedTuple, Protocol

import numpy as np

from cleaner.errors import CleanerError, UsageError
from cleaner.local import lock
from cleaner.local.checkpoints import Parts
from cleaner.local.events import Ended, Event, Share, Tell
from cleaner.local.failures import Deaths, Failed, Place

SMALL = 8 << 20
"""Bytes of input up to which starting processes takes longer than it saves."""


class Task(Protocol):
    """What workers share: a job whose size in bytes is known."""

    @property
    def size(self) -> int:
        """Bytes of input."""


Work = Callable[[Any, Parts, Share, Tell], None]
Watch = Callable[[int, Event], None]


def run(job: Task, parts: Parts, workers: int | None, watch: Watch, do: Work) -> None:
    """Commit all shards of a job by `do`. `workers`: processes; None for one a core, or none at all for a small job.

    `watch` gets the events of each worker by its number. Raises UsageError and CleanerError where the job cannot go on;
    what is committed stays.
    """
    count = workers or (1 if job.size <= SMALL else os.cpu_count() or 1)
    deaths = Deaths()
    if count == 1:
        _here(job, parts, watch, do, deaths)
    else:
        _Crew(job, parts, count, watch, do, deaths).run()


def _here(job: Task, parts: Parts, watch: Watch, do: Work, deaths: Deaths) -> None:
    at = Place()

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
    """A process and the way to it: work goes there, events come back; it leaves when that is closed."""

    process: SpawnProcess
    channel: Connection

    def dismiss(self) -> None:
        self.channel.close()
        self.process.join()


_idle: list[_Worker] | None = None
"""Processes that wait for other work, where they do."""


@contextmanager
def kept() -> Iterator[None]:
    """Processes that are through with their share wait for another until the block ends; a start takes a second."""
    global _idle
    waiting: list[_Worker] = []
    before, _idle = _idle, waiting
    try:
        yield
    finally:
        _idle = before
        for worker in waiting:
            worker.dismiss()


class _Crew:
    """Processes with their shares, started again when they die."""

    def __init__(self, job: Task, parts: Parts, count: int, watch: Watch, do: Work, deaths: Deaths) -> None:
        self._job, self._parts, self._count = job, parts, count
        self._watch, self._do, self._deaths = watch, do, deaths
        self._context = multiprocessing.get_context("spawn")
        self._crew: dict[int, _Worker] = {}
        self._at: dict[int, Place] = {}

    def run(self) -> None:
        """Work until every worker has been through all sources."""
        try:
            for number in range(self._count):
                self._start(number)
            while self._crew:
                ready = wait([worker.channel for worker in self._crew.values()])
                for number, worker in list(self._crew.items()):
                    if worker.channel in ready:
                        self._hear(number, worker)
        finally:
            for worker in self._crew.values():
                worker.process.kill()
            for worker in self._crew.values():
                worker.process.join()

    def _start(self, number: int) -> None:
        worker = self._crew[number] = _idle.pop() if _idle else self._new()
        self._at[number] = Place()
        share = Share(number, self._count, self._deaths.troubles)
        with suppress(OSError):  # that it is gone will be heard
            worker.channel.send((self._do, self._job, self._parts, share))

    def _new(self) -> _Worker:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_worker, args=(there,), daemon=True)
        with _uninterrupted():
            process.start()
        there.close()
        return _Worker(process, here)

    def _hear(self, number: int, worker: _Worker) -> None:
        try:
            event = worker.channel.recv()
        except (EOFError, OSError):
            worker.process.join()
            event = Failed(f"the process ended with code {worker.process.exitcode}")
        self._at[number].hear(event)
        if isinstance(event, Failed):
            self._mourn(number, worker, event)
        elif isinstance(event, Ended):
            del self._crew[number]
            worker.dismiss() if _idle is None else _idle.append(worker)
        self._watch(number, event)

    def _mourn(self, number: int, worker: _Worker, failed: Failed) -> None:
        if failed.fatal:
            raise (UsageError if failed.usage else CleanerError)(failed.reason)
        worker.process.kill()
        worker.dismiss()
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


def _worker(channel: Connection) -> None:
    """The life of a process. It leaves when nobody hears it any more."""
    with tuned_memory():
        while True:
            try:
                do, job, parts, share = channel.recv()
            except (EOFError, OSError):
                return
            with lock.joined(parts.folder.parent):
                _done(do, job, parts, share, channel.send)


def _done(do: Work, job: Task, parts: Parts, share: Share, send: Callable[[Event | Failed], None]) -> None:
    try:
        do(job, parts, share, send)
    except ConnectionError:
        os._exit(1)
    except Exception as error:
        send(_judged(error))


GROWN = 31 << 20
"""Bytes of an array that is made and freed first, untouched. From then on glibc keeps what smaller ones free, which
it would else give back and ask for again (`M_MMAP_THRESHOLD` in mallopt(3), which ends at 32 MB)."""
OBJECTS = 1 << 16
"""How many more objects there may be before circles are looked for among them. Records are in none, and a block of
them has many times the 700 that are usual."""


@contextmanager
def tuned_memory() -> Iterator[None]:
    """Hold memory so until the block ends."""
    np.empty(GROWN, dtype=np.uint8)
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
