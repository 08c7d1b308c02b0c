"""Runs of `cleaner dedup`: resuming, refusing, dying workers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cleaner.corpus.dedup.job import CLUSTERS, CONTAMINATION, PAIRS, SPANS, DedupJob
from cleaner.corpus.dedup.run import deduplicate_corpus
from cleaner.corpus.dedup.sketching import sketch_shards
from cleaner.dedup.references.search import ReferenceMatch
from cleaner.errors import UsageError
from cleaner.index import build
from cleaner.local.events import Event, PhaseStart, ShardStart
from cleaner.model import Span
from cleaner.options import DedupOptions
from helpers import runner_job
from helpers.dedup_texts import prose, replace_characters
from helpers.format_cases import CASES, tree
from helpers.paths import ROOT

NAMES = ("JSON Lines", "CSV")


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    """Sources with edited copies among them, so many shards that a run can be interrupted in each."""
    texts = [prose(number, 300) for number in range(30)]
    texts[20:] = [replace_characters(texts[number - 20], number, 0.004) for number in range(20, 30)]
    rows = [{"id": f"{number}", "url": "", "text": text, "n": number} for number, text in enumerate(texts)]
    (tmp_path / "in/texts").mkdir(parents=True)
    cases = [case for case in CASES if case.name in NAMES]
    for case, some in zip(cases, (rows[:15], rows[15:25]), strict=True):
        case.write(tmp_path / f"in/x{case.suffix}", some)
    for row in rows[25:]:
        (tmp_path / f"in/texts/{row['id']}.txt").write_text(str(row["text"]), encoding="utf-8")
    return [str(tmp_path / "in")]


def interrupt_at(kind: type[Event], count: int) -> Callable[[int, Event], None]:
    """A watch that interrupts a run at an event of a kind."""
    seen = 0

    def watch(worker: int, event: Event) -> None:
        nonlocal seen
        seen += isinstance(event, kind)
        if seen == count:
            raise KeyboardInterrupt

    return watch


@pytest.mark.parametrize(("kind", "count"), [(ShardStart, 3), (PhaseStart, 1), (PhaseStart, 2), (PhaseStart, 3)])
def test_an_interrupted_run_resumes(inputs: list[str], tmp_path: Path, kind: Any, count: int) -> None:
    job = runner_job.dedup_job(inputs)
    whole = deduplicate_corpus(job, tmp_path / "whole")
    assert whole.copies == 10
    with pytest.raises(KeyboardInterrupt):
        deduplicate_corpus(job, tmp_path / "out", watch=interrupt_at(kind, count))
    starts: list[Event] = []
    resumed = deduplicate_corpus(job, tmp_path / "out", watch=lambda worker, event: starts.append(event))
    assert resumed == whole
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    first = next((event for event in starts if isinstance(event, ShardStart)), None)
    assert first != ShardStart(0, 0)


def test_an_unfinished_run_is_not_mixed_with_another(inputs: list[str], tmp_path: Path) -> None:
    job, out = runner_job.dedup_job(inputs), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        deduplicate_corpus(job, out, watch=interrupt_at(ShardStart, 3))
    other = job._replace(action="flag")
    with pytest.raises(UsageError, match=r"action was drop, is flag.*--restart"):
        deduplicate_corpus(other, out)
    assert deduplicate_corpus(other, out, restart=True).copies == 10


def test_a_finished_output_is_written_over_only_by_force(inputs: list[str], tmp_path: Path) -> None:
    job, out = runner_job.dedup_job(inputs), tmp_path / "out"
    deduplicate_corpus(job, out)
    with pytest.raises(UsageError, match=r"duplicates\.jsonl exists.*--force"):
        deduplicate_corpus(job, out)
    before = tree(out)
    deduplicate_corpus(job, out, force=True)
    assert tree(out) == before


def test_force_removes_the_reports_that_a_run_does_not_write(inputs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    job = runner_job.dedup_job(inputs)._replace(action="flag")
    deduplicate_corpus(job._replace(options=DedupOptions(unit="all")), out)
    contamination = ReferenceMatch("d", Span(0, 9), "q", 0.75, "甲", "乙")
    (out / CONTAMINATION).write_bytes(msgspec.json.encode(contamination) + b"\n")
    deduplicate_corpus(job, out, force=True)
    assert {path.name for path in out.iterdir()} == {PAIRS, CLUSTERS}


def test_force_removes_neither_inputs_nor_what_only_has_the_name_of_a_report(tmp_path: Path) -> None:
    (tmp_path / CONTAMINATION).write_text(
        '{"id": "a", "text": "河水退去之后，村里的人开始丈量田地。"}\n', encoding="utf-8"
    )
    (tmp_path / SPANS).write_bytes(b"")
    before = tree(tmp_path)
    job = runner_job.dedup_job([str(tmp_path / SPANS)])._replace(action="flag")
    deduplicate_corpus(job, tmp_path, force=True)
    assert before.items() <= tree(tmp_path).items()


def test_a_wrong_call_leaves_no_unfinished_run(inputs: list[str], tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_text('{"id": 1, "text": "一"}\n{"id": 1, "text": "二"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="two documents have the id '1'"):
        deduplicate_corpus(runner_job.dedup_job([str(path)]), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def fragile(run: Any, assignment: Any, emit: Any) -> None:
    """Sketching that ends its process where a poisoned text is met."""
    from cleaner.corpus.dedup import reading

    read = reading.read_record

    def read_or_die(item: Any, encoding: str | None = None, **options: bool) -> Any:
        if runner_job.POISON in getattr(item, "text", ""):
            os._exit(139)
        return read(item, encoding, **options)

    reading.read_record = read_or_die
    sketch_shards(run, assignment, emit)


@pytest.mark.slow
def test_only_the_record_that_ends_its_worker_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.corpus.dedup import run

    monkeypatch.setattr(run, "sketch_shards", fragile)
    texts = [prose(number, 300) for number in range(8)]
    texts[3] = runner_job.POISON
    case = next(case for case in CASES if case.name == "JSON Lines")
    case.write(tmp_path / "in.jsonl", [{"id": f"{number}", "text": text} for number, text in enumerate(texts)])
    summary = deduplicate_corpus(runner_job.dedup_job([str(tmp_path / "in.jsonl")]), tmp_path / "out", workers=2)
    assert summary.documents == 7
    (skip,) = summary.skipped
    assert skip.path.endswith("in.jsonl:4")
    assert skip.reason == "it ends its worker: the process ended with code 139"


def test_an_interrupted_run_into_an_index_resumes(inputs: list[str], tmp_path: Path) -> None:
    def job(name: str) -> DedupJob:
        return runner_job.dedup_job(inputs)._replace(index_name=str(tmp_path / name))

    whole = build.add_corpus(job("whole.db"), tmp_path / "whole")
    for kind, count in ((ShardStart, 3), (PhaseStart, 1), (PhaseStart, 2)):
        with pytest.raises(KeyboardInterrupt):
            build.add_corpus(job("i.db"), tmp_path / "out", watch=interrupt_at(kind, count))
    assert build.add_corpus(job("i.db"), tmp_path / "out") == whole
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_a_run_killed_after_its_documents_are_in_the_index_keeps_its_pairs(
    inputs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = runner_job.dedup_job(inputs)._replace(index_name=str(tmp_path / "i.db"))

    def interrupted(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "write_summary", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build.add_corpus(job, tmp_path / "out")
    assert build.add_corpus(job, tmp_path / "out").copies == 10
    assert (tmp_path / "out" / PAIRS).read_bytes().count(b"\n") >= 10


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "seed"), [(1, 1), (2, 2), (2, 3)])
def test_killed_three_times_at_random_the_bytes_are_those_of_an_unbroken_run(
    inputs: list[str], tmp_path: Path, workers: int, seed: int
) -> None:
    script = str(ROOT / "tests/helpers/runner_job.py")
    where = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}

    def start(output: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, script, str(tmp_path / output), str(workers), "deduplicate", *inputs]
        return subprocess.Popen(command, stdout=subprocess.PIPE, env=where, start_new_session=True)

    with start("whole") as process:
        process.communicate(timeout=120)
    assert process.returncode == 0
    dice, killed = random.Random(seed), 0
    while killed < 3:
        process = start("broken")
        assert process.stdout
        events = dice.randint(0, 60)
        while events and process.stdout.read(1):
            events -= 1
        time.sleep(dice.random() * 0.03)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        process.stdout.close()
        if process.returncode == 0:
            break
    else:
        with start("broken") as process:
            process.communicate(timeout=120)
        assert process.returncode == 0
    assert tree(tmp_path / "broken") == tree(tmp_path / "whole")
