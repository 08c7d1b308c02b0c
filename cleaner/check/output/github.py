"""Findings as workflow commands, which GitHub Actions shows beside the lines."""

from __future__ import annotations

from cleaner.check.findings import Finding
from cleaner.check.report import Report

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """One command for each finding that fails the check."""
    return "".join(f"{_command(finding)}\n" for finding in report.new)


def _command(finding: Finding) -> str:
    place = finding.place
    fields = {"file": finding.path, "line": place.line, "endLine": place.end_line, "title": finding.rule}
    if place.line == place.end_line:
        fields |= {"col": place.column, "endColumn": place.end_column}
    said = ",".join(f"{name}={_escaped(str(value), property_=True)}" for name, value in fields.items())
    record = f"[{finding.record}] " if finding.record else ""
    excerpt = f": {finding.excerpt}" if finding.excerpt else ""
    return f"::{_LEVELS[finding.level]} {said}::{_escaped(f'{record}{finding.message}{excerpt}')}"


def _escaped(text: str, *, property_: bool = False) -> str:
    """As the runner undoes it (actions/toolkit, `command.ts`)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
