"""Runs into the folder of their own inputs: whenever they are killed, the originals can be brought back."""

from __future__ import annotations

import os
import random
import shutil
import stat
from pathlib import Path

import pytest

from cleaner.corpus import assemble, clean, restore
from cleaner.corpus.run import OVERWRITING
from cleaner.errors import UsageError
from cleaner.formats.storage import files
from helpers.format_cases import CASES, job, page, rows, tree

TEXTS = 30
JSONL = next(case for case in CASES if case.name == "JSON Lines")


class Killed(BaseException):
    """Stands for the end of the process, which nothing may catch."""


def write_inputs(folder: Path) -> list[Path]:
    folder.mkdir()
    for number in range(TEXTS):
        (folder / f"{number:02}.txt").write_text(page(number))
    JSONL.write(folder / "rows.jsonl", rows())
    return sorted(folder.iterdir())


def run_in_place(folder: Path, *, restart: bool = False) -> None:
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    clean.clean_corpus(job(paths, folder, dedup="off"), folder, workers=1, force=True, restart=restart)


def kill_at_replace(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """End a run when it gives a file its name for the given time, counted from 0."""
    replace, left = Path.replace, [number]

    def replace_or_die(path: Path, target: Path) -> Path:
        if path.name.endswith(files.TEMPORARY):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_or_die)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 2, 3, *random.Random(5).sample(range(4, 2 + TEXTS), 5), TEXTS + 3, TEXTS + 4])
def test_a_run_killed_in_place_is_finished_and_gives_the_originals_back(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_inputs(tmp_path / "in")
    originals = tree(tmp_path / "in")
    shutil.copytree(tmp_path / "in", tmp_path / "whole")
    run_in_place(tmp_path / "whole")
    with monkeypatch.context() as patch:
        kill_at_replace(patch, number)
        with pytest.raises(Killed):
            run_in_place(tmp_path / "in")
    run_in_place(tmp_path / "in")
    outputs = {name: data for name, data in tree(tmp_path / "whole").items() if not name.startswith("_cleaner")}
    assert {name: (tmp_path / "in" / name).read_bytes() for name in outputs} == outputs
    assert not any(outcome.reason for outcome in restore.restore(tmp_path / "in", tmp_path / "back"))
    assert tree(tmp_path / "back") == originals
    assert {path.name for path in (tmp_path / "in/_cleaner").iterdir()} >= {"edits.jsonl", "manifest.json"}
    assert not (tmp_path / "in/_cleaner" / OVERWRITING).exists()


def test_a_run_that_overwrote_inputs_is_not_forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_inputs(tmp_path / "in")
    with monkeypatch.context() as patch:
        kill_at_replace(patch, 10)
        with pytest.raises(Killed):
            run_in_place(tmp_path / "in")
    with pytest.raises(UsageError, match=r"begun to overwrite its inputs.*without --restart"):
        run_in_place(tmp_path / "in", restart=True)
    (tmp_path / "in/new.txt").write_text(page(1))
    with pytest.raises(UsageError, match=r"it is another one: \S*new\.txt is new"):
        run_in_place(tmp_path / "in")


def test_the_manifest_has_the_checksum_before_a_file_was_overwritten(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    JSONL.write(tmp_path / "in/rows.jsonl", rows())
    before = assemble.sha256(tmp_path / "in/rows.jsonl")
    run_in_place(tmp_path / "in")
    assert before in (tmp_path / "in/_cleaner/manifest.json").read_text()


def test_a_second_run_in_place_does_not_take_the_originals_away(tmp_path: Path) -> None:
    write_inputs(tmp_path / "in")
    originals = tree(tmp_path / "in")
    run_in_place(tmp_path / "in")
    before = tree(tmp_path / "in")
    for restart in (False, True):
        with pytest.raises(UsageError, match="its ledger, by which their originals come back, would be lost"):
            run_in_place(tmp_path / "in", restart=restart)
    assert tree(tmp_path / "in") == before
    assert not any(outcome.reason for outcome in restore.restore(tmp_path / "in", tmp_path / "back"))
    assert tree(tmp_path / "back") == originals
    shutil.rmtree(tmp_path / "in/_cleaner")
    run_in_place(tmp_path / "in")


def test_temporary_files_are_private_and_outputs_follow_the_umask(tmp_path: Path) -> None:
    seen = []
    before = os.umask(0o027)
    try:
        with files.atomic_writer(tmp_path / "a.txt") as file:
            file.write(b"x")
            seen = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()]
        (tmp_path / "in").mkdir()
        JSONL.write(tmp_path / "in/rows.jsonl", rows())
        clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out", workers=1)
    finally:
        os.umask(before)
    assert seen == [0o600]
    written = [path for path in (tmp_path / "a.txt", *(tmp_path / "out").rglob("*")) if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o640}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*") if path.is_dir()} <= {0o750}
