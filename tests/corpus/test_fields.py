"""Texts in several fields, below paths, and pages in fields: cleaned each by itself, the record else as it was."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from helpers.calls import Call
from helpers.format_cases import FOOT, NAV, body, page, read_rejects

arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

CHAT = ("--field", "messages[].content", "--field", "meta.title")
HTML = f"<!DOCTYPE html>\n<html><body><ul><li>首页</li><li>新闻</li></ul><p>{body(1)}</p><footer>{FOOT}</footer></body></html>"
"""A page with a body that stays."""


def chat(number: int) -> dict[str, Any]:
    turns = [("user", f"第{number}个问题是什么？"), ("assistant", page(number)), ("tool", None)]
    return {
        "id": f"c{number}",
        "n": number,
        "messages": [{"role": role, "content": content, "at": 1.50} for role, content in turns],
        "meta": {"title": f"ＡＢＣ{number}", "meta.title": NAV},
    }


OTHER = (
    "山那边的邮递员每逢单日才来，他骑一匹灰色的骡子，鞍袋里除了信还有药、灯芯和剪刀。"
    "孩子们跑到桥头等他，谁先看见骡子的耳朵，谁就可以替他摇铃。"
)
"""A passage that no other is like."""
RECORDS = [chat(1), chat(2), {"id": "none", "n": 3, "messages": [], "meta": None}]


def write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    """Write lines in both ways that Python has."""
    lines = (json.dumps(record, ensure_ascii=number % 2 == 0) for number, record in enumerate(records))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_table(path: Path, records: list[dict[str, Any]]) -> None:
    parquet.write_table(arrow.Table.from_pylist(records), path, row_group_size=2)


def write_array(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(records, ensure_ascii=False, indent=2), encoding="utf-8")


class Kind(NamedTuple):
    name: str
    write: Callable[[Path, list[dict[str, Any]]], None]
    read: Callable[[Path], list[dict[str, Any]]]


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


KINDS = [
    Kind("a.jsonl", write_lines, read_lines),
    Kind("a.json", write_array, lambda path: list(json.loads(path.read_text(encoding="utf-8")))),
    Kind("a.parquet", write_table, lambda path: list(parquet.read_table(path).to_pylist())),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_text_of_a_path_is_cleaned_and_nothing_else_changes(kind: Kind, call: Call) -> None:
    kind.write(Path(kind.name), RECORDS)
    assert call("clean", kind.name, "-o", "out", "-q", *CHAT)[0] == 0
    before, after = kind.read(Path(kind.name)), kind.read(Path("out", kind.name))
    for number in (1, 2):
        messages = after[number - 1]["messages"]
        assert messages[1]["content"].strip() == body(number)
        assert messages[0] == before[number - 1]["messages"][0]
        assert after[number - 1]["meta"] == {**before[number - 1]["meta"], "title": f"ABC{number}"}
        messages[1]["content"], after[number - 1]["meta"]["title"] = page(number), f"ＡＢＣ{number}"
    assert after == before


@pytest.mark.parametrize("kind", KINDS[:2], ids=lambda kind: kind.name)
def test_all_but_the_texts_stays_byte_for_byte_and_comes_back(kind: Kind, call: Call) -> None:
    kind.write(Path(kind.name), RECORDS)
    assert call("clean", kind.name, "-o", "out", "-q", *CHAT)[0] == 0
    source, output = (Path(folder, kind.name).read_bytes() for folder in (".", "out"))
    for old, new in ((f"ＡＢＣ{n}", f"ABC{n}") for n in (1, 2)):
        source = source.replace(old.encode(), new.encode()).replace(json.dumps(old).encode(), f'"{new}"'.encode())
    for old in (page(1), page(2)):
        new = body(int(old[old.index("第") + 1])) + "\n"
        for is_ascii in (True, False):
            dumps = [json.dumps(text, ensure_ascii=is_ascii).encode() for text in (old, new)]
            source = source.replace(*dumps)
    assert output == source
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back", kind.name).read_bytes() == Path(kind.name).read_bytes()


def test_columns_of_a_table_are_cleaned_each_by_itself(call: Call) -> None:
    with Path("a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["id", "title", "body"], ["r", "ＡＢＣ", page(1)]])
    assert call("clean", "a.csv", "-o", "out", "-q", "--field", "title", "--field", "body", "--field", "none")[0] == 0
    with Path("out/a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id", "title", "body"], ["r", "ABC", body(1) + "\n"]]
    code, out, _ = call("check", "a.csv", "--field", "title", "--field", "body")
    assert code == 1
    assert "a.csv:2:1: [r title 1:1] normalize/characters" in out
    assert "a.csv:10:1: [r body 9:1] zh-legal/legal/icp-number" in out


def test_a_name_with_a_dot_wins_over_the_path(call: Call) -> None:
    write_lines(Path("a.jsonl"), [{"data.text": "ＡＢＣ", "data": {"text": "ＤＥＦ"}}, {"data": {"text": "ＧＨＩ"}}])
    assert call("clean", "a.jsonl", "-o", "out", "-q", "--field", "data.text")[0] == 0
    assert read_lines(Path("out/a.jsonl")) == [
        {"data.text": "ABC", "data": {"text": "ＤＥＦ"}},
        {"data": {"text": "GHI"}},
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_no_text_is_refused_with_its_path(kind: Kind, call: Call) -> None:
    kind.write(Path(kind.name), [{"id": "a", "turns": [{"value": 5}]}, {"id": "b", "turns": [{"value": 6}]}])
    assert call("clean", kind.name, "-o", "out", "-q", "--field", "turns[].value")[0] == 1
    reasons = [row["reason"] for row in read_rejects(Path("out"))]
    assert all("turns[0].value" in reason for reason in reasons), reasons


def test_a_path_that_a_schema_has_not_is_said_once(call: Call) -> None:
    write_table(Path("a.parquet"), RECORDS)
    assert call("clean", "a.parquet", "-o", "out", "-q", "--field", "messages[].text")[0] == 1
    (row,) = read_rejects(Path("out"))
    assert "no text at 'messages[].text'; messages is list<" in row["reason"]
    assert Path("out/a.parquet").read_bytes() == Path("a.parquet").read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_check_finds_the_value_of_a_text_and_mends_it(name: str, call: Call) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == name)
    kind.write(Path(name), RECORDS)
    source = Path(name).read_text(encoding="utf-8").splitlines()
    code, out, _ = call("check", name, *CHAT, "--format", "json", "--no-duplicates")
    assert code == 1
    for finding in json.loads(out)["findings"]:
        place = finding["place"]
        assert source[place["line"] - 1][place["column"] - 1] == '"'
        value, _ = json.JSONDecoder().raw_decode(source[place["line"] - 1], place["column"] - 1)
        assert finding["excerpt"] in value.split("\n")[finding["inner"][0] - 1]
        assert finding["field"] in ("messages[1].content", "meta.title")
    assert call("check", name, *CHAT, "--no-duplicates", "--fix", "--unsafe-fixes", "--max-loss", "1")[0] == 1
    assert [record["messages"][1]["content"].strip() for record in kind.read(Path(name))[:2]] == [body(1), body(2)]


def test_records_are_compared_as_one_document_each(call: Call) -> None:
    write_lines(Path("a.jsonl"), [chat(1), {**chat(1), "id": "copy"}, {"id": "c2", "messages": [{"content": OTHER}]}])
    assert call("dedup", "a.jsonl", "-o", "out", "-q", *CHAT, "--action", "drop", "--unit", "document")[0] == 0
    assert [record["id"] for record in read_lines(Path("out/a.jsonl"))] == ["c1", "c2"]


@pytest.mark.parametrize("command", [("clean", "--dedup", "drop"), ("dedup", "--action", "drop", "--unit", "passage")])
def test_a_passage_goes_from_the_text_that_holds_it(command: tuple[str, ...], call: Call) -> None:
    first, second = chat(1), {**chat(1), "id": "copy"}
    second["messages"] = [*second["messages"], {"role": "user", "content": OTHER}]
    write_lines(Path("a.jsonl"), [first, second])
    assert call(*command, "a.jsonl", "-o", "out", "-q", *CHAT)[0] == 0
    _, output = read_lines(Path("out/a.jsonl"))
    assert [message["role"] for message in output["messages"]] == ["user", "assistant", "tool", "user"]
    assert body(1)[:20] not in json.dumps(output, ensure_ascii=False)
    assert output["messages"][3]["content"] == OTHER
    if command[0] == "clean":
        assert call("restore", "out", "--to", "back")[0] == 0
        assert Path("back/a.jsonl").read_bytes() == Path("a.jsonl").read_bytes()


@pytest.mark.parametrize("target", ["jsonl", "csv", "parquet", "text"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_other_formats_have_the_clean_texts_in_their_places(kind: Kind, target: str, call: Call) -> None:
    kind.write(Path(kind.name), RECORDS)
    assert call("clean", kind.name, "-o", "out", "-q", *CHAT, "--output-format", target)[0] == 0
    (output,) = (path for path in Path("out").iterdir() if path.name != "_cleaner")
    if target == "text":
        assert output.joinpath("00000001.txt").read_text(encoding="utf-8").split("\n\n")[0] == "第1个问题是什么？"
        return
    text = str(parquet.read_table(output).to_pylist()) if target == "parquet" else output.read_text(encoding="utf-8")
    assert "版权" not in text
    assert json.dumps("版权")[1:-1] not in text
    assert "ABC1" in text
    assert "第1个" in text or json.dumps("第1个")[1:-1] in text


def test_settings_name_one_field_or_several(call: Call) -> None:
    write_lines(Path("a.jsonl"), [{"a": "ＡＢＣ", "b": "ＤＥＦ"}])
    for setting, count in (('"a"', 1), ('["a", "b"]', 2)):
        Path("cleaner.toml").write_text(f"[check]\nfield = {setting}\n")
        assert len(json.loads(call("check", "a.jsonl", "--format", "json")[1])["findings"]) == count


PAGES = [{"url": "http://www.example.com/1", "html": HTML}, {"url": "http://www.example.com/2", "html": page(2)}]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("fields", [("html",), ("html", "url")])
def test_a_page_in_a_field_is_read_as_html(kind: Kind, fields: tuple[str, ...], call: Call) -> None:
    options = [argument for field in fields for argument in ("--field", field)]
    kind.write(Path(kind.name), PAGES)
    Path("page.html").write_text(HTML, encoding="utf-8")
    assert call("clean", kind.name, "page.html", "-o", "out", "-q", *options)[0] == 0
    first, second = kind.read(Path("out", kind.name))
    assert first["html"] == Path("out/page.txt").read_text(encoding="utf-8")
    assert second["html"].strip() == body(2)
    assert [row["url"] for row in (first, second)] == [row["url"] for row in PAGES]
    if kind.name != "a.parquet":
        assert call("restore", "out", "--to", "back")[0] == 0
        assert Path("back", kind.name).read_bytes() == Path(kind.name).read_bytes()
    code, out, _ = call("check", kind.name, *options, "--format", "json", "--no-duplicates")
    assert code == 1
    assert {finding["fix"] for finding in json.loads(out)["findings"] if finding["record"].endswith(":1")} == {"none"}


def test_an_option_says_whether_a_field_holds_html(call: Call) -> None:
    fragment = f"<p>{body(1)}</p><p>{FOOT}</p>"
    write_lines(Path("a.jsonl"), [{"text": fragment}, {"text": HTML}])
    outputs = {}
    for kind in ("auto", "html", "text"):
        assert call("clean", "a.jsonl", "-o", kind, "-q", "--field-format", kind)[0] == 0
        outputs[kind] = ["<p>" in record["text"] for record in read_lines(Path(kind, "a.jsonl"))]
    assert outputs == {"auto": [True, False], "html": [False, False], "text": [True, True]}


def test_dedup_leaves_pages_in_fields_as_they_are(call: Call) -> None:
    records = [{"id": "a", "text": HTML}, {"id": "b", "text": HTML}, {"id": "c", "text": HTML + page(5)}]
    write_lines(Path("a.jsonl"), records)
    assert call("dedup", "a.jsonl", "-o", "out", "-q", "--action", "drop", "--unit", "document")[0] == 0
    assert read_lines(Path("out/a.jsonl"))[0]["text"] in (HTML, HTML + page(5))


def test_a_field_that_would_go_is_quarantined_as_it_came(call: Call) -> None:
    with Path("a.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [["id", "html"], ["r", f"<html><body><p>{FOOT}</p></body></html>"]]
        csv.writer(file, lineterminator="\n").writerows(rows)
    call("clean", "a.csv", "-o", "out", "-q", "--field", "html", "--quarantine", "aside")
    shutil.copy("a.csv", "copy.csv")
    assert Path("aside/a.csv").read_bytes() == Path("a.csv").read_bytes()
