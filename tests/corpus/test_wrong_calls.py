"""A wrong call is refused before anything is written, an output that is there stays as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.format_cases import CASES, rows, tree

TEXT = "河水退去之后，村里的人开始重新丈量田地。\n"
PACK = '[pack]\nid = "bad"\n'


@pytest.fixture
def folder(tmp_path: Path, call: Call) -> Path:
    """A folder with an input, and an output that an earlier run made of it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(TEXT, encoding="utf-8")
    assert call("clean", "in", "-o", "out", "-q")[0] == 0
    (tmp_path / "a_file").write_text("x")
    (tmp_path / "bad.toml").write_text(PACK)
    (tmp_path / "settings.toml").write_text("scrpt = 1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--pack", "zh-wob"), "zh-wob"),
        (("--pack", "bad.toml"), "bad.toml"),
        (("--encoding", "gbq"), "gbq"),
        (("--config", "settings.toml"), "scrpt"),
        (("--config", "none.toml"), "none.toml"),
        (("--max-document", "much"), "much"),
        (("--input-format", "xslx"), "xslx"),
        (("--max-loss", "7"), "max"),
        (("--quarantine", "a_file/x"), "a_file is a file"),
        (("--quarantine-doubt", "0.5"), "--quarantine"),
        (("-o", "a_file"), "a_file is a file"),
        (("nowhere.txt",), "nowhere.txt"),
    ],
)
def test_nothing_is_written_by_a_wrong_call(arguments: tuple[str, ...], reason: str, folder: Path, call: Call) -> None:
    before = tree(folder)
    output = () if "-o" in arguments else ("-o", "out")
    code, _, said = call("clean", "in", *output, "--force", *arguments)
    assert (code, tree(folder)) == (2, before)
    assert reason in said


@pytest.mark.parametrize(
    ("name", "file", "arguments", "library"),
    [
        ("Parquet", "r.parquet", (), "pyarrow"),
        ("WARC", "r.warc", (), "fastwarc"),
        ("JSON Lines", "r.jsonl.zst", (), "zstandard"),
        ("JSON Lines", "r.jsonl", ("--output-format", "parquet"), "pyarrow"),
    ],
)
def test_a_library_that_is_missing_is_named_before_anything_is_written(
    name: str,
    file: str,
    arguments: tuple[str, ...],
    library: str,
    folder: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip(library)
    next(case for case in CASES if case.name == name).write(folder / "in" / file, rows(3))
    before = tree(folder)
    monkeypatch.setitem(sys.modules, library, None)
    code, _, said = call("clean", "in", "-o", "out", "--force", *arguments)
    assert (code, tree(folder)) == (2, before)
    assert f"needs {library}" in said
    assert "pip install" in said
    code, _, said = call("clean", "in", "-o", "fresh", *arguments)
    assert not (folder / "fresh").exists()


def test_a_run_without_a_finished_shard_is_dropped_without_a_question(folder: Path, call: Call) -> None:
    own = folder / "fresh/_cleaner"
    (own / "checkpoints").mkdir(parents=True)
    (own / "job.json").write_text('{"cleaner": "0", "inputs": {}}')
    assert call("clean", "in", "-o", "fresh", "-q")[0] == 0
