"""Findings as JUnit XML: a suite a file, a failed case a finding.

Valid by junit-10.xsd of Jenkins' plugin xunit, which is stricter than other readers.
"""

from __future__ import annotations

import re
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from cleaner.check.findings import Finding
from cleaner.check.output.text import line
from cleaner.check.report import Report

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def render(report: Report) -> str:
    """Write all findings that fail the check; one passed case where there is none, so that the suite is not empty."""
    findings = report.new
    suites = [_suite(path, list(group)) for path, group in groupby(findings, key=lambda finding: finding.path)]
    if not suites:
        suites = ['  <testsuite name="cleaner" tests="1" failures="0" errors="0"><testcase name="clean"/></testsuite>']
    head = f'<testsuites name="cleaner" tests="{max(len(findings), 1)}" failures="{len(findings)}">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""))


def _suite(path: str, findings: list[Finding]) -> str:
    cases = "\n".join(map(_case, findings))
    head = f'<testsuite name={_attribute(path)} tests="{len(findings)}" failures="{len(findings)}" errors="0">'
    return f"  {head}\n{cases}\n  </testsuite>"


def _case(finding: Finding) -> str:
    name = f"{finding.place.line}:{finding.place.column} {finding.rule}"
    failure = f"<failure type={_attribute(finding.rule)} message={_attribute(finding.message)}>"
    body = escape(_clean(f"{line(finding)}\n{finding.excerpt}"))
    return (
        f"    <testcase classname={_attribute(finding.path)} name={_attribute(name)}>"
        f"{failure}{body}</failure></testcase>"
    )


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
