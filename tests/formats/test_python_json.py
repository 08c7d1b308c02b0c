r"""JSON as Python's `json` writes it: half surrogates as escapes, NaN, Infinity; read, written as it was, restored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.format_cases import FOOT, NAV, body

HALF = "\ud83d"
TEXT = body(1).replace("丈量", f"丈量{HALF}")
OTHER = "山那边的邮递员每逢单日才来，他骑一匹灰色的骡子，鞍袋里除了信还有药、灯芯和剪刀，孩子们跑到桥头等他。"
RECORDS = [
    {"id": "a", "text": f"{NAV}{HALF}\n\n{TEXT}\n\n{FOOT}\udc00"},
    {"id": "b", "score": float("nan"), "bounds": [float("inf"), float("-inf")], "text": f"{OTHER}\n\n{FOOT}"},
    {"id": HALF, f"key{HALF}": {"text": HALF}, "url": f"http://{HALF}.example/", "text": f"好{HALF}"},
]
CLEAN = [TEXT, OTHER, f"好{HALF}"]


def write(path: Path, *, is_ascii: bool) -> None:
    if path.suffix == ".json":
        text = json.dumps(RECORDS, ensure_ascii=is_ascii, indent=1)
    else:
        text = "".join(f"{json.dumps(record, ensure_ascii=is_ascii)}\n" for record in RECORDS)
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


def read(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    return list(json.loads(data)) if path.suffix == ".json" else [json.loads(line) for line in data.split(b"\n")[:-1]]


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize("dedup", ["flag", "drop"])
def test_records_are_cleaned_and_come_back(name: str, dedup: str, is_ascii: bool, call: Call) -> None:
    write(Path(name), is_ascii=is_ascii)
    assert call("clean", name, "-o", "out", "--dedup", dedup, "-q")[0] == 0
    assert [record["text"].strip() for record in read(Path("out", name))] == CLEAN
    others = [[{**record, "text": ""} for record in read(path)] for path in (Path(name), Path("out", name))]
    assert repr(others[0]) == repr(others[1])
    output = Path("out", name).read_bytes()
    assert b"\\ud83d" in output
    assert ("丈".encode() in output) != is_ascii
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back", name).read_bytes() == Path(name).read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_every_command_reads_them(name: str, call: Call) -> None:
    write(Path(name), is_ascii=False)
    code, out, _ = call("check", name, "--format", "json", "--no-duplicates")
    assert code == 1
    assert {finding["record"] for finding in json.loads(out)["findings"]} == {"a", "b"}
    assert call("dedup", name, "-o", "dedup", "-q", "--action", "drop", "--index", "index.db")[0] == 0
    assert read(Path("dedup", name))[0]["text"] == RECORDS[0]["text"]
    assert json.loads(call("index", "info", "index.db", "--json")[1])["documents"] == len(RECORDS)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "text"])
def test_other_formats_take_them(kind: str, call: Call) -> None:
    write(Path("a.json"), is_ascii=True)
    assert call("clean", "a.json", "-o", "out", "-q", "--output-format", kind)[0] == 0


def test_deep_or_wrong_json_is_still_refused(call: Call) -> None:
    lines = [
        '{"text": "\\ud8zz"}',
        '{"text": NaNN}',
        '{"text": "a", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "[NaN]",
        '{"text": "ok"}',
    ]
    Path("a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert call("clean", "a.jsonl", "-o", "out", "-q")[0] == 1
    assert [record["text"] for record in read(Path("out/a.jsonl"))] == ["ok"]
    assert call("restore", "out", "--to", "back")[0] == 0
    assert Path("back/a.jsonl").read_bytes() == Path("a.jsonl").read_bytes()
