"""Findings for a reader: one line each, `file:line:column: rule message`, the text below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cleaner.check.findings import Finding
from cleaner.check.output import frame
from cleaner.check.report import Report
from cleaner.model import Fix
from cleaner.text.printable import make_printable

FIX_MARKS: dict[Fix, str] = {"safe": " [*]", "unsafe": " [!]", "none": ""}
"""What stands behind a rule whose finding `--fix` mends, or only with `--unsafe-fixes`."""

_BOLD, _RED, _CYAN, _DIM, _PLAIN = "\x1b[1m", "\x1b[1;31m", "\x1b[36m", "\x1b[2m", "\x1b[0m"


def render(report: Report) -> str:
    """Write all findings that fail the check, files that were fixed, and a summary."""
    lines = list(_lines(report))
    return "\n".join((*lines, "")) if lines else ""


def _lines(report: Report) -> Iterator[str]:
    told: set[tuple[str, str]] = set()
    for number, finding in enumerate(report.findings):
        if finding.accepted_by:
            continue
        is_told = (finding.path, finding.rule) in told and not report.display.is_verbose
        told.add((finding.path, finding.rule))
        message = finding.message.removeprefix(report.rules[finding.rule].why).strip() if is_told else finding.message
        if report.display.has_colour:
            yield _coloured_line(finding, message)
            yield from frame.render(report.frames[number], _line_number(finding))
        else:
            yield line(finding, message)
            if finding.excerpt:
                yield make_printable(f"    {finding.excerpt}{_new(finding)}")
    for path, count in report.fix_counts.items():
        yield f"{make_printable(path)}: {_count(count, 'finding')} fixed"
    if report.display.is_verbose:
        for path, kind in report.exempt.items():
            yield f"{make_printable(path)}: exempt ({kind})"
    if not report.display.is_quiet:
        yield _summary(report)


def line(finding: Finding, message: str | None = None) -> str:
    """Write place, rule and message."""
    message = make_printable(finding.message if message is None else message)
    return f"{_place(finding)}{_record(finding)} {finding.rule}{FIX_MARKS[finding.fix]} {message}".rstrip()


def _coloured_line(finding: Finding, message: str) -> str:
    place = f"{_BOLD}{_place(finding)}{_PLAIN}{_record(finding)}"
    marks = f"{_RED}{finding.rule}{_PLAIN}{_CYAN}{FIX_MARKS[finding.fix]}{_PLAIN}"
    return f"{place} {marks} {make_printable(message)}".rstrip()


def _place(finding: Finding) -> str:
    return f"{make_printable(finding.path)}:{finding.place.line}:{finding.place.column}:"


def _record(finding: Finding) -> str:
    return f" [{make_printable(finding.record)}{_inner(finding)}]" if finding.record else ""


def _inner(finding: Finding) -> str:
    field = f" {finding.field}" if finding.field else ""
    return f"{field} {finding.inner[0]}:{finding.inner[1]}" if finding.inner else ""


def _line_number(finding: Finding) -> int:
    return finding.inner[0] if finding.inner else finding.place.line


def _new(finding: Finding) -> str:
    """Show what replaces a short text within a line."""
    if not finding.is_exact or not finding.new or not finding.new.strip() or "\n" in finding.new:
        return ""
    return f"  ->  {finding.new.strip()[:60]}"


def _summary(report: Report) -> str:
    known_count = len(report.findings) - len(report.new)
    also = f", {known_count} known" if known_count else ""
    exempt = f", {len(report.exempt)} exempt" if report.exempt else ""
    return f"{_count(len(report.new), 'finding')}{also} in {_count(report.files, 'file')}{exempt}{_fixable(report)}"


def _fixable(report: Report) -> str:
    """Say how many findings which option would mend."""
    counts = Counter(finding.fix for finding in report.new)
    parts = [
        f"{counts[fix]:,} {mark.strip()} with {option}"
        for (fix, mark), option in zip(FIX_MARKS.items(), ("--fix", "--fix --unsafe-fixes"), strict=False)
        if counts[fix]
    ]
    return f"; fixable: {', '.join(parts)}" if parts else ""


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
