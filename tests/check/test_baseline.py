"""Known findings: what stays known, what is new, and what the file is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.check import baseline
from cleaner.check.baseline import Baseline, BaselineEntry
from cleaner.check.findings import Finding, fingerprint
from cleaner.formats.shared.places import Place
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FIX, FOOTER, MENU, PAGE


def finding(text: str, rule: str = "a/b", line: int = 1) -> Finding:
    return Finding("x.txt", Place(line, 1, line, 2), rule, "why", text, fingerprint(text))


def known(file: Baseline, *found: Finding, today: str = "2026-01-01") -> list[str]:
    return [item.accepted_by for item in baseline.mark_known(file, found, today)]


def test_a_moved_line_stays_known_and_a_changed_one_is_new() -> None:
    file = baseline.create([finding("one")])
    assert known(file, finding("one", line=9)) == ["baseline"]
    assert known(file, finding("one two")) == [""]
    assert known(file, finding("one", rule="a/c")) == [""]


def test_the_same_line_once_more_is_new() -> None:
    assert known(baseline.create([finding("one")]), finding("one"), finding("one", line=2)) == ["baseline", ""]


def test_expired_entries_count_as_new() -> None:
    file = baseline.create([finding("one")], expires="2026-01-31")
    assert known(file, finding("one"), today="2026-01-31") == ["baseline"]
    assert known(file, finding("one"), today="2026-02-01") == [""]


def test_update_keeps_reasons_adds_new_findings_and_drops_gone_ones() -> None:
    before = baseline.create([finding("one"), finding("two")], "old", "2030-01-01")
    after = baseline.update(before, [finding("two"), finding("three")], "new", "")
    reasons = {entry.excerpt: (entry.reason, entry.expires) for entry in after.findings}
    assert reasons == {"two": ("old", "2030-01-01"), "three": ("new", "")}


def test_prune_only_takes_away() -> None:
    before = baseline.create([finding("one"), finding("one"), finding("two")])
    after = baseline.prune(before, [finding("one"), finding("three")])
    assert [(entry.excerpt, entry.count) for entry in after.findings] == [("one", 1)]


def test_audit_names_entries_that_need_a_decision() -> None:
    entries = [
        BaselineEntry("a/b", fingerprint(text), excerpt=text, reason=why) for text, why in (("one", ""), ("two", "x"))
    ]
    late = BaselineEntry("a/b", fingerprint("three"), excerpt="three", reason="x", expires="2025-01-01")
    found = [finding("one"), finding("three")]
    asked = baseline.audit(Baseline(findings=(*entries, late)), found, "2026-01-01")
    assert [(item.problem, item.entry.excerpt) for item in asked] == [
        ("unexplained", "one"),
        ("gone", "two"),
        ("expired", "three"),
    ]


def test_only_new_findings_fail_a_check(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    assert call("baseline", "create", ".", "--reason", "as it came")[0] == 0
    known_only = call("check", ".", "--baseline", "cleaner-baseline.json")
    assert known_only[:2] == (0, "0 findings, 2 known in 1 file, 1 exempt\n")  # the baseline itself
    Path("a.txt").write_text(f"\n\n{PAGE}上一篇：灯\n")
    code, out, _ = call("check", ".", "--baseline", "cleaner-baseline.json")
    assert code == 1
    assert MENU not in out
    assert "上一篇" in out


def test_known_findings_are_not_fixed(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    call("baseline", "create", "a.txt", "--select", "zh-legal")
    call(*FIX, "a.txt", "--baseline", "cleaner-baseline.json")
    assert Path("a.txt").read_text() == f"{ARTICLE}\n{FOOTER}\n"


def test_a_baseline_is_written_updated_pruned_and_audited(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    assert call("baseline", "create", ".")[0] == 0
    code, out, _ = call("baseline", "audit", ".")
    assert (code, out.count("unexplained")) == (1, 2)
    assert call("baseline", "create", ".", "--reason", "x", "--expires", "2020-01-01", "--force")[0] == 0
    code, out, _ = call("baseline", "audit", ".")
    assert (code, out.count("expired 2020-01-01")) == (1, 2)
    Path("a.txt").write_text(ARTICLE)
    code, out, _ = call("baseline", "audit", ".")
    assert (code, out.count(" gone")) == (1, 2)
    assert call("baseline", "prune", ".")[0] == 0
    assert json.loads(Path("cleaner-baseline.json").read_text()) == {"version": 1, "findings": []}
    assert call("baseline", "audit", ".")[0] == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"version": 99}', "a baseline of version 99, this cleaner knows 1"),
        ("{", "not a baseline"),
        ('{"version": 1, "findings": [{}]}', "not a baseline"),
        ("[]", "not a baseline"),
    ],
)
def test_a_bad_baseline_is_a_wrong_call(call: Call, data: str, message: str) -> None:
    Path("a.txt").write_text(PAGE)
    Path("known.json").write_text(data)
    code, _, err = call("check", "a.txt", "--baseline", "known.json")
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


def test_a_baseline_is_not_overwritten_and_a_date_must_be_one(call: Call) -> None:
    Path("a.txt").write_text(PAGE)
    call("baseline", "create", "a.txt")
    assert call("baseline", "create", "a.txt")[0] == 2
    assert call("baseline", "update", "a.txt", "--expires", "soon")[0] == 2
    assert call("baseline", "prune", "a.txt", "--baseline", "none.json")[0] == 2
