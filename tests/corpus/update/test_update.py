"""An output that is brought up to date is that of a whole run, whatever happened to its inputs."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from cleaner import pipeline
from cleaner.corpus import clean, restore
from cleaner.errors import UsageError
from helpers.calls import Call
from helpers.format_cases import CASES, job, rows, tree

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")

ROWS = rows(12)
EXTRA = "河水在夜里退去，桥上的人各自回家，没有人再提起那件事。"


def write(folder: Path, case: Any, table: list[dict[str, Any]]) -> None:
    """Write a file of a format, or a folder of texts, in place of the one before."""
    name = case.name.split()[0]
    path = folder / f"{name}{case.suffix}"
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if table:
        case.write(path, table)


def change(table: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """Drop, alter, add or move records."""
    table = [dict(row) for row in table]
    match chance.choice(["drop", "alter", "add", "move", "empty", "same"]):
        case "drop" if table:
            del table[chance.randrange(len(table))]
        case "alter" if table:
            table[chance.randrange(len(table))]["text"] += f"\n{EXTRA}"
        case "add":
            there = {row["id"] for row in table}
            table += [row for row in ROWS if row["id"] not in there][:1]
        case "move":
            chance.shuffle(table)
        case "empty":
            table = []
    return table


def run(folder: Path, output: Path, **options: Any) -> Any:
    todo = job([folder], output, dedup=options.pop("dedup", "flag"))
    aside = options.pop("quarantine", None)
    todo = todo._replace(updates=options.pop("updates", False), quarantine=aside, quarantine_doubt=aside and 0.01)
    return clean.clean_corpus(todo, output, workers=1, **options)


def same(folder: Path, other: Path) -> None:
    left, right = tree(folder), tree(other)
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name]] == []


@pytest.mark.parametrize(
    ("seed", "steps"), [(1, 3), *(pytest.param(seed, 6, marks=pytest.mark.slow) for seed in range(2, 6))]
)
def test_any_history_of_edits_gives_the_bytes_of_a_whole_run(seed: int, steps: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder, output, aside = tmp_path / "in", tmp_path / "out", tmp_path / "aside"
    folder.mkdir()
    tables = {case.name: chance.sample(ROWS, 6) for case in CASES}
    for step in range(steps):
        for case in CASES:
            if step == 0 or chance.random() < 0.6:
                tables[case.name] = change(tables[case.name], chance)
                write(folder, case, tables[case.name])
        (folder / "damaged.txt").write_bytes(EXTRA.encode() + (b"\xff" * 90 if chance.random() < 0.5 else b""))
        dedup = chance.choice(["flag", "drop", "off"])
        run(folder, output, updates=True, dedup=dedup, quarantine=aside)
        shutil.rmtree(tmp_path / "whole", ignore_errors=True)
        shutil.rmtree(tmp_path / "whole-aside", ignore_errors=True)
        run(folder, tmp_path / "whole", dedup=dedup, quarantine=tmp_path / "whole-aside")
        same(output, tmp_path / "whole")
        same(aside, tmp_path / "whole-aside")


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of documents that go through the cleaning of texts."""
    ids: list[str] = []
    whole = pipeline.clean

    def count(documents: Any, *arguments: Any, **options: Any) -> Any:
        ids.extend(document.id for document in documents)
        return whole(documents, *arguments, **options)

    monkeypatch.setattr(pipeline, "clean", count)
    return ids


