"""Findings as workflow commands, which GitHub Actions shows beside the lines."""

from __future__ import annotations

from cleaner.check.findings import Finding
from cleaner.check.report import Report

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """Write one command for each finding that fails the check."""
    return "".join(f"{_command(finding)}\n" for finding in report.new)


def _command(finding: Finding) -> str:
    place = finding.place
    fields = {"file": finding.path, "line": place.line, "endLine": place.end_line, "title": finding.rule}
    if place.line == place.end_line:
        fields |= {"col": place.column, "endColumn": place.end_column}
    properties = ",".join(f"{name}={_escape(str(value), property_=True)}" for name, value in fields.items())
    record = f"[{finding.record}] " if finding.record else ""
    excerpt = f": {finding.excerpt}" if finding.excerpt else ""
    return f"::{_LEVELS[finding.level]} {properties}::{_escape(f'{record}{finding.message}{excerpt}')}"


def _escape(text: str, *, property_: bool = False) -> str:
    """Escape a text as the runner undoes it (actions/toolkit, `command.ts`)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
