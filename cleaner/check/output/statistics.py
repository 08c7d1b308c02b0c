"""How often each rule is found, most frequent first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from cleaner.check.output.text import FIX_MARKS
from cleaner.check.report import Report


def render(report: Report, output_format: str) -> str:
    """Write a line for each rule with the number of its findings, or a JSON list of the same."""
    rows = _rows(report)
    if output_format == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
    width = max((len(f"{row['count']:,}") for row in rows), default=0)
    return "".join(
        f"{row['count']:>{width},}  {row['rule']}{FIX_MARKS[row['fix']]}  {report.rules[row['rule']].why}\n"
        for row in rows
    )


def _rows(report: Report) -> list[dict[str, Any]]:
    counts = Counter(finding.rule for finding in report.new)
    return [
        {"rule": rule, "count": count, "fix": report.rules[rule].fix, "level": report.rules[rule].level}
        for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
