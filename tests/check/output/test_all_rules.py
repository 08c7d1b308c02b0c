"""All outputs over all texts: every finding's rule is known, and a crash never passes for findings."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cleaner.check.output import sarif
from cleaner.packs import builtin, registry
from helpers.calls import Call
from helpers.check_texts import HEAVY_LOSS, OTHER
from helpers.paths import ROOT

KNOWN = {rule.id for rule in registry.load_rules("zh-web").rules} | set(builtin.RULES)


def _sarif(text: str) -> set[str]:
    run = json.loads(text)["runs"][0]
    declared = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(declared[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    return {result["ruleId"] for result in run["results"]}


RULES: dict[str, Callable[[str], set[str]]] = {
    "text": lambda text: set(re.findall(r"^\S+?:\d+:\d+:(?: \[[^\]]*\])? (\S+/\S+) ", text, re.M)),
    "json": lambda text: {finding["rule"] for finding in json.loads(text)["findings"]},
    "sarif": _sarif,
    "github": lambda text: set(re.findall(r"^::.*?,title=([^,:]+)", text, re.M)),
    "junit": lambda text: {failure.get("type", "") for failure in ElementTree.fromstring(text).iter("failure")},
    "rdjson": lambda text: {item["code"]["value"] for item in json.loads(text)["diagnostics"]},
}
"""How the rules of the findings are read from each output."""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """All samples, the seeds, and texts for what those do not hold."""
    folder = tmp_path / "texts"
    shutil.copytree(ROOT / "samples", folder / "samples")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "loss.txt").write_text(HEAVY_LOSS, encoding="utf-8")
    (folder / "gbk.txt").write_bytes(OTHER.encode("gbk"))
    (folder / "bom.txt").write_bytes(b"\xef\xbb\xbf" + OTHER.encode())
    (folder / "lost.txt").write_text(f"{OTHER}\ufffd 锟斤拷 烫烫烫 \ue123\n", encoding="utf-8")
    (folder / "unused.txt").write_text(f"<!-- cleaner: disable zh-web -->\n{OTHER}", encoding="utf-8")
    (folder / "broken.jsonl").write_text("{\n", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_every_output_knows_every_rule(call: Call, texts: Path) -> None:
    selected = ("--select", "*")
    rules = {name: read(call("check", texts, *selected, "--format", name)[1]) for name, read in RULES.items()}
    assert all(found == rules["json"] for found in rules.values())
    assert rules["json"] <= KNOWN
    assert rules["json"] >= {
        builtin.HEAVY_LOSS,
        builtin.NO_ARTICLE,
        builtin.PLACE,
        builtin.NOT_UTF8,
        builtin.BOM,
        builtin.UNREADABLE,
        builtin.UNUSED_SUPPRESSION,
        "repair/replaced",
        "characters/private-use",
        "dedup/document",
    }


def test_levels_are_those_of_the_table(call: Call, texts: Path) -> None:
    findings = json.loads(call("check", texts, "--select", "*", "--format", "json")[1])["findings"]
    levels = {(finding["rule"], finding.get("level", "warning")) for finding in findings}
    known = {rule: level for rule, level in levels if rule in builtin.RULES}
    assert known == {rule: builtin.RULES[rule].level for rule in known}


def test_a_built_in_rule_can_be_selected_and_ignored(call: Call, texts: Path) -> None:
    code, out, _ = call("check", texts / "loss.txt", "--select", builtin.HEAVY_LOSS)
    assert code == 1
    assert builtin.HEAVY_LOSS in out
    code, out, _ = call("check", texts / "loss.txt", "--ignore", builtin.HEAVY_LOSS)
    assert builtin.HEAVY_LOSS not in out


def test_a_defect_ends_with_another_code_than_findings(
    call: Call, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(report: object) -> str:
        raise KeyError("core/judge/unheard-of")

    monkeypatch.setattr(sarif, "render", render)
    code, out, err = call("check", texts / "loss.txt", "--format", "sarif")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    for part in ("KeyError", "core/judge/unheard-of", "printing.py:", "report it"):
        assert part in err
    monkeypatch.setenv("CLEANER_TRACEBACK", "1")
    assert "Traceback" in call("check", texts / "loss.txt", "--format", "sarif")[2]
