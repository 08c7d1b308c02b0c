"""Findings with their places in files, and those that suppressions in the data suppress."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.check import findings, samples
from cleaner.check.cleaning import CleanedSample, RulesById
from cleaner.check.findings import Finding, SpanFinding
from cleaner.check.inputs.files import display_path
from cleaner.check.report import Frame
from cleaner.check.samples import CheckSample
from cleaner.formats.base import Rejection
from cleaner.formats.shared.places import LineIndex, Place
from cleaner.model import Span
from cleaner.packs.builtin import UNREADABLE, UNUSED_SUPPRESSION
from cleaner.suppressions import comments
from cleaner.suppressions.comments import Suppression
from cleaner.text.printable import make_encodable, make_printable


class LocatedFinding(NamedTuple):
    """A finding with its sample (None for what could not be read), its span there, and what its fix would take."""

    finding: Finding
    sample: CleanedSample | None = None
    span: Span = Span(0, 0)
    loss: int = 0


class _Use(NamedTuple):
    """A pattern of a suppression that suppressed a finding."""

    suppression: Suppression
    pattern: str


def locate_rejection(rejection: Rejection) -> LocatedFinding:
    """Return the finding for what cannot be read."""
    line = max(rejection.line, 1)
    fingerprint = findings.fingerprint(f"{rejection.file} {rejection.reason}")
    path, message = display_path(Path(rejection.file)), make_printable(rejection.reason)
    return LocatedFinding(Finding(path, Place.of_line(line), UNREADABLE, message, "", fingerprint, "error"))


def locate_findings(cleaned_sample: CleanedSample, rules: RulesById) -> Iterator[LocatedFinding]:
    """Yield the findings of a sample with their places, and one for each suppression of nothing."""
    sample, uses = cleaned_sample.sample, set[_Use]()
    places = sample.locate([finding.span for finding in cleaned_sample.findings])
    index = LineIndex(sample.text)
    for span_finding, place in zip(cleaned_sample.findings, places, strict=True):
        match = comments.find_suppression(sample.suppressions, span_finding.rule, place)
        use = _Use(*match) if match else None
        if use:
            uses.add(use)
        finding = _locate(span_finding, place, index, sample, rules)
        if use:
            finding = finding.accept("comment", use.suppression.reason)
        yield LocatedFinding(finding, cleaned_sample, span_finding.span, span_finding.loss)
    for suppression, pattern in _unused(sample, uses):
        yield LocatedFinding(_report_unused(sample, suppression, pattern), cleaned_sample, suppression.span)


def _locate(finding: SpanFinding, place: Place, index: LineIndex, sample: CheckSample, rules: RulesById) -> Finding:
    field, inner = sample.inner_place(finding.span.start, index)
    rule = rules[finding.rule]
    return Finding(
        path=display_path(sample.path),
        place=place,
        rule=finding.rule,
        message=_message(finding, rule.why),
        excerpt=findings.make_excerpt(index, finding.span),
        hash=findings.fingerprint(index.lines_of(finding.span)),
        level=rule.level,
        new=make_encodable(finding.new) if finding.new is not None and sample.is_verbatim else None,
        is_exact=finding.is_exact and not sample.is_record,
        fix=rule.fix if sample.is_fixable else "none",
        record=_record_id(sample),
        inner=inner,
        field=field,
        counterpart=finding.counterpart,
    )


def make_frame(item: LocatedFinding) -> Frame:
    """Return the line that a finding begins on, with the columns it takes there."""
    if item.sample is None:
        return Frame("", 0, 0)
    index = LineIndex(item.sample.sample.text)
    line, column = index.line_and_column(item.span.start)
    start = index.starts[line - 1]
    text = make_printable(index.text[start:].split("\n", 1)[0])
    return Frame(text, column - 1, min(item.span.stop - start, len(text)))


def _record_id(sample: CheckSample) -> str:
    return make_printable(sample.read.record.id) if sample.is_record else ""


def _message(finding: SpanFinding, why: str) -> str:
    if finding.note and finding.note != why:
        return f"{why} ({make_printable(finding.note)})"
    return why


def _unused(sample: CheckSample, uses: set[_Use]) -> Iterator[_Use]:
    """Yield suppressions of nothing; not those of near-duplicates, which depend on what else was given."""
    for suppression in sample.suppressions:
        for pattern in suppression.rules:
            if _Use(suppression, pattern) not in uses and not pattern.startswith("dedup"):
                yield _Use(suppression, pattern)


def _report_unused(sample: CheckSample, suppression: Suppression, pattern: str) -> Finding:
    if sample.is_record:
        place = Place.of_line(sample.read.record.line)
    else:
        place = LineIndex(samples.source_text(sample.read)).place(suppression.span)
    return Finding(
        path=display_path(sample.path),
        place=place,
        rule=UNUSED_SUPPRESSION,
        message=f"{pattern or 'no rule'} is not found there: remove the suppression",
        excerpt=pattern,
        hash=findings.fingerprint(f"{pattern} {sample.read.record.id}"),
        record=_record_id(sample),
    )
