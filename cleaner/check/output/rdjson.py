"""Findings in the diagnostic format of reviewdog, by lines: its columns are UTF-8 bytes, ours code points."""

from __future__ import annotations

from typing import Any

import msgspec

from cleaner.check.findings import Finding
from cleaner.check.report import Report

_LEVELS = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(report: Report) -> str:
    """Write the findings that fail the check."""
    data = {"source": {"name": "cleaner"}, "diagnostics": [_diagnostic(finding) for finding in report.new]}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _diagnostic(finding: Finding) -> dict[str, Any]:
    record = f"[{finding.record}] " if finding.record else ""
    place = {"start": {"line": finding.place.line}, "end": {"line": finding.place.end_line}}
    return {
        "message": f"{record}{finding.message}",
        "location": {"path": finding.path, "range": place},
        "severity": _LEVELS[finding.level],
        "code": {"value": finding.rule},
        "original_output": finding.excerpt,
    }
