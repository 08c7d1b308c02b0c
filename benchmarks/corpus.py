"""A whole corpus end to end: speed a core, two workers against one, where the time goes, memory.

usage: python benchmarks/corpus.py CORPUS.jsonl [--pairs 3] [--stages MEGABYTES]

CORPUS is what the project's corpus generator writes (records with `id` and `text`). Runs are processes of their own, as
a user starts them; times are wall-clock and CPU seconds of the process and its workers, the ratio of a pair is of
neighbours in time. Memory is the greatest resident set of any of the processes.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple


class Run(NamedTuple):
    seconds: float
    cpu: float
    peak: int


def timed(corpus: Path, workers: int, *options: str) -> Run:
    """One `cleaner clean` from start to end."""
    output = Path(tempfile.mkdtemp(prefix="corpus-"))
    command = [sys.executable, "-m", "cleaner", "clean", str(corpus), "-o", str(output / "out"), "-q"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*command, "--workers", str(workers), *options], check=True)
    seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(output)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, after.ru_maxrss * 1024)


def pairs(corpus: Path, count: int, report: Callable[[str], None]) -> None:
    size = corpus.stat().st_size / 1e6
    ratios = []
    for number in range(count):
        order = (1, 2) if number % 2 == 0 else (2, 1)
        runs = {workers: timed(corpus, workers) for workers in order}
        ratios.append(runs[1].seconds / runs[2].seconds)
        for workers, run in sorted(runs.items()):
            report(
                f"| {number + 1} | {workers} | {run.seconds:.1f} | {run.cpu:.1f} | {size / run.cpu:.2f} "
                f"| {run.peak / 1e6:.0f} |"
            )
    report(f"\ntwo workers against one, median of {count} pairs: {median(ratios):.2f} x in wall-clock time")


class Clock:
    """CPU seconds by stage; what runs inside a stage of its own is not counted twice."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.process_time()
        self._inner.append(0.0)
        yield
        whole = time.process_time() - begun
        self.spent[name] += whole - self._inner.pop()
        self._inner[-1] += whole

    def wrap(self, owner: Any, name: str, stage: str) -> None:
        function = getattr(owner, name)

        def timed_function(*given: Any, **options: Any) -> Any:
            with self.stage(stage):
                return function(*given, **options)

        setattr(owner, name, timed_function)


def stages(corpus: Path, megabytes: int, report: Callable[[str], None]) -> None:
    """The same run in this process, its stages timed."""
    import cleaner
    from cleaner import cleaning, ledger, packs
    from cleaner import corpus as whole
    from cleaner.config import Config
    from cleaner.dedup import sketch
    from cleaner.engines import comparing, finish, work
    from cleaner.engines.job import Job, plan
    from cleaner.formats.records import Reading, jsonl
    from cleaner.rules.judge import Judge

    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    part = folder / "part.jsonl"
    with corpus.open("rb") as file, part.open("wb") as out:
        out.writelines(islice(file, int(megabytes * 1e6 / 5400)))
    clock = Clock()
    clock.wrap(jsonl, "item", "read: JSON and ids")
    clock.wrap(cleaning._Way, "normalize", "normalize")
    clock.wrap(Judge, "judge", "judge")
    clock.wrap(cleaning._Way, "obey", "apply")
    clock.wrap(ledger, "entry", "ledger")
    clock.wrap(ledger, "encode", "ledger")
    clock.wrap(sketch, "sketch", "sketch passages")
    clock.wrap(comparing, "find", "find near-duplicates")
    clock.wrap(finish, "_write", "join and manifest")
    clock.wrap(work, "save", "write parts")
    pack = cleaner.cleaning.Pack(packs.load("zh-web"))
    pack.clean("一句话。")
    sources, _ = plan([str(part)], folder / "out", (), "same")
    job = Job(sources, pack, Config(), Reading(), "same", cleaner.__version__)
    with clock.stage("all else"):
        whole.run(job, folder / "out", workers=1)
    total = sum(clock.spent.values())
    size = part.stat().st_size / 1e6
    for name, seconds in sorted(clock.spent.items(), key=lambda item: -item[1]):
        report(f"| {name} | {seconds:.2f} | {seconds / total:.0%} | {size / seconds:.0f} |")
    report(f"| together | {total:.2f} | | {size / total:.2f} |")
    shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--stages", type=int, default=30, metavar="MEGABYTES")
    given = parser.parse_args()
    size = given.corpus.stat().st_size / 1e6
    print(f"{size:.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    if given.stages:
        print(f"\n| stage ({given.stages} MB, one process) | CPU s | share | MB/s |\n|---|---|---|---|", flush=True)
        stages(given.corpus, given.stages, print)
    if given.pairs:
        print(
            "\n| pair | workers | s | CPU s | MB per CPU s | peak MB of a process |\n|---|---|---|---|---|---|",
            flush=True,
        )
        pairs(given.corpus, given.pairs, print)


if __name__ == "__main__":
    main()
