"""Folders are searched by names and, where these tell nothing, by content; what is passed over is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.calls import Call

TEXT = "河水退去之后，村里的人开始重新丈量田地。\n"
PAGE = f"<html><body><p>{TEXT}</p></body></html>"
FOUND = {
    "index.php": PAGE.encode(),
    "view.php?id=7": PAGE.encode(),
    "story": TEXT.encode("gbk"),
    "page": PAGE.encode(),
    "page.html.1": PAGE.encode(),
    "rows": f'{{"id":"1","text":"{TEXT.strip()}"}}\n'.encode(),
    "notes.txt": TEXT.encode(),
}
OTHERS = {
    "source.php": b"<?php echo 'x'; ?>",
    "run": b"#!/bin/sh\necho\n",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00",
    "random": bytes(range(128, 256)) * 3,
    "empty": b"",
    "photo.jpg": b"\xff\xd8\xff",
    "a.log": b"12:00 started\n",
    "_cleaner/edits.jsonl": b'{"text":"x"}\n',
    "deep/_cleaner/old.txt": TEXT.encode(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in {**FOUND, **OTHERS}.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "in"


def test_pages_and_texts_are_found_by_content(folder: Path, call: Call) -> None:
    code, _, said = call("clean", folder, "-o", "out")
    assert code == 0
    names = {path.name for path in Path("out").iterdir()} - {"_cleaner"}
    assert names == {"index.php.txt", "view.php?id=7.txt", "story", "page.txt", "page.html.1.txt", "rows", "notes.txt"}
    assert "7 files passed over: 4 without suffix, 1 .jpg, 1 .log, 1 .php\n" in said


def test_patterns_are_the_last_word(folder: Path, call: Call) -> None:
    assert call("clean", folder, "-o", "out", "--include", "*.txt", "-q")[0] == 0
    assert {path.name for path in Path("out").iterdir()} == {"_cleaner", "notes.txt"}


@pytest.mark.parametrize("name", ["in/_cleaner", "in/_cleaner/edits.jsonl", "in/deep/_cleaner"])
def test_the_folder_of_a_run_is_never_read(name: str, folder: Path, call: Call) -> None:
    code, _, said = call("clean", name, "-o", "out")
    assert code == 2
    assert "a run's own folder" in said


def test_a_glob_leaves_out_the_folder_of_a_run(folder: Path, call: Call) -> None:
    assert call("clean", "in/**/*.jsonl", "-o", "out", "-q")[0] == 2
    assert call("clean", "in/**/*.txt", "-o", "out", "-q")[0] == 0
    assert {path.name for path in Path("out").iterdir()} == {"_cleaner", "notes.txt"}
