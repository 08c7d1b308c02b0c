"""`--engine spark`: what it needs, and a run on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.config import Config
    from cleaner.corpus.dedup.run import Action
    from cleaner.corpus.dedup.run import Summary as Found
    from cleaner.corpus.report.summary import RunSummary
    from cleaner.formats.base import Reading
    from cleaner.formats.jsonl_rows import Fields
    from cleaner.options import DedupOptions
    from cleaner.pipeline import Pack

JAVA = 17
"""The oldest Java that Spark 4 runs on."""


class EngineName(StrEnum):
    """What carries a run out."""

    embedded = "embedded"
    spark = "spark"


EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", help="Local processes, or Apache Spark, whose paths INPUT and DIR are then."),
]
MasterOption = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark: the cluster, such as yarn, k8s://…, spark://… or local[N]."),
]
ConfOption = Annotated[
    list[str] | None, typer.Option("--conf", metavar="K=V", help="Spark: a property of its configuration; repeat.")
]


def refuse(given: Mapping[str, Any]) -> None:
    """UsageError for options that do not go with the engine and were given."""
    from cleaner.errors import UsageError

    named = [name for name, value in given.items() if value]
    if named:
        raise UsageError(f"{', '.join(named)}: not with this --engine")


def need() -> None:
    """UsageError, saying what to install, where Spark cannot run."""
    from cleaner.errors import UsageError

    missing = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"--engine spark needs {' and '.join(missing)}; install with: pip install 'webtext-cleaner[spark]'"
        )
    found = _java()
    if found < JAVA:
        have = f"this is Java {found}" if found else "there is none"
        raise UsageError(
            f"--engine spark needs Java {JAVA} or newer, and {have}: install one (Debian: apt install "
            f"openjdk-{JAVA}-jre-headless) or set JAVA_HOME"
        )


def _java() -> int:
    """The version of Java that Spark will start; 0 for none."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    try:
        said = subprocess.run([program or "", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(version[1]) if version else 0


def settings(given: Sequence[str]) -> dict[str, str]:
    """Properties given as K=V. UsageError for what is not."""
    from cleaner.errors import UsageError

    for item in given:
        if "=" not in item:
            raise UsageError(f"--conf {item}: write it as K=V, such as spark.executor.memory=4g")
    return dict(item.split("=", 1) for item in given)


@contextmanager
def session(master: str | None, conf: Sequence[str], *, quiet: bool) -> Iterator[Any]:
    """A Spark session while the block runs, with progress on a terminal. CleanerError for what fails in it."""
    need()
    chosen = settings(conf)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    from cleaner.errors import CleanerError
    from cleaner.spark import session as sessions

    try:
        with sessions.started(master, chosen) as made, _shown(made, quiet=quiet) as show, sessions.watched(made, show):
            yield made
    except (PySparkException, Py4JError) as error:
        raise CleanerError(f"Spark: {_said(error)}; the same command takes the run up again") from error


def _said(error: Exception) -> str:
    """The lines of a long message that say something, at most three."""
    text = str(error.java_exception.getMessage()) if hasattr(error, "java_exception") else str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    causes = [line for line in lines if "Error" in line or "Exception" in line]
    return " … ".join([*lines[:1], *causes[-1:]])[:1000]


def clean(
    inputs: Sequence[str],
    output: str | None,
    pack: Pack,
    chosen: Config,
    reading: Reading,
    master: str | None,
    conf: Sequence[str],
    *,
    quiet: bool,
    **how: bool,
) -> RunSummary:
    """`cleaner clean` on Spark."""
    import cleaner

    source, folder = _one(inputs, output)
    with session(master, conf, quiet=quiet) as made:
        from cleaner.spark import clean_corpus as run

        job = run.Job(source, folder, pack, chosen, reading, cleaner.__version__)
        return run.clean(made, job, **how)


def dedup(
    inputs: Sequence[str],
    output: str,
    options: DedupOptions,
    fields: Fields,
    action: Action,
    master: str | None,
    conf: Sequence[str],
    *,
    quiet: bool,
    force: bool,
) -> Found:
    """`cleaner dedup` on Spark."""
    import cleaner

    source, folder = _one(inputs, output)
    with session(master, conf, quiet=quiet) as made:
        from cleaner.spark import dedup

        return dedup.run(made, dedup.Job(source, folder, options, fields, action, cleaner.__version__), force=force)


def _one(inputs: Sequence[str], output: str | None) -> tuple[str, str]:
    from cleaner.errors import UsageError

    if len(inputs) != 1 or inputs[0] == "-":
        raise UsageError("with --engine spark give one INPUT: a file, a folder or a glob in quotes")
    if output is None:
        raise UsageError("no --output DIR given; say where clean files go")
    return inputs[0], output


@contextmanager
def _shown(made: Any, *, quiet: bool) -> Iterator[Callable[[int, int, int], None]]:
    console = _console()
    if quiet or not console.is_terminal:
        yield lambda stage, done, tasks: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    if made.sparkContext.uiWebUrl:
        console.print(f"Spark UI: {made.sparkContext.uiWebUrl}", soft_wrap=True)
    with Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1)

        def show(stage: int, done: int, tasks: int) -> None:
            bar.update(task, total=tasks, completed=done, description=f"stage {stage}: {done} of {tasks} tasks")

        yield show


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)
