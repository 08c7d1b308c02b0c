"""A pool of workers: processes that may die and are started again, or this process, where few shards are enough."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cleaner.local.events import Assignment, Event, Failure, PhaseStart, WorkerEnd
from cleaner.local.failures import FailureLog, WorkerPosition, describe_error, raise_failure
from cleaner.local.process import Order, WorkerProcess, tuned_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from cleaner.local.events import Phase
    from cleaner.local.process import Work

    Watch = Callable[[int, Event], None]


def ignore(worker: int, event: Event) -> None:
    """Take no notice of an event."""


class Pool:
    """Workers that do the shards of a task, each its own, until all are done.

    Processes that are through with their assignment wait for the next call of `work`, as a start takes a second; they
    leave when the block ends. A single worker is this process.
    """

    def __init__(self, workers: int, watch: Watch = ignore, folder: Path | None = None) -> None:
        """Make a pool; no process is started yet.

        Args:
            workers: how many work at one time; never changes what comes out.
            watch: gets the events of each worker by its number.
            folder: the run's folder, which workers share while they work (`lock.shared`).
        """
        self.workers, self.watch = workers, watch
        self._folder = folder
        self._idle: list[WorkerProcess] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(tuned_memory())
        self._stack.callback(self._dismiss)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _dismiss(self) -> None:
        while self._idle:
            self._idle.pop().dismiss()

    def announce(self, phase: Phase, steps: int = 0) -> None:
        """Tell the watch which phase of the run starts, and how many steps it has where that is known."""
        self.watch(0, PhaseStart(phase, steps))

    def work(self, function: Work, task: Any, steps: int | None = None) -> None:
        """Have all workers do their shards of a task by `function`.

        Args:
            function: gets the task, an assignment, and a function to emit events with.
            task: whatever `function` needs; sent to each process.
            steps: how many shards there are, where that is known: no more workers are used.

        Raises:
            UsageError, CleanerError: the task cannot go on. What was committed stays.
        """
        workers = self.workers if steps is None else max(1, min(self.workers, steps))
        if workers == 1:
            self._work_here(function, task)
        else:
            _Crew(self, function, task, workers).run()

    def _work_here(self, function: Work, task: Any) -> None:
        failures, position = FailureLog(), WorkerPosition()

        def emit(event: Event) -> None:
            position.update(event)
            self.watch(0, event)

        while True:
            try:
                return function(task, Assignment(0, 1, failures.poison), emit)
            except Exception as error:
                failure = describe_error(error)
                if failure.is_fatal:
                    raise_failure(failure, error)
                failures.add(position, failure.reason)

    def take_process(self) -> WorkerProcess:
        """Return an idle process, or a new one."""
        return self._idle.pop() if self._idle else WorkerProcess.start()

    def return_process(self, worker: WorkerProcess) -> None:
        """Let a process that is through wait for the next call."""
        self._idle.append(worker)

    def order(self, function: Work, task: Any, assignment: Assignment) -> Order:
        """Return what to send to a process."""
        return Order(function, task, assignment, self._folder)


class _Crew:
    """The processes of one call, restarted when they die."""

    def __init__(self, pool: Pool, function: Work, task: Any, workers: int) -> None:
        self._pool, self._function, self._task, self._workers = pool, function, task, workers
        self._failures = FailureLog()
        self._processes: dict[int, WorkerProcess] = {}
        self._positions: dict[int, WorkerPosition] = {}

    def run(self) -> None:
        """Work until every worker has been through all sources."""
        try:
            for number in range(self._workers):
                self._start(number)
            while self._processes:
                ready = wait([worker.channel for worker in self._processes.values()])
                for number, worker in list(self._processes.items()):
                    if worker.channel in ready:
                        self._receive(number, worker)
        finally:
            for worker in self._processes.values():
                worker.process.kill()
            for worker in self._processes.values():
                worker.process.join()

    def _start(self, number: int) -> None:
        worker = self._processes[number] = self._pool.take_process()
        self._positions[number] = WorkerPosition()
        assignment = Assignment(number, self._workers, self._failures.poison)
        with suppress(OSError):  # that it is gone shows when its events are received
            worker.channel.send(self._pool.order(self._function, self._task, assignment))

    def _receive(self, number: int, worker: WorkerProcess) -> None:
        event = worker.receive()
        self._positions[number].update(event)
        if isinstance(event, Failure):
            self._restart(number, worker, event)
        elif isinstance(event, WorkerEnd):
            del self._processes[number]
            self._pool.return_process(worker)
        self._pool.watch(number, event)

    def _restart(self, number: int, worker: WorkerProcess, failure: Failure) -> None:
        if failure.is_fatal:
            raise_failure(failure)
        worker.process.kill()
        worker.dismiss()
        self._failures.add(self._positions[number], failure.reason)
        self._start(number)
