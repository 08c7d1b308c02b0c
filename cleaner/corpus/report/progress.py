"""How far a run is: a bar on a terminal, a line every ten seconds elsewhere, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from cleaner.local.events import Begun, Ended, Event, Moved, Stepped, Turned

EVERY = 10.0
"""Seconds between two lines."""

Style = Literal["bar", "lines", "json", "none"]


_WORDS = {
    "near-duplicates": "comparing near-duplicates",
    "dropping": "dropping near-duplicates",
    "joining": "joining the output",
}
"""What a phase after cleaning is called."""


@dataclass
class _Phase:
    """What the run turned to after cleaning. `steps`: how many there are, 0 where that isn't known."""

    name: str
    steps: int
    begun: float
    done: int = 0

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1."""
        return min(self.done / self.steps, 1.0) if self.steps else None


@dataclass
class Progress:
    """What is done so far. `total`: bytes of all inputs as stored; every worker passes all of them."""

    total: int
    documents: int = 0
    size: int = 0
    characters_in: int = 0
    characters_out: int = 0
    begun: float = field(default_factory=time.monotonic)
    places: dict[int, int] = field(default_factory=dict)
    phase: _Phase | None = None

    def hear(self, worker: int, event: Event) -> None:
        """Take note of a worker's event."""
        match event:
            case Turned(name, steps):
                self.phase = _Phase(name, steps, time.monotonic())
            case Stepped() if self.phase:
                self.phase.done += 1
            case Moved():
                self.places[worker] = event.place
                self.documents += event.documents
                self.size += event.size
                self.characters_in += event.characters_in
                self.characters_out += event.characters_out
            case Ended():
                self.places[worker] = self.total
            case Begun() if not self.phase:
                self.places.setdefault(worker, 0)

    @property
    def done(self) -> float:
        """How much is read and cleaned, from 0 to 1."""
        share = sum(self.places.values()) / len(self.places) / self.total if self.places and self.total else 0.0
        return min(share, 1.0)

    def numbers(self) -> dict[str, Any]:
        """Documents, seconds, MB a second, shares from 0 to 1 of what is done and removed, seconds left or None.

        `phase` is what is done now; `phase_done` its share from 0 to 1, None where that isn't known.
        """
        seconds = max(time.monotonic() - self.begun, 1e-6)
        share = self.phase.share if self.phase else self.done
        spent = time.monotonic() - self.phase.begun if self.phase else seconds
        left = spent / share - spent if share and share > 0.01 else None
        removed = 1 - self.characters_out / self.characters_in if self.characters_in else 0.0
        return {
            "documents": self.documents,
            "seconds": round(seconds, 1),
            "megabytes_per_second": round(self.size / 1e6 / seconds, 1),
            "done": round(self.done, 4),
            "removed": round(removed, 4),
            "seconds_left": None if left is None else round(left),
            "phase": self.phase.name if self.phase else "cleaning",
            "phase_done": None if share is None else round(share, 4),
        }

    def line(self) -> str:
        """The numbers in words: of cleaning, or of what follows it."""
        now = self.numbers()
        left = (
            "" if now["seconds_left"] is None else f", {now['seconds_left'] // 60}:{now['seconds_left'] % 60:02} left"
        )
        if self.phase:
            share = "" if now["phase_done"] is None else f" {now['phase_done']:.0%} done"
            return f"{_WORDS[now['phase']]}:{share or ' …'}{left}"
        return (
            f"{now['done']:.0%} done: {now['documents']:,} documents, {now['megabytes_per_second']} MB/s, "
            f"{now['removed']:.1%} removed{left}"
        )


@contextmanager
def shown(style: Style, total: int) -> Iterator[Callable[[int, Event], None]]:
    """Show progress on standard error while the block runs; gives what takes the events."""
    progress = Progress(total)
    if style == "bar":
        with _bar(progress) as watch:
            yield watch
    elif style == "none":
        yield progress.hear
    else:
        yield _every(progress, lambda: json.dumps(progress.numbers()) if style == "json" else progress.line())
        if style == "json":
            print(json.dumps(progress.numbers()), file=sys.stderr, flush=True)


def _every(progress: Progress, text: Callable[[], str]) -> Callable[[int, Event], None]:
    due = progress.begun + EVERY

    def watch(worker: int, event: Event) -> None:
        nonlocal due
        progress.hear(worker, event)
        if time.monotonic() >= due:
            due = time.monotonic() + EVERY
            print(text(), file=sys.stderr, flush=True)

    return watch


@contextmanager
def _bar(progress: Progress) -> Iterator[Callable[[int, Event], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        tasks = {"": bar.add_task("starting", total=1.0)}

        def watch(worker: int, event: Event) -> None:
            progress.hear(worker, event)
            name = progress.phase.name if progress.phase else ""
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=None)
            share = progress.phase.share if progress.phase else progress.done
            whole = None if share is None else 1.0
            bar.update(tasks[name], total=whole, completed=share or 0.0, description=progress.line())

        yield watch
