"""Inputs and outputs at URLs."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import pytest

from cleaner import cli
from cleaner.errors import UsageError
from cleaner.formats.storage import remote
from helpers.format_cases import CASES, body, page, rows

fsspec = pytest.importorskip("fsspec")


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cleaner", *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder in fsspec's memory with a text and a file of records; copies of it are this test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    system = fsspec.filesystem("memory")
    if system.exists("/box"):
        system.rm("/box", recursive=True)
    next(case for case in CASES if case.name == "JSON Lines").write(tmp_path / "r.jsonl", rows(3))
    system.pipe({"/box/in/a.txt": page(1).encode(), "/box/in/deep/r.jsonl": (tmp_path / "r.jsonl").read_bytes()})
    return "memory://box"


def test_a_folder_is_fetched_and_the_output_sent(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "clean", f"{memory}/in", "-o", f"{memory}/out", "-q") == 0
    system = fsspec.filesystem("memory")
    assert system.cat("/box/out/a.txt").decode().strip() == body(1)
    assert system.cat("/box/out/deep/r.jsonl").count(b"\n") == 3
    assert system.exists("/box/out/_cleaner/manifest.json")
    assert not [name for name in system.find("/box/out") if "inputs" in name or "parts" in name]


def test_an_existing_output_is_kept_without_force(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "clean", f"{memory}/in", "-o", f"{memory}/out", "-q") == 0
    assert call(monkeypatch, "clean", f"{memory}/in", "-o", f"{memory}/out", "-q") == 2
    assert call(monkeypatch, "clean", f"{memory}/in", "-o", f"{memory}/out", "-q", "--force") == 0


def test_a_file_and_a_glob_go_to_a_local_folder(memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (
        call(monkeypatch, "clean", f"{memory}/in/a.txt", f"{memory}/in/deep/*.jsonl", "-o", str(tmp_path / "o"), "-q")
        == 0
    )
    assert (tmp_path / "o/a.txt").exists()
    assert (tmp_path / "o/r.jsonl").exists()
    assert sorted(path.name for path in (tmp_path / "o/_cleaner").iterdir()) == sorted(
        ["edits.jsonl", "rejected.jsonl", "duplicates.jsonl", "manifest.json"]
    )


def test_a_url_without_files_is_an_error(memory: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        remote.fetch(f"{memory}/nowhere", tmp_path, ("*.txt",))
    with pytest.raises(UsageError, match="nosuch"):
        remote.fetch("nosuch://a/b", tmp_path, ("*.txt",))
