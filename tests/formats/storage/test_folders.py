"""Folders with links that meet, pipes, devices and names of any case, read by real runs."""

from __future__ import annotations

import inspect
import os
import socket
import sys
from pathlib import Path

import pytest

from cleaner.corpus import clean
from cleaner.formats.storage import files, folders
from cleaner.formats.storage.regular import open_regular, special_kind
from helpers.calls import Call
from helpers.format_cases import job, page, read_rejects

DEPTH = 30
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


def listed(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folders.walk(folder, ("*.txt",), lambda path: False, print)]


def test_links_that_meet_lead_to_each_folder_once(tmp_path: Path) -> None:
    for level in range(DEPTH):
        (tmp_path / str(level)).mkdir()
        for name in "ab":
            (tmp_path / str(level) / name).symlink_to(f"../{level + 1}")
    (tmp_path / str(DEPTH)).mkdir()
    (tmp_path / str(DEPTH) / "text.txt").write_text("a")
    inputs, skips = files.find_inputs([tmp_path / "0"], None, ("*.txt",))
    assert [file.target for file in inputs] == ["a/" * DEPTH + "text.txt"]
    assert len(skips) == DEPTH
    assert all(skip.is_known_folder for skip in skips)
    assert folders.KNOWN_FOLDER in skips[0].reason


def test_a_folder_keeps_its_own_name_beside_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "z/deep").mkdir(parents=True)
    (tmp_path / "z/deep/text.txt").write_text("a")
    (tmp_path / "a").symlink_to("z/deep")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "z")
    assert listed(tmp_path) == ["z/deep/text.txt"]


def test_a_start_that_is_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/text.txt").write_text("a")
    (tmp_path / "link").symlink_to("in")
    assert listed(tmp_path / "link") == ["text.txt"]


def test_folders_deeper_than_the_stack_of_python_are_walked(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "text.txt").write_text("a")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        assert listed(tmp_path) == ["d/" * 300 + "text.txt"]
    finally:
        sys.setrecursionlimit(limit)


def test_suffixes_of_any_case_are_read(tmp_path: Path) -> None:
    for name in ("A.TXT", "b.txt", "c.Txt", "d.log"):
        (tmp_path / name).write_text("a")
    assert listed(tmp_path) == ["A.TXT", "b.txt", "c.Txt"]


def make_specials(folder: Path) -> list[str]:
    """Put a text and what is no regular file into a folder; the names of the latter."""
    folder.mkdir()
    (folder / "text.txt").write_text(page(1))
    for suffix in ("txt", "jsonl", "csv", "html", "parquet", "jsonl.gz"):
        os.mkfifo(folder / f"pipe.{suffix}")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "zero.jsonl").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "s.txt"))
    return sorted(path.name for path in folder.iterdir() if path.name != "text.txt")


def test_pipes_sockets_and_devices_are_listed_and_not_read(tmp_path: Path) -> None:
    names = make_specials(tmp_path / "in")
    summary = clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out")
    rejects = list(read_rejects(tmp_path / "out"))
    assert summary.documents == 1
    assert sorted(Path(item["file"]).name for item in rejects) == names
    assert all("not a file" in item["reason"] for item in rejects)


def test_check_lists_pipes_sockets_and_devices(call: Call, tmp_path: Path) -> None:
    names = make_specials(tmp_path / "in")
    code, out, _ = call("check", "in", "--select", "input")
    assert code == 1
    found = sorted(line.split(":")[0].removeprefix("in/") for line in out.splitlines()[:-1])
    assert found == [name for name in names if name != "zero.txt"]  # one device, and check takes each file once


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert special_kind(tmp_path / "pipe") == "a named pipe"
    with pytest.raises(OSError, match="a named pipe, not a file"):
        open_regular(tmp_path / "pipe")


@pytest.mark.parametrize(
    "name", ["\U00020000" * 62 + ".txt", "河" * 83 + ".html", "a" * 251 + ".txt", "a" * 244 + ".warc.gz"]
)
def test_names_as_long_as_a_file_system_takes_end_no_run(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(page(1))
    for other in ("a.txt", "\U00020001.txt"):
        (tmp_path / "in" / other).write_text(page(2))
    clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out"), tmp_path / "out")
    assert {"a.txt", "\U00020001.txt"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_an_output_whose_name_is_too_long_is_listed_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    name = "a" * 250 + ".csv"
    (tmp_path / "in" / name).write_text("id,text\n1,河水退去之后。\n")
    (tmp_path / "in/b.txt").write_text(page(1))
    clean.clean_corpus(job([tmp_path / "in"], tmp_path / "out", kind="jsonl"), tmp_path / "out")
    (reject,) = read_rejects(tmp_path / "out")
    assert "cannot be written: File name too long" in reject["reason"]
    assert (tmp_path / "out/documents.jsonl").exists()


@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_hidden_files_that_would_be_read_are_counted(command: str, tmp_path: Path, call: Call) -> None:
    for name in ("in/a.txt", "in/.b.txt", "in/.c.jsonl", "in/.settings", "in/.git/d.txt", "in/e.bin"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("河水退去之后。")
    code, _, err = call(command, "in", "-o", "out")
    assert (code, "3 files passed over: 2 hidden, 1 .bin" in err) == (0, True)
