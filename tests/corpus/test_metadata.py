"""What pages say of themselves beside their texts, in every output that has a place for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call

PAGE = """<html lang="zh"><head><title>河边的账本 - 河湾网</title><meta name="author" content="周禾"></head><body>
<h1>河边的账本</h1><div>2024年3月5日 08:27 来源：河湾日报</div>
<p>河水退去之后，村里的人开始重新丈量田地，老人们说，三十年前的界石还在。</p></body></html>
"""
FIELDS = {
    "page_title": "河边的账本",
    "page_author": "周禾",
    "page_date": "2024-03-05T08:27",
    "page_site_name": "河湾网",
    "page_source": "河湾日报",
    "page_language": "zh",
}
ORIGINS = {
    "title": "h1",
    "author": "meta:author",
    "date": "byline",
    "site_name": "title",
    "source": "byline",
    "language": "html:lang",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(PAGE, encoding="gb18030")
    (tmp_path / "pages" / "b.txt").write_text("只是文字。\n", encoding="utf-8")
    return tmp_path


def test_markdown_has_it_on_top_and_the_page_comes_back(folder: Path, call: Call) -> None:
    options = ("--text-format", "markdown", "--metadata")
    call("clean", folder / "pages", "-o", folder / "out", *options)
    text = (folder / "out" / "a.md").read_text("utf-8")
    head = "".join(f"{name[5:]}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in FIELDS.items())
    assert text.startswith(f"---\n{head}from: {json.dumps(ORIGINS)}\n---\n\n# 河边的账本\n")
    assert (folder / "out" / "b.txt").read_text("utf-8") == "只是文字。\n"
    call("restore", folder / "out", "--to", folder / "back")
    assert (folder / "back" / "a.html").read_bytes() == (folder / "pages" / "a.html").read_bytes()


def test_records_have_it_as_fields(folder: Path, call: Call) -> None:
    call("clean", folder / "pages" / "a.html", "-o", folder / "out", "--metadata", "--output-format", "jsonl")
    (path,) = (folder / "out").glob("*.jsonl")
    record = json.loads(path.read_text("utf-8"))
    assert {name: record[name] for name in FIELDS} == FIELDS
    assert record["page_metadata_from"] == ORIGINS


def test_columns_of_parquet_have_it(folder: Path, call: Call) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    call("clean", folder / "pages", "-o", folder / "out", "--metadata", "--output-format", "parquet")
    (path,) = (folder / "out").glob("*.parquet")
    page, text = parquet.read_table(path).to_pylist()
    assert {name: page[name] for name in FIELDS} == FIELDS
    assert text["page_title"] is None


def test_pages_in_fields_have_it_under_names_that_are_free(folder: Path, call: Call) -> None:
    record = {"html": PAGE, "page_author": "另一个"}
    (folder / "in.jsonl").write_text(f'{json.dumps(record)} \r\n{{"html": "文字"}}\n', encoding="utf-8")
    call("clean", folder / "in.jsonl", "-o", folder / "out", "--field", "html", "--metadata")
    page, text = map(json.loads, (folder / "out" / "in.jsonl").read_text("utf-8").splitlines())
    assert {name: page[name] for name in FIELDS} == FIELDS | {"page_author": "另一个"}
    assert set(text) == {"html"}
    call("restore", folder / "out", "--to", folder / "back")
    assert (folder / "back" / "in.jsonl").read_bytes() == (folder / "in.jsonl").read_bytes()


def test_outputs_without_a_place_for_it_are_refused(folder: Path, call: Call) -> None:
    code, _, err = call("clean", folder / "pages", "-o", folder / "out", "--metadata")
    assert code == 2
    assert "--metadata: plain text has no place for it" in err
    for name, data in (("in.csv", "text\n文字\n"), ("in.json", '[{"text": "文字"}]')):
        (folder / name).write_text(data, encoding="utf-8")
        code, _, err = call("clean", folder / name, "-o", folder / "out", "--metadata")
        assert code == 2
        assert f"{name} keeps the fields that it has; give --output-format jsonl" in err
