"""How long does `cleaner check` take from process start to end: one changed file, and 1,000 small ones in one call?

    python benchmarks/startup.py [--runs N] [--stages]

Each command runs in a process of its own; wall and CPU time (user and system), medians, and CPU as a ratio to a process
that only imports numpy, measured in between; beside them `ruff check` and `typos` on the same files, where they are
installed. `--stages` says where the CPU time of one file goes, in one process.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = """首页|新闻|图片|视频|论坛

{body}

版权所有 京ICP备12345678号-1
"""
SENTENCES = (
    "河水退去之后，村里的人开始重新丈量田地。", "老人说，三十年前的界石还在。", "年轻人带着绳子走了一个上午。",
    "到了秋天，县里派人来量了一次，画了新的图。", "图挂在村口的屋里，谁都可以去看。", "码头上的灯一盏一盏亮起来。",
    "管账的人坐在棚子下面，一边记数一边打瞌睡。", "渡船每天早晚各开一趟，撑船的是父子两个。", "山上的庙只剩下半堵墙。",
)  # fmt: skip


def page(source: random.Random) -> str:
    """A page of about 600 characters."""
    digits = "".join(source.choices("一二三四五六七八九", k=9))
    body = "\n\n".join("".join(source.choices(SENTENCES, k=6)) + f"编号{digits[n : n + 4]}。" for n in range(5))
    return PAGE.format(body=body)


def measured(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--stages", action="store_true")
    arguments.add_argument("--python", default=sys.executable, help="the interpreter of another environment")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = random.Random(1)
        for number in range(1000):
            (Path(folder) / f"{number:04}.txt").write_text(page(source), encoding="utf-8")
        one = str(Path(folder) / "0000.txt")
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
        _table(given.python, one, folder, given.runs)
        if given.stages:
            print()
            _stages(one)


def _table(python: str, one: str, folder: str, runs: int) -> None:
    cleaner = [python, "-m", "cleaner"]
    commands = {
        "import numpy": [python, "-c", "import numpy"],
        "cleaner --help": [*cleaner, "--help"],
        "check, 1 file": [*cleaner, "check", one],
        "check --no-duplicates, 1 file": [*cleaner, "check", "--no-duplicates", one],
        "check, 1,000 files": [*cleaner, "check", folder],
        "check --no-duplicates, 1,000 files": [*cleaner, "check", "--no-duplicates", folder],
    } | _list_peers(one, folder)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(measured(command))
    base = statistics.median(cpu for _, cpu in times["import numpy"])
    print("| command | wall, s | least | CPU, s | CPU / import numpy |\n|---|---|---|---|---|")
    for name, taken in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {wall:.2f} | {min(taken)[0]:.2f} | {cpu:.2f} | {cpu / base:.1f} |")


def _list_peers(one: str, folder: str) -> dict[str, list[str]]:
    """Commands of other checks; ruff reads no text files, so that what it takes is its start and its search."""
    commands = {"ruff check": ["ruff", "check", "--no-cache"], "typos": ["typos", "--hidden"]}
    return {
        f"{name}, {files}": [*command, path]
        for name, command in commands.items()
        for files, path in (("1 file", one), ("1,000 files", folder))
        if shutil.which(command[0])
    }


def _stages(one: str) -> None:
    """CPU time of each stage of the first call, in this process."""
    print("| stage of one file | CPU, ms |\n|---|---|")
    last = time.process_time()

    def mark(name: str) -> None:
        nonlocal last
        print(f"| {name} | {(time.process_time() - last) * 1000:.0f} |")
        last = time.process_time()

    import typer

    from cleaner import cli

    mark("import cleaner.cli, typer")
    typer.main.get_command(cli.app)
    mark("typer's commands (pydantic)")
    import numpy  # noqa: F401

    mark("numpy")
    from cleaner.check import run  # noqa: F401

    mark("the check's other modules")
    from cleaner.cli import options

    pack = options.load_packs(options.load_settings(None))
    mark("load packs")
    _ = pack.judging
    mark("compile rules")
    from cleaner.normalization.steps import NORMALIZER
    from cleaner.options import CleanOptions

    text = Path(one).read_text(encoding="utf-8")
    for _step in NORMALIZER.run(text, CleanOptions()):
        pass
    mark("first normalizing: tables, ftfy")
    pack.clean(text)
    mark("first judging")
    import cleaner

    cleaner.deduplicate({"a": text})
    mark("first search for near-duplicates")


if __name__ == "__main__":
    main()
