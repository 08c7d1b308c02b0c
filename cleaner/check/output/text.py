"""Findings for a reader: one line each, `file:line:column: rule message`, the text below it."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.check.findings import Finding
from cleaner.check.report import Report


def render(report: Report) -> str:
    """Write all findings that fail the check, files that were fixed, and a summary."""
    return "\n".join((*_lines(report), ""))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.new:
        yield line(finding)
        if finding.excerpt:
            yield f"    {finding.excerpt}{_new(finding)}"
    for path, count in report.fix_counts.items():
        yield f"{path}: {_count(count, 'finding')} fixed"
    yield _summary(report)


def line(finding: Finding) -> str:
    """Write place, rule and message."""
    record = f" [{finding.record}{_inner(finding)}]" if finding.record else ""
    return f"{finding.path}:{finding.place.line}:{finding.place.column}:{record} {finding.rule} {finding.message}"


def _inner(finding: Finding) -> str:
    return f" {finding.inner[0]}:{finding.inner[1]}" if finding.inner else ""


def _new(finding: Finding) -> str:
    """Show what replaces a short text within a line."""
    if not finding.is_exact or not finding.new or not finding.new.strip() or "\n" in finding.new:
        return ""
    return f"  ->  {finding.new.strip()[:60]}"


def _summary(report: Report) -> str:
    known_count = len(report.findings) - len(report.new)
    also = f", {known_count} known" if known_count else ""
    return f"{_count(len(report.new), 'finding')}{also} in {_count(report.files, 'file')}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