def test_only_what_is_new_or_changed_is_cleaned(tmp_path: Path, cleaned: list[str]) -> None:
    folder = tmp_path / "in"
    for name in ("a.txt", "b.txt", "c.txt"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{EXTRA}{name}\n", encoding="utf-8")
    lines = [json.dumps({"id": f"r{number}", "text": f"{EXTRA}{number}"}, ensure_ascii=False) for number in range(3)]
    (folder / "r.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    run(folder, tmp_path / "out")
    cleaned.clear()
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text(EXTRA, encoding="utf-8")
    (folder / "d.txt").write_text(EXTRA[::-1], encoding="utf-8")
    (folder / "r.jsonl").write_text(f"{lines[2]}\n{lines[0].replace('r0', 'r9')}\n", encoding="utf-8")
    times = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in ("c.txt",)}
    run(folder, tmp_path / "out", updates=True)
    assert cleaned == ["b.txt", "d.txt", "r9"]
    assert not (tmp_path / "out/a.txt").exists()
    assert times == {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in times}
    assert not [outcome for outcome in restore.restore(tmp_path / "out", tmp_path / "back") if outcome.reason]
    assert tree(tmp_path / "back") == tree(folder)


def test_other_options_clean_everything_anew_and_say_so(tmp_path: Path, call: Call) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("這是一個繁體句子，說明轉換之後還能復原。\n", encoding="utf-8")
    assert call("clean", "in", "-o", "out", "--update", "--script", "keep", "-q")[0] == 0
    code, _, said = call("clean", "in", "-o", "out", "--update")
    assert code == 0
    assert "everything is cleaned anew: script was keep, is simplified" in said
    assert call("clean", "in", "-o", "whole", "-q")[0] == 0
    same(tmp_path / "out", tmp_path / "whole")


def test_a_file_that_no_run_made_is_not_overwritten_by_an_update(tmp_path: Path, call: Call) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(EXTRA, encoding="utf-8")
    assert call("clean", "in", "-o", "out", "-q")[0] == 0
    (tmp_path / "in/b.txt").write_text(EXTRA, encoding="utf-8")
    (tmp_path / "out/b.txt").write_text("mine", encoding="utf-8")
    code, _, said = call("clean", "in", "-o", "out", "--update")
    assert (code, (tmp_path / "out/b.txt").read_text()) == (2, "mine")
    assert "b.txt exists" in said


def test_a_run_in_place_is_not_updated(tmp_path: Path, call: Call) -> None:
    (tmp_path / "a.txt").write_text(EXTRA, encoding="utf-8")
    code, _, said = call("clean", "a.txt", "-o", ".", "--update", "--force")
    assert code == 2
    assert "holds the inputs themselves" in said


@pytest.mark.parametrize("arguments", [("--dry-run",), ("-o", "memory://out"), ()])
def test_an_update_needs_a_local_output(arguments: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    (tmp_path / "a.txt").write_text(EXTRA, encoding="utf-8")
    assert call("clean", "a.txt", "--update", *arguments)[0] == 2


def test_a_new_run_removes_the_outputs_it_does_not_make(tmp_path: Path, call: Call) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt"):
        (folder / name).write_text(EXTRA + name, encoding="utf-8")
    assert call("clean", folder, "-o", out, "-q")[0] == 0
    for name in ("b.txt", "sub/c.txt", "sub/d.txt"):
        (folder / name).unlink()
    (out / "sub/d.txt").write_text("changed by hand", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    assert call("clean", folder, "-o", out, "-q", "--force")[0] == 0
    assert sorted(name for name in tree(out) if "_cleaner" not in name) == ["a.txt", "notes.txt", "sub/d.txt"]


def test_outputs_that_are_inputs_stay(tmp_path: Path, call: Call) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(EXTRA + name, encoding="utf-8")
    assert call("clean", "a.txt", "b.txt", "-o", ".", "-q", "--force")[0] == 0
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/c.txt").write_text(EXTRA, encoding="utf-8")
    call("clean", "sub/c.txt", "-o", ".", "-q", "--force")
    assert (tmp_path / "a.txt").exists()
    assert (tmp_path / "b.txt").exists()


def test_another_job_after_an_update_that_was_broken_off_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(EXTRA, encoding="utf-8")
    run(tmp_path / "in", tmp_path / "out")

    def stop(worker: int, event: Any) -> None:
        if type(event).__name__ == "WorkerEnd":
            raise KeyboardInterrupt

    (tmp_path / "in/b.txt").write_text(EXTRA, encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "in", tmp_path / "out", updates=True, watch=stop)
    (tmp_path / "in/b.txt").write_text(EXTRA * 2, encoding="utf-8")
    with pytest.raises(UsageError, match=r"b\.txt has changed \(\d+ bytes before, \d+ bytes now\)"):
        run(tmp_path / "in", tmp_path / "out", updates=True)
    run(tmp_path / "in", tmp_path / "out", updates=True, restart=True)
    run(tmp_path / "in", tmp_path / "whole")
    same(tmp_path / "out", tmp_path / "whole")
