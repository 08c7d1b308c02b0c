"""Files cleaned by several processes, with one result for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path

from cleaner.check import cleaning
from cleaner.check.cleaning import CheckSettings, CleanedSample
from cleaner.formats.base import Rejection
from cleaner.formats.registry import format_of
from cleaner.local.worker_count import default_workers
from cleaner.text.batching import batches

BATCH = 2 << 20
"""Bytes of the files that a process is given at a time."""


def clean_files(
    paths: Sequence[Path],
    settings: CheckSettings,
    progress: Callable[[int], AbstractContextManager[Callable[[int], None]]] | None,
    *,
    keep_all: bool,
) -> Iterator[CleanedSample | Rejection]:
    """Clean each text of some files, in their order.

    Args:
        paths: the files.
        settings: those of the check, with the number of processes; 0 takes as many as the files are worth.
        progress: is given the bytes of all files, and within its context told how many more are done.
        keep_all: whether texts without findings are wanted from other processes, too.
    """
    sizes = {path: _file_size(path, settings) for path in paths}
    total = sum(sizes.values())
    workers = settings.workers or default_workers(total)
    groups = list(batches(paths, BATCH, sizes.__getitem__))
    with progress(total) if progress else nullcontext(_ignore) as watch:
        for group, outcomes in zip(groups, _clean_groups(groups, settings, workers, keep_all=keep_all), strict=True):
            remaining = sum(map(sizes.__getitem__, group))
            for outcome in outcomes:
                yield outcome
                step = min(remaining, len(outcome.sample.text)) if isinstance(outcome, CleanedSample) else 0
                watch(step)
                remaining -= step
            watch(remaining)


def _ignore(advance: int) -> None:
    """Show nothing."""


def _file_size(path: Path, settings: CheckSettings) -> int:
    """Return the bytes of a file; 0 where they cannot be told."""
    with suppress(OSError):
        return settings.contents.get(path, path).stat().st_size
    return 0


def _clean_groups(
    groups: Sequence[Sequence[Path]], settings: CheckSettings, workers: int, *, keep_all: bool
) -> Iterator[Iterator[CleanedSample | Rejection]]:
    if min(workers, len(groups)) <= 1:
        for group in groups:
            yield cleaning.clean_files(group, settings)
        return
    from concurrent.futures import ProcessPoolExecutor  # most checks need no other process
    from multiprocessing import get_context

    work = partial(_clean_group, settings=settings, keep_all=keep_all)
    with ProcessPoolExecutor(min(workers, len(groups)), get_context("spawn")) as pool:
        tasks = [pool.submit(work, group) if _can_be_sent(group) else None for group in groups]
        try:
            for group, task in zip(groups, tasks, strict=True):
                yield iter(task.result()) if task else cleaning.clean_files(group, settings)
        finally:
            pool.shutdown(cancel_futures=True)  # an interrupt waits for what is begun, not for what is not


def _can_be_sent(paths: Sequence[Path]) -> bool:
    """Whether the records of files are small; a row of Parquet holds on to its whole batch."""
    return all(format_of(path).is_stream for path in paths)


def _clean_group(paths: Sequence[Path], settings: CheckSettings, *, keep_all: bool) -> list[CleanedSample | Rejection]:
    outcomes = cleaning.clean_files(paths, settings)
    return [item for item in outcomes if keep_all or isinstance(item, Rejection) or item.is_noteworthy]
