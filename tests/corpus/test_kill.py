"""Killed at any moment and started again, a run ends with the bytes of an unbroken one."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.format_cases import CASES, rows, tree
from helpers.paths import ROOT

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")

NAMES = ("JSON Lines", "CSV", "Parquet", "WET")


def inputs(folder: Path) -> list[str]:
    """Sources of all kinds, so many shards that a run can be killed in each of them."""
    folder.mkdir()
    found = rows(24)
    found[7]["text"] = found[21]["text"] = found[3]["text"]
    paths = []
    for case in CASES:
        if case.name in NAMES:
            paths.append(folder / f"{case.name.split()[0]}{case.suffix}")
            case.write(paths[-1], found)
    paths.append(folder / "packed.jsonl.gz")
    paths[-1].write_bytes(gzip.compress((folder / "JSON.jsonl").read_bytes() + b"bad line\n"))
    texts = folder / "texts"
    texts.mkdir()
    for row in found[:20]:
        (texts / f"{row['id']}.txt").write_text(row["text"], encoding="utf-8")
    return [str(path) for path in (*paths, texts)]


def start(output: Path, workers: int, given: list[str], action: str = "drop") -> subprocess.Popen[bytes]:
    command = [sys.executable, str(ROOT / "tests/helpers/runner_job.py"), str(output), str(workers), action, *given]
    where = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=where, start_new_session=True)


def finish(output: Path, workers: int, given: list[str], action: str = "drop") -> None:
    with start(output, workers, given, action) as process:
        _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said.decode()


def kill_after(process: subprocess.Popen[bytes], events: int, seconds: float, *, group: bool) -> bool:
    """Kill a run some time after so many events, or after its last; whether it was still there."""
    assert process.stdout
    assert process.stderr
    while events and process.stdout.read(1) not in (b"W", b""):
        events -= 1
    time.sleep(seconds)
    alive = process.poll() is None
    if alive:
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()
    return alive


def broken_off(output: Path, workers: int, given: list[str], chance: random.Random, action: str = "drop") -> int:
    """Kill a run up to seven times at random points, then let it come through; how many times it was killed."""
    killed = 0
    for _ in range(7):
        process = start(output, workers, given, action)
        alive = kill_after(process, chance.randint(0, 40), chance.random() * 0.05, group=chance.random() < 0.5)
        killed += alive
        own = output / "_cleaner"
        if (own / "manifest.json").exists() and not (own / "job.json").exists():
            return killed  # it was done, or killed after its last step
        assert alive
    finish(output, workers, given, action)
    return killed


def same(whole: Path, broken: Path) -> None:
    left, right = tree(whole), tree(broken)
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name]] == []


def compare(tmp_path: Path, workers: int, kills: int, seed: int) -> None:
    given = inputs(tmp_path / "in")
    finish(tmp_path / "whole", 1, given)
    chance, killed, number = random.Random(seed), 0, 0
    while killed < kills:
        number += 1
        killed += broken_off(tmp_path / f"broken{number}", workers, given, chance)
        same(tmp_path / "whole", tmp_path / f"broken{number}")


@pytest.mark.slow
def test_a_run_killed_twenty_times_gives_the_bytes_of_an_uninterrupted_one(tmp_path: Path) -> None:
    compare(tmp_path, 1, 20, seed=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_run_whose_workers_outlive_it_gives_the_same_bytes(tmp_path: Path, seed: int) -> None:
    compare(tmp_path, 2, 20, seed)


SLOW = pytest.mark.slow


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.02, *(pytest.param(s, marks=SLOW) for s in (0.0, 0.05, 0.1, 0.2))])
def test_a_run_killed_while_it_joins_shards_gives_the_same_bytes(tmp_path: Path, seconds: float) -> None:
    given = inputs(tmp_path / "in")
    finish(tmp_path / "whole", 1, given)
    kill_after(start(tmp_path / "broken", 1, given), 10_000, seconds, group=True)
    if (tmp_path / "broken/_cleaner/job.json").exists():
        finish(tmp_path / "broken", 1, given)
    same(tmp_path / "whole", tmp_path / "broken")


def edit(folder: Path, chance: random.Random) -> None:
    """Change, remove and add inputs of each kind."""
    texts = sorted((folder / "texts").iterdir())
    for path in chance.sample(texts, len(texts) // 4):
        path.unlink()
    for path in chance.sample(sorted((folder / "texts").iterdir()), 3):
        path.write_text(path.read_text(encoding="utf-8")[::-1], encoding="utf-8")
    for case in CASES:
        if case.name in NAMES:
            case.write(folder / f"{case.name.split()[0]}{case.suffix}", chance.sample(rows(24), 20))


@pytest.mark.slow
def test_an_update_killed_twenty_times_gives_the_bytes_of_a_whole_run(tmp_path: Path) -> None:
    given = inputs(tmp_path / "in")
    finish(tmp_path / "first", 1, given)
    chance, workers, killed, number = random.Random(7), 2, 0, 0
    edit(tmp_path / "in", chance)
    finish(tmp_path / "whole", 1, given)
    while killed < 20:
        number += 1
        output = tmp_path / f"broken{number}"
        shutil.copytree(tmp_path / "first", output)
        killed += broken_off(output, workers, given, chance, "update")
        finish(output, workers, given, "update")
        same(tmp_path / "whole", output)
