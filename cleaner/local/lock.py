"""One run at a time in an output folder, and none before the last worker of an earlier one, killed or not, has gone."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.errors import UsageError

PATIENCE = 60.0
"""Seconds to wait for workers that lost their run; they leave at the end of the block they are at."""


@contextmanager
def claimed(own: Path) -> Iterator[None]:
    """Hold an output by the folder inside it that is ours. UsageError where another run does."""
    with _opened(own) as run, _opened(own.parent) as workers:
        if not _locked(run, exclusive=True):
            raise UsageError(f"{own.parent}: another run is writing there; wait for it, or choose another --output")
        until = time.monotonic() + PATIENCE
        while not _locked(workers, exclusive=True):
            if time.monotonic() > until:
                raise UsageError(f"{own.parent}: workers of an earlier run are still there; end them first")
            time.sleep(0.02)
        _unlock(workers)
        yield


@contextmanager
def joined(own: Path) -> Iterator[None]:
    """Say that a worker is there."""
    with _opened(own.parent) as workers:
        _locked(workers, exclusive=False)
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A folder to lock; nothing where folders cannot be opened."""
    if sys.platform == "win32":
        yield -1
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _locked(handle: int, *, exclusive: bool) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(handle: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
