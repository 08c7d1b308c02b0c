"""Commands that look at single records read every format, as cleaning does."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.format_cases import CASES, FOOT, NAV, Case, body, rows

pytest.importorskip("pyarrow")
pytest.importorskip("fastwarc")

RECORDS = [case for case in CASES if case.suffix]
ABOUT = rows(3)


@pytest.mark.parametrize("case", RECORDS, ids=lambda case: case.name)
def test_why_takes_a_record_by_its_number_or_its_id(case: Case, call: Call) -> None:
    case.write(Path(case.file), ABOUT)
    key = ABOUT[1]["url" if case.suffix in (".warc", ".wet") else "id"]
    by_number, by_id = call("why", f"{case.file}:2", "--json"), call("why", case.file, "--record", key, "--json")
    assert by_number == by_id
    changes = json.loads(by_number[1])["changes"]
    assert [FOOT in change["old"] for change in changes] == [False, True]
    code, _, err = call("why", case.file)
    assert code == 2
    assert "holds several records; name one as" in err
    assert call("why", f"{case.file}:9")[0] == call("why", case.file, "--record", "none")[0] == 2


def test_why_names_the_texts_of_a_record_and_takes_a_line(call: Call) -> None:
    turns = [{"content": "第1个问题是什么？"}, {"content": f"{NAV}\n\n{body(1)}\n\n{FOOT}\n"}]
    Path("a.jsonl").write_text(json.dumps({"messages": turns}) + "\n", encoding="utf-8")
    out = call("why", "a.jsonl", "--field", "messages[].content")[1]
    assert [line for line in out.splitlines() if line.endswith("content:")] == [
        "messages[0].content:",
        "messages[1].content:",
    ]
    assert "    1 - 首页" in out
    texts = json.loads(call("why", "a.jsonl:1", "--field", "messages[].content", "--json")[1])["texts"]
    assert [len(text["changes"]) for text in texts] == [0, 2]
    out = call("why", "a.jsonl:1:1", "--field", "messages[1].content")[1]
    assert NAV in out
    assert FOOT not in out


def test_why_says_what_cannot_be_read(call: Call) -> None:
    Path("a.jsonl").write_text('{"text": 5}\n{"text": "a"}\n')
    code, _, err = call("why", "a.jsonl:1")
    assert (code, "a.jsonl:1: not a JSON object with a string" in err) == (2, True)
    assert call("why", "a.jsonl", "--field", "none")[0] == 2
    Path("a.txt").write_text("河水")
    assert call("why", "a.txt", "--record", "x")[0] == 2
    assert call("why", "a.txt:1", "--input-format", "jsonl")[0] == 2


def test_a_file_whose_name_has_a_number_is_that_file(call: Call) -> None:
    Path("a:1").write_text(f"{NAV}\n\n{body(1)}\n\n{FOOT}\n", encoding="utf-8")
    assert NAV in call("why", "a:1:1")[1]
    assert call("why", "a:1")[1].startswith("5 lines")


@pytest.mark.parametrize("case", RECORDS, ids=lambda case: case.name)
def test_an_index_is_asked_with_records_of_every_format(
    case: Case, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("known.jsonl").write_text(json.dumps({"id": "known", "text": ABOUT[1]["text"]}) + "\n", encoding="utf-8")
    assert call("dedup", "known.jsonl", "-o", "out", "-q", "--unit", "document", "--index", "index.db")[0] == 0
    case.write(Path(case.file), ABOUT)
    code, out, _ = call("index", "query", "index.db", case.file)
    assert code == 0
    best = max(map(json.loads, out.splitlines()), key=lambda match: match["jaccard"])
    assert best["query"] == ABOUT[1]["url" if case.suffix in (".warc", ".wet") else "id"]
    if case.suffix == ".json":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(case.file).read_bytes())))
        assert call("index", "query", "index.db", "-")[1] == out
        assert call("index", "query", "index.db", case.file, "--field", "none")[0] == 2


def test_a_baseline_reads_files_as_it_is_told(call: Call) -> None:
    line = json.dumps({"text": f"{NAV}\n\n{body(1)}\n\n{FOOT}\n"})
    Path("data").write_text(f"{line}\n{line}\n", encoding="utf-8")
    assert call("baseline", "create", "data", "--input-format", "jsonl")[0] == 0
    assert call("check", "data", "--input-format", "jsonl", "--baseline", "cleaner-baseline.json")[0] == 0
