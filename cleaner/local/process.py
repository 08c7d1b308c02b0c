"""Worker processes: started so that no interrupt reaches them, given work through a channel, gone when it closes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cleaner.local import lock
from cleaner.local.events import Assignment, Emit, Event, Failure
from cleaner.local.failures import describe_error

Work = Callable[[Any, Assignment, Emit], None]
"""Does an assignment's shards of a task, and emits events, the last of them `WorkerEnd`."""


class Order(NamedTuple):
    """What a worker process is sent. `folder`: the run's folder, which it shares while it works, or None."""

    function: Work
    task: Any
    assignment: Assignment
    folder: Path | None


class WorkerProcess(NamedTuple):
    """A process and its channel: orders go in, events come out."""

    process: SpawnProcess
    channel: Connection

    @classmethod
    def start(cls) -> WorkerProcess:
        """Start a process that waits for orders."""
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_blocked():
            process.start()
        theirs.close()
        return cls(process, ours)

    def receive(self) -> Event:
        """Wait for the next event; a process that is gone is a Failure."""
        try:
            event: Event = self.channel.recv()
        except (EOFError, OSError):
            self.process.join()
            return Failure(f"the process ended with code {self.process.exitcode}")
        return event

    def dismiss(self) -> None:
        """Close the channel and wait until the process has left."""
        self.channel.close()
        self.process.join()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Keep the terminal's interrupt from processes that are started here; it waits for this one."""
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


def _serve(channel: Connection) -> None:
    """Carry out orders until nobody listens any more."""
    with tuned_memory():
        while True:
            try:
                order = Order(*channel.recv())
            except (EOFError, OSError):
                return
            with lock.shared(order.folder) if order.folder else nullcontext():
                _carry_out(order, channel.send)


def _carry_out(order: Order, send: Callable[[Event], None]) -> None:
    try:
        order.function(order.task, order.assignment, send)
    except ConnectionError:
        os._exit(1)
    except Exception as error:
        send(describe_error(error))


MMAP_THRESHOLD = 31 << 20
"""Bytes of an array that is made and freed first, untouched. From then on glibc keeps what smaller ones free, which
it would else give back and ask for again (`M_MMAP_THRESHOLD` in mallopt(3), which ends at 32 MB)."""
COLLECTOR_THRESHOLD = 1 << 16
"""How many more objects there may be before circles are looked for among them. Records are in none, and a batch of
them has many times the 700 that are usual."""


@contextmanager
def tuned_memory() -> Iterator[None]:
    """Tune malloc and the garbage collector for a long run; the collector is as before when the block ends."""
    np.empty(MMAP_THRESHOLD, dtype=np.uint8)
    before = gc.get_threshold()
    gc.set_threshold(COLLECTOR_THRESHOLD, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
