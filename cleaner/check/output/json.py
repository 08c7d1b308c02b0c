"""Findings as one JSON object."""

from __future__ import annotations

import msgspec

from cleaner.check.report import Report


def render(report: Report) -> str:
    """Write all findings, known ones too, with their places flat; counts; files that were fixed."""
    data = {
        "version": report.version,
        "files": report.files,
        "new": len(report.new),
        "known": len(report.findings) - len(report.new),
        "fixed": report.fix_counts,
        "findings": [msgspec.to_builtins(finding) for finding in report.findings],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
