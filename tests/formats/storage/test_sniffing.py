"""Files told by their content, whatever their names."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from cleaner.formats.registry import format_of
from cleaner.formats.storage import sniffing

PAGE = '<!DOCTYPE html>\n<html lang="zh"><body><p>河水退去之后。</p></body></html>\n'
LINES = '{"id": 1, "text": "河水"}\n{"id": 2, "text": "退去"}\n'
ARRAY = '[\n  {"id": 1, "text": "河水"}\n]\n'
RECORD = '{\n  "text": "河水"\n}\n'


@pytest.mark.parametrize(
    ("name", "content", "format_name"),
    [
        ("page", PAGE, "html"),
        ("index.php", PAGE, "html"),
        ("page.txt", PAGE, "html"),
        ("page.md", "\ufeff<!-- saved -->\n" + PAGE.upper(), "html"),
        ("page.xml.txt", '<?xml version="1.0"?>\n' + PAGE, "html"),
        ("lines.txt", LINES, "jsonl"),
        ("lines", LINES.splitlines()[0], "jsonl"),
        ("lines.json", LINES, "json"),
        ("array.jsonl", ARRAY, "json"),
        ("array.txt", ARRAY, "json"),
        ("record", RECORD, "json"),
        ("large.txt", '[\n{"text": "' + "河" * 100_000 + '"}\n]', "json"),
        ("long.jsonl", '{"text": "' + "河" * 100_000 + '"}\n', "jsonl"),
        ("table.csv", LINES, "csv"),
        ("archive", "WARC/1.0\r\nWARC-Type: warcinfo\r\n", "warc"),
        ("about.md", "# 用 `<html>` 写页面\n\n<div>河水</div>\n", "markdown"),
        ("notes.txt", '{"a": 1}\n然后看下面的说明。\n', "text"),
        ("set.txt", "{甲，乙}\n", "text"),
        ("bracket.txt", "[注] 河水退去之后。\n", "text"),
        ("tutorial.txt", "写一个页面，先写 <html>。\n", "text"),
        ("quoted.txt", '{ "a": \u00a0河水 }\n然后是\n{}', "text"),
        ("cut.txt", '[{"text": "河水", "n": [1, 2\n', "text"),
        ("empty", "", "text"),
    ],
)
def test_content_comes_before_the_name(name: str, content: str, format_name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    assert format_of(tmp_path / name).name == format_name


def test_pages_in_wide_characters_are_told(tmp_path: Path) -> None:
    (tmp_path / "page").write_text(PAGE, encoding="utf-16")
    assert format_of(tmp_path / "page").name == "html"


def test_packed_lines_are_told_and_a_damaged_file_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(LINES.encode()))
    (tmp_path / "b.txt.gz").write_bytes(b"no gzip")
    assert sniffing.sniff(tmp_path / "a.txt.gz") == "jsonl"
    assert sniffing.sniff(tmp_path / "b.txt.gz") == ""


def test_a_file_that_was_written_anew_is_told_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content, format_name in ((PAGE, "html"), (LINES, "jsonl"), ("河水", "text")):
        path.write_text(content, encoding="utf-8")
        assert format_of(path).name == format_name


def test_many_comments_are_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("<!-- a -->" * 400)
    start = time.process_time()
    assert sniffing.sniff(tmp_path / "a.txt") == ""
    assert time.process_time() - start < 1
    (tmp_path / "a.txt").write_text("<!-- a -->\n<!-- b -->" * 80 + "<html>")
    assert sniffing.sniff(tmp_path / "a.txt") == "html"
