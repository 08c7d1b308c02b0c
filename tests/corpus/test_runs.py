"""Runs: processes, resuming, refusing, dying workers, full disks, interrupting, URLs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus.clean import clean_corpus
from cleaner.corpus.report import progress
from cleaner.corpus.report.progress import Progress
from cleaner.corpus.run import Run
from cleaner.errors import CleanerError, UsageError
from cleaner.local import lock
from cleaner.local.events import Advance, Event, Failure, PhaseStart, ShardStart, StepEnd, WorkerEnd
from cleaner.local.pool import Pool, ignore
from cleaner.local.process import WorkerProcess
from helpers import runner_job
from helpers.dedup_texts import prose
from helpers.format_cases import CASES, read_rejects, rows, tree
from helpers.paths import ROOT

JSONL = next(case for case in CASES if case.name == "JSON Lines")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    JSONL.write(path, rows(30))
    return path


def run(path: Path, output: Path, **how: Any) -> Any:
    return clean_corpus(runner_job.job([str(path)], output), output, **how)


def stop_after(shards: int) -> Any:
    """A watch that breaks a run off when so many shards were begun."""
    begun = 0

    def watch(worker: int, event: Event) -> None:
        nonlocal begun
        begun += isinstance(event, ShardStart)
        if begun > shards:
            raise KeyboardInterrupt

    return watch


def test_several_processes_give_the_output_of_one(path: Path, tmp_path: Path) -> None:
    run(path, tmp_path / "one", workers=1)
    run(path, tmp_path / "two", workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


@pytest.mark.slow
def test_processes_are_started_once_for_a_whole_run(path: Path, tmp_path: Path, monkeypatch: Any) -> None:
    started: list[Any] = []
    start = WorkerProcess.start
    monkeypatch.setattr(WorkerProcess, "start", lambda: started.append(worker := start()) or worker)
    texts = [prose(number % 20) for number in range(30)]
    JSONL.write(path, [{"id": str(number), "text": text} for number, text in enumerate(texts)])
    assert run(path, tmp_path / "out", workers=2).duplicates
    assert len(started) == 2
    assert [worker.process.exitcode for worker in started] == [0, 0]


def test_an_interrupted_run_cleans_only_the_missing_shards(path: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out", watch=stop_after(3))
    assert not (tmp_path / "out/in.jsonl").exists()
    begun: list[Event] = []
    run(path, tmp_path / "out", watch=lambda worker, event: begun.append(event))
    done = [event.shard for event in begun if isinstance(event, ShardStart)]
    assert done[0] == 3
    run(path, tmp_path / "whole")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


@pytest.mark.parametrize("change", ["input", "option", "version"])
def test_another_job_is_refused_where_a_run_is_unfinished(path: Path, tmp_path: Path, change: str) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(path, out, watch=stop_after(3))
    if change == "input":
        path.write_text(path.read_text(encoding="utf-8") + '{"text":"又一句。"}\n', encoding="utf-8")
    todo = runner_job.job([str(path)], out, dedup="off" if change == "option" else "drop")
    todo = todo._replace(version="1") if change == "version" else todo
    said = {"input": "in.jsonl", "option": "dedup was drop, is off", "version": "cleaner was 0, is 1"}[change]
    with pytest.raises(UsageError, match=said) as error:
        clean_corpus(todo, out)
    assert "--restart" in str(error.value)
    assert clean_corpus(todo, out, restart=True).documents == 30 + (change == "input")


def test_a_finished_output_is_overwritten_only_with_force(path: Path, tmp_path: Path) -> None:
    run(path, tmp_path / "out")
    with pytest.raises(UsageError, match="--force"):
        run(path, tmp_path / "out")
    before = tree(tmp_path / "out")
    run(path, tmp_path / "out", force=True)
    assert tree(tmp_path / "out") == before


def test_an_input_that_changes_during_the_run_is_noticed(path: Path, tmp_path: Path) -> None:
    def watch(worker: int, event: Event) -> None:
        if isinstance(event, Advance):
            os.utime(path, (1, 1))

    with pytest.raises(UsageError, match=r"changed during the run.*in\.jsonl"):
        run(path, tmp_path / "out", watch=watch)
    assert not (tmp_path / "out/in.jsonl").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked there")
def test_two_runs_do_not_share_an_output(path: Path, tmp_path: Path) -> None:
    (tmp_path / "out/_cleaner").mkdir(parents=True)
    with lock.exclusive(tmp_path / "out/_cleaner"), pytest.raises(UsageError, match="another run"):
        run(path, tmp_path / "out")


def poisoned(path: Path, *numbers: int) -> None:
    found = rows(30)
    for number in numbers:
        found[number]["text"] = runner_job.POISON
    JSONL.write(path, found)


@pytest.mark.slow
def test_only_the_record_that_kills_its_worker_is_refused(path: Path, tmp_path: Path) -> None:
    poisoned(path, 13, 14, 22)
    out = tmp_path / "out"
    (out / "_cleaner").mkdir(parents=True)
    todo = runner_job.job([str(path)], out)
    failed: list[object] = []
    with Pool(2, lambda worker, event: failed.append(event)) as pool:
        pool.work(runner_job.fragile, Run.open(todo, out))
    summary = clean_corpus(todo, out)
    listed = list(read_rejects(out))
    assert (summary.documents, summary.rejections) == (27, 3)
    assert [item["line"] for item in listed] == [14, 15, 23]
    assert all(item["reason"] == "it ends its worker: the process ended with code 139" for item in listed)
    assert sum(isinstance(event, Failure) for event in failed) == 7
    clean = tmp_path / "clean"
    run(path, clean)
    before = (clean / "in.jsonl").read_bytes().splitlines()
    assert (out / "in.jsonl").read_bytes().splitlines() == [
        line for i, line in enumerate(before) if i not in (13, 14, 22)
    ]


@pytest.mark.slow
def test_a_shard_that_cannot_be_read_without_dying_ends_the_run(path: Path, tmp_path: Path) -> None:
    (tmp_path / "out/_cleaner").mkdir(parents=True)
    unfinished = Run.open(runner_job.job([str(path)], tmp_path / "out"), tmp_path / "out")
    with pytest.raises(CleanerError, match="code 140"), Pool(2, ignore) as pool:
        pool.work(runner_job.unreadable, unfinished)


@pytest.mark.slow
def test_a_worker_that_dies_once_is_started_again(path: Path, tmp_path: Path) -> None:
    """The first process is killed from outside, as the system does when memory is short."""
    out = tmp_path / "out"
    killed: list[int] = []

    def watch(worker: int, event: Event) -> None:
        if isinstance(event, ShardStart) and not killed:
            import multiprocessing

            child = multiprocessing.active_children()[0]
            killed.append(child.pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    found = run(path, out, workers=2, watch=watch)
    assert killed
    assert (found.documents, found.rejections) == (30, 0)


def test_a_text_that_breaks_the_cleaner_is_refused_alone(path: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from cleaner import pipeline

    whole = pipeline.clean

    def clean(documents: Any, *given: Any, **options: Any) -> Any:
        if any("第17个" in document.text for document in documents):
            raise ValueError("no way")
        return whole(documents, *given, **options)

    monkeypatch.setattr(pipeline, "clean", clean)
    found = run(path, tmp_path / "out")
    assert (found.documents, found.rejections) == (29, 1)
    (only,) = read_rejects(tmp_path / "out")
    assert (only["line"], only["reason"]) == (18, "a defect: ValueError: no way")


FULL = """
import resource, signal, sys
sys.path[:0] = sys.argv[1:3]
from helpers import runner_job
from pathlib import Path
from cleaner.corpus.clean import clean_corpus
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))
out = Path(sys.argv[4])
clean_corpus(runner_job.job([sys.argv[3]], out, shard=1 << 20), out, workers=int(sys.argv[5]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_run_so_that_it_can_be_resumed(path: Path, tmp_path: Path, workers: int) -> None:
    """A limit on the size of files stands for the disk: the same write fails, with another number."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", FULL, str(ROOT), str(ROOT / "tests"), str(path), str(out), str(workers)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "CleanerError" in process.stderr
    assert "to resume" in process.stderr
    assert not (out / "in.jsonl").exists()
    assert clean_corpus(runner_job.job([str(path)], out, shard=1 << 20), out).documents == 30


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs a small file system of its own")
def test_a_full_file_system_ends_the_run_so_that_it_can_be_resumed(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(out)], check=False, capture_output=True
    ).returncode:
        pytest.skip("may not mount")
    try:
        with pytest.raises((CleanerError, UsageError), match="No space left"):
            run(path, out)
        assert not (out / "in.jsonl").exists()
    finally:
        subprocess.run(["umount", str(out)], check=True)


@pytest.mark.slow
def test_an_interrupt_ends_a_run_within_two_seconds_and_says_how_to_resume(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    JSONL.write(path, rows(60_000))
    command = [sys.executable, "-m", "cleaner", "clean", str(path), "-o", str(tmp_path / "out"), "--workers", "2"]
    where = {**os.environ, "PYTHONPATH": str(ROOT)}

    def heeding() -> None:  # a shell that runs the tests in the background ignores interrupts, and so would we
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(
        command, stderr=subprocess.PIPE, env=where, start_new_session=True, preexec_fn=heeding
    ) as process:
        for _ in range(600):
            time.sleep(0.05)
            if list(tmp_path.glob("out/_cleaner/checkpoints/*.data.*")):
                break
        begun = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert time.monotonic() - begun < 2
    assert "same command again to resume" in said.decode()
    assert "Traceback" not in said.decode()
    assert (tmp_path / "out/_cleaner/job.json").exists()


def test_progress_counts_the_bytes_of_all_workers() -> None:
    shown = Progress(1000)
    shown.follow(0, ShardStart(0, 0))
    shown.follow(1, ShardStart(0, 1))
    shown.follow(0, Advance(500, 10, 4000, 100, 80))
    now = shown.numbers()
    assert (now["documents"], now["done"], now["removed"]) == (10, 0.25, 0.2)
    assert "25% done: 10 documents" in shown.line()
    assert json.loads(json.dumps(now)) == now


def test_progress_continues_after_cleaning() -> None:
    shown = Progress(1000)
    for event in (ShardStart(0, 0), Advance(1000, 10, 4000, 100, 80), WorkerEnd(), PhaseStart("near-duplicates")):
        shown.follow(0, event)
    assert (shown.numbers()["phase"], shown.numbers()["phase_done"]) == ("near-duplicates", None)
    assert shown.line() == "comparing near-duplicates: …"
    for event in (PhaseStart("near-duplicates", 4), ShardStart(1, 0), StepEnd()):
        shown.follow(3, event)
    now = shown.numbers()
    assert (now["done"], now["phase_done"]) == (1.0, 0.25)
    assert "comparing near-duplicates: 25% done" in shown.line()


@pytest.mark.slow
@pytest.mark.parametrize("style", ["bar", "lines", "json", "none"])
def test_every_phase_is_shown(
    style: progress.Style, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    texts = [prose(number % 40) for number in range(60)]
    JSONL.write(tmp_path / "in.jsonl", [{"id": str(number), "text": text} for number, text in enumerate(texts)])
    with progress.show(style, (tmp_path / "in.jsonl").stat().st_size) as watch:
        found = run(tmp_path / "in.jsonl", tmp_path / "out", watch=watch)
    said = capsys.readouterr().err
    assert found.duplicates
    if style == "none":
        assert not said
    if style == "lines":
        assert "joining the output" in said
    if style == "json":
        phases = [json.loads(row)["phase"] for row in said.splitlines()]
        assert list(dict.fromkeys(phases)) == ["cleaning", "near-duplicates", "dropping", "joining"]
        assert json.loads(said.splitlines()[-1])["done"] == 1.0
