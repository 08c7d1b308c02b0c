"""Documents that would lose too much are put aside whole: every format, restored, resumed, any number of workers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cleaner
from cleaner.cli import app
from cleaner.corpus import clean, restore
from cleaner.corpus.quarantine import LIST
from cleaner.errors import UsageError
from cleaner.local.events import Event, ShardStart, WorkerEnd
from cleaner.packs.builtin import HEAVY_LOSS
from helpers.doubtful import DOUBTFUL, FRAMED
from helpers.format_cases import CASES, FOOT, NAV, Case, Rows, body, decompress, job, rows, tree

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")
pytest.importorskip("selectolax")

JUNK = "\n".join([NAV, f"{NAV}|博客", FOOT, "返回顶部", "设为首页 | 加入收藏"] * 8)
APART = (3, 7)
PLAIN = [pytest.param(case, "", id=case.name) for case in CASES]
PACKED = [pytest.param(case, ".gz", id=f"{case.name}.gz") for case in CASES if case.name in ("JSON Lines", "CSV")]


def mixed() -> Rows:
    """Two of twelve records are junk but for their last line."""
    return [{**row, "text": f"{JUNK}\n{body(i)[:30]}\n"} if i in APART else row for i, row in enumerate(rows())]


def run(path: Path, output: Path, apart: Path | None, **how: Any) -> Any:
    watch = how.pop("watch", lambda worker, event: None)
    workers = how.pop("workers", None)
    todo = job([path], output, **how)._replace(quarantine=apart)
    todo = todo._replace(config=cleaner.config.override(todo.config, max_loss=0.6))
    return clean.clean_corpus(todo, output, watch=watch, workers=workers)


def told(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LIST).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("case", "compression"), [*PLAIN, *PACKED])
def test_documents_with_heavy_losses_are_quarantined_whole_in_their_format(
    case: Case, compression: str, tmp_path: Path
) -> None:
    path = tmp_path / f"in{case.suffix}{compression}"
    case.write(path, mixed())
    found = run(path, tmp_path / "out", tmp_path / "apart")
    assert (found.documents, found.quarantines, found.rejections) == (10, 2, 0)
    assert all(item["reason"].endswith("characters removed") for item in told(tmp_path / "apart"))
    if case.suffix:
        again = case.read(tmp_path / "apart" / f"in{case.target}{'' if case.target == '.parquet' else compression}")
        known = [mixed()[i] for i in APART]
        if case.name in ("JSON Lines", "CSV", "TSV", "Parquet", "Arrow (datasets)"):
            assert again == known
        assert [row["n"] for row in again] == list(APART)
    else:
        kept = sorted(p for p in (tmp_path / "apart").rglob("*") if p.name != LIST)
        assert [p.read_bytes() for p in kept] == [(path / p.name).read_bytes() for p in kept]
        assert [p.stem for p in kept] == [f"d{i}" for i in APART]
    manifest = json.loads((tmp_path / "out/_cleaner/manifest.json").read_bytes())
    assert manifest["counts"]["quarantined"] == 2
    assert manifest["counts"]["flags_by_rule"][HEAVY_LOSS] == 2


@pytest.mark.parametrize("case", [case for case in CASES if case.restored != "no"], ids=lambda case: case.name)
@pytest.mark.parametrize("dedup", ["flag", "drop"])
def test_restore_brings_quarantined_documents_back(case: Case, dedup: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{case.suffix}"
    found = mixed()
    found[9]["text"] = found[2]["text"]
    case.write(path, found)
    assert run(path, tmp_path / "out", tmp_path / "apart", dedup=dedup).duplicates > 0
    assert not [item.reason for item in restore.restore(tmp_path / "out", tmp_path / "back") if item.reason]
    for original in [path] if path.is_file() else path.iterdir():
        assert decompress(tmp_path / "back" / original.name) == decompress(original)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["text files", "JSON Lines", "Parquet"])
def test_resumed_runs_and_any_number_of_workers_quarantine_the_same_documents(name: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    path = tmp_path / f"in{case.suffix}"
    case.write(path, mixed())
    small = {"shard": 2000, "files_shard": 6000}
    run(path, tmp_path / "one", tmp_path / "apart1", **small)
    begun: list[Event] = []

    def watch(worker: int, event: Event) -> None:
        begun.append(event)
        if sum(isinstance(event, ShardStart) for event in begun) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "two", tmp_path / "apart2", watch=watch, **small)
    assert not (tmp_path / "apart2").exists()
    run(path, tmp_path / "two", tmp_path / "apart2", workers=2, **small)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert tree(tmp_path / "apart1") == tree(tmp_path / "apart2")


def test_without_a_quarantine_folder_they_stay_in_the_output_and_are_flagged(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    CASES[2].write(path, mixed())
    found = run(path, tmp_path / "out", None)
    assert (found.documents, found.quarantines, found.flags[HEAVY_LOSS]) == (12, 0, 2)


def test_another_quarantine_folder_is_another_run_and_an_existing_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    CASES[2].write(path, mixed())

    def stop(worker: int, event: Event) -> None:
        if isinstance(event, WorkerEnd):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out", tmp_path / "apart", watch=stop)
    with pytest.raises(UsageError, match="quarantine was"):
        run(path, tmp_path / "out", tmp_path / "other")
    run(path, tmp_path / "out", tmp_path / "apart")
    with pytest.raises(UsageError, match="--quarantine"):
        run(path, tmp_path / "out2", tmp_path / "apart")


def test_max_loss_applies_to_single_texts_too() -> None:
    page = f"{JUNK}\n{body(1)}"
    assert HEAVY_LOSS not in [flag.rule for flag in cleaner.clean(page).flags]
    (flag,) = [flag for flag in cleaner.clean(page, max_loss=0.5).flags if flag.rule == HEAVY_LOSS]
    assert "characters removed" in flag.note


def test_the_command_line_takes_a_quarantine_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(f"{JUNK}\n{body(1)[:30]}", encoding="utf-8")
    (tmp_path / "in/b.txt").write_text(body(2), encoding="utf-8")
    call = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--max-loss", "0.6"]
    result = CliRunner().invoke(app, [*call, "--quarantine", str(tmp_path / "apart"), "--dry-run"])
    assert result.exit_code == 0
    assert not (tmp_path / "apart").exists()
    result = CliRunner().invoke(app, [*call, "--quarantine", str(tmp_path / "apart")])
    assert result.exit_code == 0
    assert "1 documents put aside whole" in result.stderr
    assert sorted(p.name for p in (tmp_path / "apart").iterdir()) == ["a.txt", LIST]
    assert not (tmp_path / "out/a.txt").exists()


def test_documents_in_doubt_are_quarantined_where_asked_for_and_restored(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(DOUBTFUL, encoding="utf-8")
    (tmp_path / "in/b.txt").write_text(FRAMED, encoding="utf-8")
    call = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--quarantine", str(tmp_path / "apart")]
    result = CliRunner().invoke(app, [*call, "--quarantine-doubt", "0.15"])
    assert result.exit_code == 0
    assert (tmp_path / "apart/a.txt").read_text(encoding="utf-8") == DOUBTFUL
    (line,) = told(tmp_path / "apart")
    assert line["reason"] == f"doubt {cleaner.clean(DOUBTFUL).doubt:.3f}"
    assert [p.name for p in (tmp_path / "out").glob("*.txt")] == ["b.txt"]
    assert not [item.reason for item in restore.restore(tmp_path / "out", tmp_path / "back") if item.reason]
    assert (tmp_path / "back/a.txt").read_text(encoding="utf-8") == DOUBTFUL


def test_the_ledger_and_the_manifest_tell_the_doubt(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(DOUBTFUL, encoding="utf-8")
    (tmp_path / "in/b.txt").write_text(body(2), encoding="utf-8")
    run(tmp_path / "in", tmp_path / "out", None)
    entries = [json.loads(row) for row in (tmp_path / "out/_cleaner/edits.jsonl").read_bytes().splitlines()]
    assert [entry.get("doubt", 0.0) for entry in entries] == [cleaner.clean(DOUBTFUL).doubt, 0.0]
    counts = json.loads((tmp_path / "out/_cleaner/manifest.json").read_bytes())["counts"]
    assert counts["doubts"] == {"0.0": 1, f"{int(cleaner.clean(DOUBTFUL).doubt * 10) / 10}": 1}


def test_a_doubt_without_a_quarantine_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DOUBTFUL, encoding="utf-8")
    result = CliRunner().invoke(
        app, ["clean", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "--quarantine-doubt", "0.5"]
    )
    assert isinstance(result.exception, UsageError)
    assert "--quarantine DIR" in str(result.exception)


@pytest.mark.parametrize("folder", ["out", "in/apart", "s3://bucket/x"])
def test_a_quarantine_folder_that_cannot_be_used_is_refused(folder: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/b.txt").write_text(body(2), encoding="utf-8")
    result = CliRunner().invoke(app, ["clean", "in", "-o", "out", "--quarantine", folder])
    assert isinstance(result.exception, UsageError) or result.exit_code == 2
    assert not (tmp_path / "out").exists()
