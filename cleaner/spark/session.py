"""A session for a run from the command line, and how far it is."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

from cleaner.spark import shipping

DEFAULTS = {
    "spark.app.name": "cleaner",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
EVERY = 0.5
"""Seconds between two looks at how far the stages are."""

Show = Callable[[int, int, int], None]
"""Takes the number of the first stage that runs, and how many of its tasks are done and are there."""


@contextmanager
def started(master: str | None, given: Mapping[str, str]) -> Iterator[SparkSession]:
    """A session while the block runs; the package travels to executors that are not on this machine."""
    builder: Any = SparkSession.builder.config(map={**DEFAULTS, **given})
    if master:
        builder = builder.master(master)
    if (master or "local").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session: SparkSession = builder.getOrCreate()
    try:
        # the number of cores grows and shrinks with the executors; blocks of files must not change within a run
        cores = session.sparkContext.defaultParallelism
        session.conf.set("spark.sql.files.minPartitionNum", str(cores))
        if not str(session.sparkContext.master).startswith("local["):
            shipping.ship(session)
        yield session
    finally:
        session.stop()


@contextmanager
def watched(session: SparkSession, show: Show) -> Iterator[None]:
    """Tell how far the session's stages are while the block runs, from Spark's status API."""
    tracker, ended = session.sparkContext.statusTracker(), threading.Event()

    def look() -> None:
        while not ended.wait(EVERY):
            running = [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number))]
            if running:
                first = min(running, key=lambda stage: stage.stageId)
                show(first.stageId, first.numCompletedTasks, first.numTasks)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
