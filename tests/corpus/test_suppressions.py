"""`cleaner clean` honours suppressions in the data, and restores the originals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, MENU

COMMENT = "<!-- cleaner: disable zh-legal -- it is the subject -->"


def test_a_suppressed_line_stays_with_its_comment_and_comes_back(call: Call) -> None:
    page = f"{MENU}\n\n{ARTICLE}\n{COMMENT}\n{FOOTER}\n\n{ARTICLE.replace('河水', '湖水')[:90]}\n\n{FOOTER}\n"
    Path("pages").mkdir()
    Path("pages/a.txt").write_text(page)
    Path("pages/b.txt").write_text(page.replace(f"{COMMENT}\n", ""))
    assert call("clean", "pages", "-o", "out", "--quiet", "--dedup", "off")[0] == 0
    clean = Path("out/a.txt").read_text()
    assert clean.count(FOOTER) == 1
    assert f"{COMMENT}\n{FOOTER}\n" in clean
    assert MENU not in clean
    assert FOOTER not in Path("out/b.txt").read_text()
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back/a.txt").read_text() == page
    assert call("clean", "out/a.txt", "-o", "again", "--quiet", "--dedup", "off")[0] == 0
    assert Path("again/a.txt").read_text() == clean


def test_a_field_suppresses_in_its_record(call: Call) -> None:
    text = f"{ARTICLE}\n{FOOTER}\n"
    rows = [{"id": 1, "text": text, "_cleaner_disable": "legal -- known"}, {"id": 2, "text": text}]
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert call("clean", "a.jsonl", "-o", "out", "--quiet", "--dedup", "off")[0] == 0
    first, second = map(json.loads, Path("out/a.jsonl").read_text().splitlines())
    assert first["text"] == text
    assert FOOTER not in second["text"]
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back/a.jsonl").read_bytes() == Path("a.jsonl").read_bytes()


def test_a_page_and_markdown_suppress_too(call: Call) -> None:
    pytest.importorskip("selectolax")
    body = "".join(f"<p>{line}</p>\n" for line in ARTICLE.split("\n") if line)
    Path("a.html").write_text(f"<body>\n{body}{COMMENT}\n<p>{FOOTER}</p>\n</body>")
    Path("b.md").write_text(f"# 村子\n\n{ARTICLE}\n{COMMENT}\n\n{FOOTER}\n")
    assert call("clean", "a.html", "b.md", "-o", "out", "--quiet", "--dedup", "off")[0] == 0
    assert FOOTER in Path("out/a.txt").read_text()
    assert FOOTER in Path("out/b.md").read_text()
