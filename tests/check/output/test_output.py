"""SARIF: every property the standard requires, and those code scanning lives on; the other formats by their shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from cleaner.check.findings import Finding
from cleaner.check.output import github, junit, rdjson
from cleaner.check.report import Report
from cleaner.formats.shared.places import Place
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, PAGE

LEVELS = {"none", "note", "warning", "error"}


@pytest.fixture
def run(call: Call) -> dict[str, Any]:
    """One run with new, known and suppressed findings, records, a strange name, and a near-duplicate."""
    lines = [{"id": "a", "text": PAGE}, {"id": "b", "text": PAGE, "_cleaner_disable": ["zh-legal -- theirs"]}]
    Path("seiten ä.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    Path("a.txt").write_text(f"{ARTICLE}\n他说：&ldquo;好&rdquo;，就走了，谁也没有再提起那块石头和那条河的事情。\n")
    call("baseline", "create", "a.txt", "--reason", "quoted markup")
    Path("b.txt").write_text(PAGE)
    code, out, _ = call("check", ".", "--format", "sarif", "--baseline", "cleaner-baseline.json")
    assert code == 1
    log = json.loads(out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (only,) = log["runs"]
    found: dict[str, Any] = only
    return found


def test_the_tool_is_named_and_all_rules_are_declared(run: dict[str, Any]) -> None:
    driver = run["tool"]["driver"]
    assert driver["name"] == "cleaner"
    assert driver["version"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids)) > 100
    assert {"zh-legal/legal/icp-number", "normalize/mojibake", "dedup/passage", "input/unreadable"} <= set(ids)
    assert all(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] for rule in driver["rules"])


def test_every_result_has_rule_level_message_place_and_fingerprint(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) >= 6
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] in run["originalUriBaseIds"]
        assert Path(unquote(artifact["uri"])).exists()
        assert artifact["uri"].isascii()
        assert " " not in artifact["uri"]
        is_region(location["physicalLocation"]["region"])
        (fingerprint,) = result["partialFingerprints"].values()
        assert fingerprint.startswith(f"{result['ruleId']}:")
    root = run["originalUriBaseIds"]["ROOT"]["uri"]
    assert root.startswith("file:///")
    assert root.endswith("/")


def is_region(region: dict[str, Any]) -> None:
    assert (1, 1) <= (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


def test_known_and_suppressed_findings_are_marked(run: dict[str, Any]) -> None:
    kinds = {}
    for result in run["results"]:
        assert isinstance(result["suppressions"], list)
        for suppression in result["suppressions"]:
            assert suppression["kind"] in ("inSource", "external")
            kinds[suppression["kind"]] = suppression["justification"], result["baselineState"]
    assert kinds == {"inSource": ("theirs", "new"), "external": ("quoted markup", "unchanged")}


def test_fixes_are_replacements_in_the_file(run: dict[str, Any]) -> None:
    fixes = [(r["ruleId"], fix) for r in run["results"] for fix in r.get("fixes", ())]
    assert {rule for rule, _ in fixes} >= {"normalize/entities", "zh-legal/legal/icp-number"}
    for _, fix in fixes:
        (change,) = fix["artifactChanges"]
        (replacement,) = change["replacements"]
        is_region(replacement["deletedRegion"])
        lines = Path(unquote(change["artifactLocation"]["uri"])).read_text().split("\n")
        region = replacement["deletedRegion"]
        assert region["endColumn"] <= len(lines[region["endLine"] - 1]) + 1
        assert isinstance(replacement["insertedContent"]["text"], str)


def test_records_are_logical_locations_and_the_other_copy_a_related_one(run: dict[str, Any]) -> None:
    named = [
        r["locations"][0]["logicalLocations"][0]["name"]
        for r in run["results"]
        if "logicalLocations" in r["locations"][0]
    ]
    assert set(named) == {"a", "b"}
    related = [r["relatedLocations"][0] for r in run["results"] if "relatedLocations" in r]
    assert related
    assert all(place["physicalLocation"]["region"]["startLine"] >= 1 for place in related)


def test_a_fingerprint_does_not_depend_on_the_place(call: Call) -> None:
    prints = []
    for text in (PAGE, f"\n\n{PAGE.replace(FOOTER, f'  {FOOTER}')}"):
        Path("a.txt").write_text(text)
        results = json.loads(call("check", "a.txt", "--format", "sarif")[1])["runs"][0]["results"]
        prints.append([result["partialFingerprints"] for result in results])
    assert prints[0] == prints[1]


STRANGE = Finding(
    "a,b:c%.txt", Place(3, 2, 3, 5), "a/b", "what\nand why: 5%", "x\x01<&\ufffe", "0" * 16, "note", record='"r"'
)
REPORT = Report((STRANGE,), 1, {}, {"a/b": "why"}, "file:///", "1")


def test_workflow_commands_are_escaped() -> None:
    said = github.render(REPORT)
    assert said.startswith("::notice file=a%2Cb%3Ac%25.txt,line=3,endLine=3,title=a/b,col=2,endColumn=5::")
    assert said.count("\n") == 1
    assert "what%0Aand why: 5%25" in said


def test_junit_is_xml_whatever_the_text_holds_and_never_empty() -> None:
    (suite,) = ElementTree.fromstring(junit.render(REPORT))
    assert (suite.get("name"), suite.get("failures")) == ("a,b:c%.txt", "1")
    failure = suite[0][0]
    assert (failure.tag, failure.get("type")) == ("failure", "a/b")
    clean = ElementTree.fromstring(junit.render(Report((), 1, {}, {}, "file:///", "1")))
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")


def test_reviewdog_gets_lines_levels_and_codes() -> None:
    data = json.loads(rdjson.render(REPORT))
    (diagnostic,) = data["diagnostics"]
    assert data["source"]["name"] == "cleaner"
    assert diagnostic["location"] == {"path": "a,b:c%.txt", "range": {"start": {"line": 3}, "end": {"line": 3}}}
    assert (diagnostic["severity"], diagnostic["code"]) == ("INFO", {"value": "a/b"})
