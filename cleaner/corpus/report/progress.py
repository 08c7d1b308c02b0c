"""The progress of a run: a bar on a terminal, a line every ten seconds elsewhere, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from cleaner.local.events import Advance, Event, PhaseStart, ShardStart, StepEnd, WorkerEnd

EVERY = 10.0
"""Seconds between two lines."""
LEAST_SHARE = 0.01
"""The share that must be done before the time that remains is estimated."""

Style = Literal["bar", "lines", "json", "none"]
Watch = Callable[[int, Event], None]


_PHASE_TITLES = {
    "near-duplicates": "comparing near-duplicates",
    "repeated spans": "extending repeated spans",
    "dropping": "dropping near-duplicates",
    "joining": "joining the output",
    "learning": "looking at recurring lines",
}


@dataclass
class _PhaseProgress:
    """How far a phase after the reading of all sources is. `steps`: 0 where their number isn't known."""

    name: str
    steps: int
    start: float
    steps_done: int = 0

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None where that isn't known."""
        return min(self.steps_done / self.steps, 1.0) if self.steps else None


@dataclass
class Progress:
    """How far a run is. `total`: bytes of all inputs as stored; every worker passes all of them."""

    total: int
    documents: int = 0
    size: int = 0
    characters_in: int = 0
    characters_out: int = 0
    start: float = field(default_factory=time.monotonic)
    positions: dict[int, int] = field(default_factory=dict)
    phase: _PhaseProgress | None = None

    def follow(self, worker: int, event: Event) -> None:
        """Take an event of a worker into account."""
        match event:
            case PhaseStart(name, steps):
                self.phase = _PhaseProgress(name, steps, time.monotonic())
            case StepEnd() if self.phase:
                self.phase.steps_done += 1
            case Advance():
                self.positions[worker] = event.position
                self.documents += event.documents
                self.size += event.size
                self.characters_in += event.characters_in
                self.characters_out += event.characters_out
            case WorkerEnd():
                self.positions[worker] = self.total
            case ShardStart() if not self.phase:
                self.positions.setdefault(worker, 0)

    @property
    def share(self) -> float:
        """How much of the sources is done, from 0 to 1."""
        if not self.positions or not self.total:
            return 0.0
        return min(sum(self.positions.values()) / len(self.positions) / self.total, 1.0)

    def numbers(self) -> dict[str, Any]:
        """Return documents, seconds, MB a second, shares from 0 to 1 of what is done and removed, seconds left or None.

        `phase` is what is done now; `phase_done` its share from 0 to 1, None where that isn't known.
        """
        seconds = max(time.monotonic() - self.start, 1e-6)
        share = self.phase.share if self.phase else self.share
        elapsed = time.monotonic() - self.phase.start if self.phase else seconds
        remaining = elapsed / share - elapsed if share and share > LEAST_SHARE else None
        removed_share = 1 - self.characters_out / self.characters_in if self.characters_in else 0.0
        return {
            "documents": self.documents,
            "seconds": round(seconds, 1),
            "megabytes_per_second": round(self.size / 1e6 / seconds, 1),
            "done": round(self.share, 4),
            "removed": round(removed_share, 4),
            "seconds_left": None if remaining is None else round(remaining),
            "phase": self.phase.name if self.phase else "cleaning",
            "phase_done": None if share is None else round(share, 4),
        }

    def line(self) -> str:
        """Return the numbers in words: of the sources, or of the phase that follows."""
        numbers = self.numbers()
        seconds = numbers["seconds_left"]
        remaining = "" if seconds is None else f", {seconds // 60}:{seconds % 60:02} left"
        if self.phase:
            share = "" if numbers["phase_done"] is None else f" {numbers['phase_done']:.0%} done"
            return f"{_PHASE_TITLES[numbers['phase']]}:{share or ' …'}{remaining}"
        removed_text = f", {numbers['removed']:.1%} removed" if self.characters_in else ""
        return (
            f"{numbers['done']:.0%} done: {numbers['documents']:,} documents, "
            f"{numbers['megabytes_per_second']} MB/s{removed_text}{remaining}"
        )


@contextmanager
def show(style: Style, total: int) -> Iterator[Watch]:
    """Show progress on standard error while the block runs; gives what takes the events."""
    progress = Progress(total)
    if style == "bar":
        with _bar(progress) as watch:
            yield watch
    elif style == "none":
        yield progress.follow
    else:
        yield _lines(progress, lambda: json.dumps(progress.numbers()) if style == "json" else progress.line())
        if style == "json":
            print(json.dumps(progress.numbers()), file=sys.stderr, flush=True)


def _lines(progress: Progress, text: Callable[[], str]) -> Watch:
    deadline = progress.start + EVERY

    def watch(worker: int, event: Event) -> None:
        nonlocal deadline
        progress.follow(worker, event)
        if time.monotonic() >= deadline:
            deadline = time.monotonic() + EVERY
            print(text(), file=sys.stderr, flush=True)

    return watch


@contextmanager
def _bar(progress: Progress) -> Iterator[Watch]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        tasks = {"": bar.add_task("starting", total=1.0)}

        def watch(worker: int, event: Event) -> None:
            progress.follow(worker, event)
            name = progress.phase.name if progress.phase else ""
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=None)
            share = progress.phase.share if progress.phase else progress.share
            total = None if share is None else 1.0
            bar.update(tasks[name], total=total, completed=share or 0.0, description=progress.line())

        yield watch
