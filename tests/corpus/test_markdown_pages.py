"""Pages that a corpus run writes as Markdown: names, originals, updates, fields, standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call

PAGE = """<!doctype html><html><head><title>河边的账本</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/b">下一篇</a></div>
<h1>河边的账本</h1>
<p>河水退去之后，村里的人开始重新丈量田地，老人们说，三十年前的<a href="stone.html">界石</a>还在。</p>
<ul><li>北坡的地分给张家，一共三亩五分。</li><li>河湾的地分给李家，一共十二亩。</li></ul>
<p>账本上的字迹很淡，可是每一笔都记得清楚：谁借了粮，谁又在秋天还了回来。</p>
<div class="footer">版权所有 京ICP备00000000号-1</div></body></html>
"""
LIST = "- 北坡的地分给张家，一共三亩五分。\n- 河湾的地分给李家，一共十二亩。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("a.html", "b.html"):
        (pages / name).write_text(PAGE.replace("账本", name), encoding="gb18030")
    (pages / "b.md").write_text("河水退去之后。\n", encoding="utf-8")
    (pages / "c.txt").write_text("# 不是标题，是一行字。\n", encoding="utf-8")
    return tmp_path


def test_pages_become_markdown_and_come_back(folder: Path, call: Call) -> None:
    out = folder / "out"
    call("clean", folder / "pages", "-o", out, "--text-format", "markdown", "--links", "inline")
    assert sorted(path.name for path in out.glob("*.*")) == ["a.md", "b.html.md", "b.md", "c.txt"]
    text = (out / "a.md").read_text("utf-8")
    assert text.startswith("# 河边的a.html\n\n")
    assert LIST in text
    assert "[界石](stone.html)" in text
    assert "ICP" not in text
    assert "首页" not in text
    assert (out / "c.txt").read_text("utf-8") == "# 不是标题，是一行字。\n"
    call("restore", out, "--to", folder / "back")
    for path in (folder / "pages").iterdir():
        assert (folder / "back" / path.name).read_bytes() == path.read_bytes()


def test_the_settings_file_asks_for_markdown_and_an_update_is_a_whole_run(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("cleaner.toml").write_text('text-format = "markdown"\n', encoding="utf-8")
    call("clean", "pages", "-o", "out")
    (folder / "pages" / "b.html").write_text(PAGE.replace("张家", "王家"), encoding="utf-8")
    call("clean", "pages", "-o", "out", "--update")
    call("clean", "pages", "-o", "whole")
    for path in Path("whole").glob("*.*"):
        assert (Path("out") / path.name).read_bytes() == path.read_bytes()
    assert LIST in Path("out", "a.md").read_text("utf-8")


def test_copies_are_dropped_from_markdown_too(folder: Path, call: Call) -> None:
    call("clean", folder / "pages", "-o", folder / "out", "--text-format", "markdown", "--dedup", "drop")
    texts = [(folder / "out" / name).read_text("utf-8") for name in ("a.md", "b.html.md")]
    assert sum("账本上的字迹" in text or "上的字迹" in text for text in texts) == 1
    call("restore", folder / "out", "--to", folder / "back")
    assert (folder / "back" / "b.html").read_bytes() == (folder / "pages" / "b.html").read_bytes()


def test_pages_in_fields_become_markdown_too(folder: Path, call: Call) -> None:
    record = {"id": "1", "html": PAGE, "note": "# 一行字", "other": PAGE.replace("张家", "王家")}
    (folder / "in.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    options = ("--text-format", "markdown", "--field", "html", "--field", "note", "--field", "other")
    call("clean", folder / "in.jsonl", "-o", folder / "out", *options)
    written = json.loads((folder / "out" / "in.jsonl").read_text("utf-8"))
    assert LIST in written["html"]
    assert written["note"] == "# 一行字"
    assert LIST.replace("张家", "王家") in written["other"]
    assert written["other"].startswith("# 河边的账本")
    call("restore", folder / "out", "--to", folder / "back")
    assert (folder / "back" / "in.jsonl").read_bytes() == (folder / "in.jsonl").read_bytes()
