"""A session for a run from the command line, and its progress."""

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
POLL_SECONDS = 0.5
"""Seconds between two looks at the progress: as often as a person wants to see it move."""

Show = Callable[[int, int, int], None]
"""Shows the number of the first active stage, its completed tasks, and all its tasks."""


@contextmanager
def open_session(master: str | None, conf: Mapping[str, str]) -> Iterator[SparkSession]:
    """Open a session while the block runs.

    The package is shipped to executors that are not on this machine.
    """
    builder: Any = SparkSession.builder.config(map={**DEFAULTS, **conf})
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
def show_progress(session: SparkSession, show: Show) -> Iterator[None]:
    """Show the progress of the session's stages while the block runs.

    It comes from Spark's status API.
    """
    tracker, end = session.sparkContext.statusTracker(), threading.Event()

    def look() -> None:
        while not end.wait(POLL_SECONDS):
            running = [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number))]
            if running:
                first = min(running, key=lambda stage: stage.stageId)
                show(first.stageId, first.numCompletedTasks, first.numTasks)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
