"""Sessions of Spark on this machine alone, a cluster of processes, and what a run on Spark left behind."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from cleaner.config import Config
from cleaner.formats.base import Reading
from cleaner.packs import registry
from cleaner.pipeline import Pack
from helpers.paths import ROOT

CONF = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    # compiling well takes longer than these runs
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.codegen.wholeStage": "false",
}
DECOMPRESSORS = {".gz": gzip.decompress, ".bz2": bz2.decompress}


def skip_without_spark() -> None:
    """Skip, with the reason, where Spark cannot run."""
    pytest.importorskip("pyspark", reason="needs the extra spark")
    from cleaner.cli import spark
    from cleaner.errors import UsageError

    try:
        spark.check_requirements()
    except UsageError as error:
        pytest.skip(str(error))


@contextmanager
def session(master: str = "local[2]", **conf: str) -> Iterator[Any]:
    """A session as the command line starts one, on the loopback."""
    skip_without_spark()
    from cleaner.spark import session as sessions

    properties = {name.replace("__", "."): value for name, value in conf.items()}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("PYTHONPATH", str(ROOT))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with sessions.open_session(master, {**CONF, **properties}) as spark_session:
            yield spark_session


def clean(spark_session: Any, source: Path | str, output: Path, dedup: Any = "flag", **run_options: Any) -> Any:
    """A run on a session."""
    from cleaner.spark import clean_corpus as run

    reading = Reading(**run_options.pop("reading", {}))
    job = run.SparkCleanJob(
        str(source), str(output), Pack(registry.load_rules("zh-web")), Config(dedup=dedup), reading, "0"
    )
    return run.clean_corpus(spark_session, job, **run_options)


def lines(path: Path) -> list[bytes]:
    """The lines of a file, or of all parts of a folder that Spark wrote, sorted."""
    parts = [path] if path.is_file() else sorted(part for part in path.glob("part-*"))
    contents = (DECOMPRESSORS.get(part.suffix, bytes)(part.read_bytes()) for part in parts)
    return sorted(line for data in contents for line in data.split(b"\n") if line)


def read_run_list(output: Path, name: str) -> list[dict[str, Any]]:
    """A list in the own folder of an output; which file holds a record is another thing with each engine."""
    entries = [json.loads(line) for line in lines(output / "_cleaner" / name)]
    return [{key: value for key, value in entry.items() if key != "output"} for entry in entries]


def counts(output: Path) -> Any:
    return json.loads((output / "_cleaner/manifest.json").read_text(encoding="utf-8"))["counts"]


def assert_same_output(expected: Path, output: Path) -> None:
    """Ledger, pairs, what was refused, and counts are those of the embedded engine."""
    for name in ("edits.jsonl", "rejected.jsonl", "duplicates.jsonl"):
        assert read_run_list(output, name) == read_run_list(expected, name), name
    assert counts(output) == counts(expected)


class Cluster:
    """A standalone master and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self._folder, self._home = folder, Path(pyspark.__file__).parent
        self.processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.master = f"spark://127.0.0.1:{self.port}"

    def __enter__(self) -> Cluster:
        self._start("master.Master", "--port", str(self.port))
        wait(lambda: _listens(self.port))
        self.workers = [
            self._start("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", str(self._folder), self.master)
            for _ in range(2)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(self._home / "bin/spark-class"), f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1"]
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
        with (self._folder / f"{name}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--webui-port", "0", *arguments],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self._folder,
                start_new_session=True,
            )
        self.processes.append(process)
        return process


def executors(spark_session: Any) -> list[int]:
    """The processes of a session's executors."""
    name = spark_session.sparkContext.applicationId
    process_ids = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "CoarseGrainedExecutorBackend" in command and name in command:
            process_ids.append(int(entry.name))
    return sorted(process_ids)


def count_lost_executors(spark_session: Any) -> int:
    """How many executors a session has lost."""
    every = spark_session.sparkContext._jsc.sc().statusStore().executorList(False)
    return sum(not every.apply(number).isActive() for number in range(every.size()))


def wait(until: Callable[[], Any], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def corpus(folder: Path, shared: Path, count: int, characters: int = 300) -> Path:
    """A corpus with planted duplicates, as the generator beside the project's checkouts writes it."""
    script, path = shared / "bench" / "make_corpus.py", folder / f"corpus-{count}.jsonl"
    if not script.is_file():
        pytest.skip("the generator of corpora lies beside the project's own checkouts only")
    subprocess.run([sys.executable, str(script), str(count), str(path), "--chars", str(characters)], check=True)
    return path
