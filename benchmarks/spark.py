"""Spark beside the embedded engine: wall and CPU seconds, stages, bytes shuffled, growth with the corpus.

usage: python benchmarks/spark.py GENERATOR.py [--sizes 50000 100000 200000 400000] [--chars 300]

GENERATOR writes a corpus with planted duplicates (`GENERATOR.py COUNT FILE --chars N`). The cluster is a standalone
master with two workers of one core on this machine; the embedded engine has two processes. CPU seconds are those of all
processes of a side: for Spark the driver, both workers, their executors and the Python processes of these.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

TICK = os.sysconf("SC_CLK_TCK")


def cpu(sessions: set[int]) -> float:
    """CPU seconds of all processes that belong to some sessions of the system, their ended children included."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) in sessions:
            total += sum(map(int, fields[11:15]))
    return total / TICK


def run_embedded(source: Path, output: Path) -> tuple[float, float]:
    before, start = os.times(), time.monotonic()
    command = [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(output), "-q", "-j", "2"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    after = os.times()
    cpu_seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - start, cpu_seconds


def executor_totals(session: Any) -> tuple[float, int, int]:
    """Seconds of tasks, bytes written to and read from shuffles so far."""
    every = session.sparkContext._jsc.sc().statusStore().executorList(False)
    executors = [every.apply(number) for number in range(every.size())]
    return (
        sum(one.totalDuration() for one in executors) / 1000,
        sum(one.totalShuffleWrite() for one in executors),
        sum(one.totalInputBytes() for one in executors),
    )


def stages(session: Any, table: list[tuple[str, float, float, int]]) -> None:
    """Note what each stage took: wall seconds, seconds of tasks, bytes shuffled."""
    from cleaner.spark.checkpoints import ParquetCheckpoints

    make = ParquetCheckpoints.__call__

    def timed_call(self: Any, name: str, frame: Any) -> Any:
        start, before = time.monotonic(), executor_totals(session)
        checkpoint = make(self, name, frame)
        after = executor_totals(session)
        table.append((name, time.monotonic() - start, after[0] - before[0], after[1] - before[1]))
        return checkpoint

    ParquetCheckpoints.__call__ = timed_call  # type: ignore[method-assign]


def on_spark(source: Path, output: Path) -> dict[str, Any]:
    """One run on a cluster of its own; called in a process of its own."""
    from helpers import spark_cluster

    table: list[tuple[str, float, float, int]] = []
    with tempfile.TemporaryDirectory() as folder, spark_cluster.Cluster(Path(folder)) as cluster:
        start = time.monotonic()
        sessions = {os.getsid(0), *(process.pid for process in cluster.processes)}
        spark_cluster.CONF.clear()
        conf = {
            "spark__ui__enabled": "false",
            "spark__driver__host": "127.0.0.1",
            "spark__driver__bindAddress": "127.0.0.1",
        }
        conf |= {"spark__executor__memory": "1g", "spark__sql__shuffle__partitions": "8"}
        with spark_cluster.session(cluster.master, **conf) as session:
            stages(session, table)
            summary = spark_cluster.clean(session, source, output)
            seconds, (_, shuffled_bytes, _) = time.monotonic() - start, executor_totals(session)
            cpu_seconds = cpu(sessions)
    return {
        "seconds": seconds,
        "cpu": cpu_seconds,
        "shuffled": shuffled_bytes,
        "documents": summary.documents,
        "duplicates": summary.duplicates,
        "stages": table,
    }


def run(generator: Path, count: int, characters: int) -> Iterator[str]:
    """Lines about one size."""
    folder = Path(tempfile.mkdtemp(prefix="spark-"))
    try:
        source = folder / "corpus.jsonl"
        command = [sys.executable, str(generator), str(count), str(source), "--chars", str(characters)]
        subprocess.run(command, check=True)
        seconds, cpu = run_embedded(source, folder / "here")
        child = [sys.executable, __file__, str(generator), "--one", str(source), str(folder / "there")]
        stdout = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True, start_new_session=True).stdout
        spark_run = json.loads(stdout.splitlines()[-1])
        yield (
            f"| {count:,} | {source.stat().st_size / 1e6:.0f} | {seconds:.0f} | {cpu:.0f} "
            f"| {spark_run['seconds']:.0f} | "
            f"{spark_run['cpu']:.0f} | {spark_run['cpu'] / cpu:.1f} | {spark_run['shuffled'] / count:,.0f} |"
        )
        for name, seconds, task_seconds, shuffle in spark_run["stages"]:
            bytes_each = shuffle / count
            yield f"    {name:24} {seconds:7.1f} s {task_seconds:7.1f} s of tasks {bytes_each:8,.0f} bytes a document"
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("generator", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 100_000, 200_000, 400_000])
    parser.add_argument("--chars", type=int, default=300)
    parser.add_argument("--one", type=Path, nargs=2)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(on_spark(*arguments.one)))
        return
    print("| documents | MB | embedded s | CPU s | Spark s | CPU s | CPU ratio | bytes shuffled a document |")
    print("|---|---|---|---|---|---|---|---|")
    for count in arguments.sizes:
        for line in run(arguments.generator, count, arguments.chars):
            print(line, flush=True)


if __name__ == "__main__":
    main()
