"""Every format with every fault that files have: what comes of it, as docs/formats.md says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.calls import Call
from helpers.fault_cases import FAULTY, Fault, Outcome, docs_table, write
from helpers.format_cases import CASES, Case, page, read_rejects, tree
from helpers.paths import ROOT

pytest.importorskip("pyarrow")
pytest.importorskip("fastwarc")


@pytest.mark.parametrize(("case", "fault", "outcome"), FAULTY, ids=lambda value: getattr(value, "name", ""))
def test_what_can_be_done_is_done_and_the_rest_is_said(case: Case, fault: Fault, outcome: Outcome, call: Call) -> None:
    Path("in").mkdir()
    Path("good.txt").write_text(page(7), encoding="utf-8")
    path = fault.make(case, Path("in"))
    options = "" if "--max-document" in fault.options else "good.txt"
    code, out, err = call("clean", path, *filter(None, [options]), "-o", "out", "--json", "-q", *fault.options)
    assert code == outcome.code, err
    assert json.loads(out)["documents"] == outcome.documents + bool(options)
    reasons = [row["reason"] for row in read_rejects(Path("out"))]
    assert bool(reasons) == (outcome.code == 1)
    assert all(outcome.reason in reason for reason in reasons), reasons
    assert "\n" not in err.removesuffix("\n").replace("\nskipped ", "")
    entries = map(json.loads, Path("out/_cleaner/edits.jsonl").read_text(encoding="utf-8").splitlines())
    flags = {flag["rule"] for entry in entries for flag in entry.get("flags", ())}
    assert outcome.flag in (*flags, "")


def test_the_table_of_the_docs_says_so() -> None:
    assert docs_table() in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"), docs_table()


def test_a_row_with_a_line_that_is_too_long_is_listed_whole(call: Call) -> None:
    lines = ["id,text", 'a,"first', "x" * 300, 'last"', "b,short"]
    Path("a.csv").write_text("\n".join(lines) + "\n")
    assert call("clean", "a.csv", "-o", "out", "-q", "--max-document", "100")[0] == 1
    assert Path("out/a.csv").read_text() == "id,text\nb,short\n"
    (row,) = read_rejects(Path("out"))
    assert row["reason"].startswith("line 3: longer than the limit")


def test_a_folder_of_all_formats_equals_cleaning_each_alone(call: Call) -> None:
    Path("in").mkdir()
    for number, case in enumerate(CASES):
        folder = Path("in") / f"{number}"
        folder.mkdir()
        write(case, folder, f"{number}{Path(case.file).suffix}")
    (Path("in") / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    assert call("clean", "in", "-o", "all", "-q", "--dedup", "off")[0] == 0
    together = {name: data for name, data in tree(Path("all")).items() if not name.startswith("_cleaner")}
    alone: dict[str, bytes] = {}
    for number in range(len(CASES)):
        assert call("clean", f"in/{number}", "-o", f"out{number}", "-q", "--dedup", "off")[0] == 0
        outputs = tree(Path(f"out{number}"))
        alone |= {f"{number}/{name}": data for name, data in outputs.items() if not name.startswith("_cleaner")}
    assert together.keys() == alone.keys()
    assert [name for name in alone if together[name] != alone[name]] == []
