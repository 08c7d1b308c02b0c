"""The terminal: a console for people on standard error, and a progress bar there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def stderr_console() -> Console:
    """Make a console on standard error."""
    from rich.console import Console  # takes 30 ms to import, and quiet runs need none

    return Console(stderr=True, highlight=False)


@contextmanager
def progress_bar(total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar of bytes read while the block runs, on a terminal only; the block tells how many more were read."""
    console = stderr_console()
    if quiet or not console.is_terminal:
        yield lambda advance: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda advance: bar.advance(task, advance)
