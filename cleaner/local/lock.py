"""Lock an output folder for one run.

The main process holds an exclusive lock on a folder inside the output, each worker a shared one on its parent, so a
new run waits until every worker of a killed run has exited. Windows has no folder locks; there nothing is locked.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.errors import UsageError

PATIENCE = 60.0
"""Seconds to wait for workers that lost their run; they leave at the end of the batch they are at."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold an output for one run.

    Args:
        folder: the run's folder inside the output.

    Raises:
        UsageError: another run holds it, or workers of an earlier one do not leave.
    """
    with _handle(folder) as run, _handle(folder.parent) as workers:
        if not _lock(run, is_exclusive=True):
            raise UsageError(f"{folder.parent}: another run is writing there; wait for it, or choose another --output")
        deadline = time.monotonic() + PATIENCE
        while not _lock(workers, is_exclusive=True):
            if time.monotonic() > deadline:
                raise UsageError(f"{folder.parent}: workers of an earlier run are still there; end them first")
            time.sleep(0.02)
        _unlock(workers)
        yield


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Hold an output as one of the workers of its run."""
    with _handle(folder.parent) as workers:
        _lock(workers, is_exclusive=False)
        yield


@contextmanager
def _handle(folder: Path) -> Iterator[int]:
    """Open a folder to lock it; give -1 where folders cannot be opened."""
    if sys.platform == "win32":
        yield -1
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int, *, is_exclusive: bool) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if is_exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(handle: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
