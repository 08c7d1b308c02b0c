"""Findings as SARIF 2.1.0 (OASIS standard, March 2020), as code scanning takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from cleaner.check.findings import Counterpart, Finding
from cleaner.check.report import Report
from cleaner.formats.shared.places import Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "ruleAndLine/v1"
"""Rule and hash of the line's text: the same wherever the line moves to."""

_DRIVE = re.compile("[A-Za-z]:/")
"""How absolute paths begin on Windows."""
_ROOT = "ROOT"
_SUPPRESSION = {"comment": "inSource", "baseline": "external"}


def render(report: Report) -> str:
    """Write one run: all rules declared, all findings, known ones with their suppressions."""
    index = {rule: number for number, rule in enumerate(report.rules)}
    run = {
        "tool": {"driver": _driver(report)},
        "originalUriBaseIds": {_ROOT: {"uri": report.root}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, index) for finding in report.findings],
    }
    data = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _driver(report: Report) -> dict[str, Any]:
    return {
        "name": "cleaner",
        "version": report.version,
        "semanticVersion": report.version,
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.why},
                "fullDescription": {"text": rule.why},
                "help": {"text": rule.why},
                "defaultConfiguration": {"level": rule.level},
            }
            for rule in report.rules.values()
        ],
    }


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    physical = {"artifactLocation": _artifact(finding.path), "region": _region(finding.place, finding.excerpt)}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.record:
        location["logicalLocations"] = [{"name": finding.record, "kind": "object"}]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: f"{finding.rule}:{finding.hash}"},
        "baselineState": "unchanged" if finding.accepted_by == "baseline" else "new",
        "suppressions": _suppressions(finding),
    }
    if finding.counterpart and finding.counterpart.line:
        result["relatedLocations"] = [_related_location(finding.counterpart)]
    if finding.new is not None and finding.is_exact:
        result["fixes"] = [_fix(finding, finding.new)]
    return result


def _related_location(counterpart: Counterpart) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(counterpart.path), "region": {"startLine": counterpart.line}}
    return {"id": 0, "physicalLocation": place, "message": {"text": counterpart.message}}


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    if not finding.accepted_by:
        return []
    reason = {"justification": finding.reason} if finding.reason else {}
    return [{"kind": _SUPPRESSION[finding.accepted_by], "status": "accepted", **reason}]


def _fix(finding: Finding, new: str) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(finding.place), "insertedContent": {"text": new}}
    change = {"artifactLocation": _artifact(finding.path), "replacements": [replacement]}
    return {"description": {"text": "Replace the text" if new else "Remove the text"}, "artifactChanges": [change]}


def _artifact(path: str) -> dict[str, str]:
    """Write a path as a URI reference; only relative ones have the base."""
    if _DRIVE.match(path):
        return {"uri": f"file:///{quote(path, safe='/:')}"}
    return {"uri": quote(path), "uriBaseId": _ROOT} if not path.startswith("/") else {"uri": f"file://{quote(path)}"}


def _region(place: Place, snippet: str = "") -> dict[str, Any]:
    region: dict[str, Any] = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {**region, "snippet": {"text": snippet}} if snippet else region
