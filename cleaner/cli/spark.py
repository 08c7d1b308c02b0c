"""`--engine spark`: its options, what it needs, and runs on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from cleaner.cli.terminal.console import stderr_console
from cleaner.errors import CleanerError, UsageError
from cleaner.formats.shared import field_paths
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.corpus.dedup.job import Action
    from cleaner.corpus.dedup.report import DedupSummary
    from cleaner.corpus.learn.lesson import Lesson
    from cleaner.corpus.report.summary import RunSummary
    from cleaner.formats.base import Reading
    from cleaner.options import DedupOptions
    from cleaner.pipeline import Pack

MIN_JAVA = 17
"""The oldest Java that Spark 4 runs on."""
MAX_MESSAGE = 1000
"""Characters of an error of Spark that are shown: such errors hold whole query plans."""

EngineOption = Annotated[
    Literal["embedded", "spark"],
    typer.Option("--engine", help="Local processes, or Apache Spark; INPUT and DIR are then paths that Spark reads."),
]
MasterOption = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark: the cluster, such as yarn, k8s://…, spark://… or local[N]."),
]
ConfOption = Annotated[
    list[str] | None, typer.Option("--conf", metavar="K=V", help="Spark: a property of its configuration; repeat.")
]


class Call(NamedTuple):
    """Hold what a command line says about a run on Spark."""

    inputs: Sequence[str]
    output: str | None
    master: str | None
    conf: Sequence[str]
    quiet: bool
    force: bool

    def paths(self) -> tuple[str, str]:
        """Return input and output. UsageError unless there is one of each."""
        if len(self.inputs) != 1 or self.inputs[0] == "-":
            raise UsageError("with --engine spark give one INPUT: a file, a folder or a glob in quotes")
        if self.output is None:
            raise UsageError("no --output DIR given; say where clean files go")
        return self.inputs[0], self.output


def refuse(options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that were given and do not go with the engine."""
    names = [name for name, value in options.items() if value]
    if names:
        raise UsageError(f"{', '.join(names)}: not with this --engine")


def is_refused_field(reading: Reading) -> bool:
    """Whether texts are in several fields or below one, which Spark does not write."""
    return field_paths.is_joined(reading.texts, ())


def check_requirements() -> None:
    """Raise UsageError, saying what to install, where Spark cannot run."""
    missing = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"--engine spark needs {' and '.join(missing)}; install with: pip install 'webtext-cleaner[spark]'"
        )
    version = _java_version()
    if version < MIN_JAVA:
        have = f"this is Java {version}" if version else "there is none"
        raise UsageError(
            f"--engine spark needs Java {MIN_JAVA} or newer, and {have}: install one (Debian: apt install "
            f"openjdk-{MIN_JAVA}-jre-headless) or set JAVA_HOME"
        )


def _java_version() -> int:
    """Ask the Java that Spark will start for its version; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    try:
        output = subprocess.run([program or "", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r'version "(?:1\.)?(\d+)', output)
    return int(version[1]) if version else 0


def parse_properties(items: Sequence[str]) -> dict[str, str]:
    """Split properties given as K=V. UsageError for any other form."""
    for item in items:
        if "=" not in item:
            raise UsageError(f"--conf {item}: write it as K=V, such as spark.executor.memory=4g")
    return dict(item.split("=", 1) for item in items)


@contextmanager
def session(call: Call) -> Iterator[Any]:
    """Run a Spark session while the block runs, with progress on a terminal. CleanerError for its failures."""
    check_requirements()
    properties = parse_properties(call.conf)
    # pyspark is an extra, and importing it takes a second
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    from cleaner.spark import session as sessions

    try:
        with (
            sessions.open_session(call.master, properties) as spark,
            _progress(spark, quiet=call.quiet) as show,
            sessions.show_progress(spark, show),
        ):
            yield spark
    except (PySparkException, Py4JError) as error:
        raise CleanerError(f"Spark: {_short_message(error)}; give the same command again to resume") from error


def _short_message(error: Exception) -> str:
    """Choose the first line of a long message and the last that names a cause."""
    text = str(error.java_exception.getMessage()) if hasattr(error, "java_exception") else str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    causes = [line for line in lines if "Error" in line or "Exception" in line]
    return " … ".join([*lines[:1], *causes[-1:]])[:MAX_MESSAGE]


def clean(call: Call, pack: Pack, config: Config, reading: Reading, *, restart: bool) -> RunSummary:
    """Run `cleaner clean` on Spark."""
    source, folder = call.paths()
    with session(call) as spark:
        from cleaner.spark import clean_corpus as run

        job = run.SparkCleanJob(source, folder, pack, config, reading, __version__)
        return run.clean_corpus(spark, job, force=call.force, restart=restart)


def dedup(call: Call, options: DedupOptions, reading: Reading, action: Action, *, restart: bool) -> DedupSummary:
    """Run `cleaner dedup` on Spark."""
    source, folder = call.paths()
    with session(call) as spark:
        from cleaner.spark import dedup

        job = dedup.SparkDedupJob(source, folder, options, reading, action, __version__)
        return dedup.deduplicate(spark, job, force=call.force, restart=restart or call.force)


def learn(call: Call, pack: Pack, reading: Reading, min_pages: int) -> Lesson:
    """Run `cleaner learn` on Spark."""
    source, _ = call.paths()
    with session(call) as spark:
        from cleaner.spark import learn as run

        return run.learn_corpus(spark, run.SparkLearnJob(source, reading, pack, min_pages))


@contextmanager
def _progress(spark: Any, *, quiet: bool) -> Iterator[Callable[[int, int, int], None]]:
    """Show the running stage; the block tells its number, its finished tasks and all its tasks."""
    console = stderr_console()
    if quiet or not console.is_terminal:
        yield lambda stage, finished_tasks, tasks: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    if spark.sparkContext.uiWebUrl:
        console.print(f"Spark UI: {spark.sparkContext.uiWebUrl}", soft_wrap=True)
    with Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1)

        def show(stage: int, finished_tasks: int, tasks: int) -> None:
            description = f"stage {stage}: {finished_tasks} of {tasks} tasks"
            bar.update(task, total=tasks, completed=finished_tasks, description=description)

        yield show
