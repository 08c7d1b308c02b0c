"""The check itself: samples through cleaning, what it would do as findings, suppressions and baseline over them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.check import findings, samples, suppressions
from cleaner.check.baseline import Baseline, known
from cleaner.check.files import shown
from cleaner.check.findings import Finding, Found
from cleaner.check.positions import SpanMap
from cleaner.check.samples import Sample
from cleaner.check.selection import Selection
from cleaner.corpus import records
from cleaner.corpus.records import CleanedRecord, ReadRecord
from cleaner.formats.base import Reading, Rejection
from cleaner.formats.places import LineIndex, Place
from cleaner.model import BuiltinRule, Cleaned, Span
from cleaner.options import CleanOptions
from cleaner.packs import builtin
from cleaner.packs.builtin import UNREADABLE, UNUSED_SUPPRESSION
from cleaner.pipeline import Pack
from cleaner.rules.schema import Rule


class How(NamedTuple):
    """What decides the findings of a file."""

    pack: Pack
    options: CleanOptions
    reading: Reading
    selection: Selection

    @property
    def rules(self) -> dict[str, Rule | BuiltinRule]:
        """Every rule that can be found, by id."""
        return {**{rule.id: rule for rule in self.pack.rules}, **builtin.RULES}


class Checked(NamedTuple):
    """One sample with what was found in it; spans of `found` lie in the sample's text."""

    sample: Sample
    cleaned: Cleaned
    found: list[Found]

    def back(self, span: Span) -> Span:
        """Where a span of the clean text stands in the sample's text."""
        return SpanMap((self.sample.stripped, *self.cleaned.passes)).back(span)


class Placed(NamedTuple):
    """A finding with the sample it is of (None for what could not be read) and its span there."""

    finding: Finding
    checked: Checked | None = None
    span: Span = Span(0, 0)


def check(paths: Iterable[Path], how: How) -> Iterator[Checked | Placed]:
    """Each text of the files with what was found in it, in order; a finding for what cannot be read."""
    waiting: deque[Sample | Rejection] = deque()
    for block in records.clean_records(_reads(paths, how.reading, waiting), how.pack, how.options):
        for result in block:
            sample = waiting.popleft()
            if isinstance(result, CleanedRecord) and isinstance(sample, Sample):
                yield _checked(sample, result.cleaned)
            elif isinstance(result, Rejection):
                yield _unreadable(result)


def _reads(
    paths: Iterable[Path], reading: Reading, waiting: deque[Sample | Rejection]
) -> Iterator[ReadRecord | Rejection]:
    for path in paths:
        for item in samples.read(path, reading):
            waiting.append(item)
            yield item.read if isinstance(item, Sample) else item


def _checked(sample: Sample, cleaned: Cleaned) -> Checked:
    way = SpanMap((sample.stripped,))
    inside = [msgspec.structs.replace(found, span=way.back(found.span)) for found in findings.of(cleaned)]
    return Checked(sample, cleaned, [*samples.of_bytes(sample), *inside])


def _unreadable(item: Rejection) -> Placed:
    line = max(item.line, 1)
    reason = findings.fingerprint(f"{item.file} {item.reason}")
    path = shown(Path(item.file))
    return Placed(
        Finding(path, Place(line, 1, line, 1), UNREADABLE, findings.visible(item.reason), "", reason, "error"),
    )


def placed(checked: Checked, rules: Mapping[str, Rule | BuiltinRule]) -> Iterator[Placed]:
    """Findings with their places in the file, and those that suppressions suppress marked."""
    sample, used = checked.sample, set[tuple[Suppression, str]]()
    places = sample.locate([found.span for found in checked.found])
    index = LineIndex(sample.text)
    for found, place in zip(checked.found, places, strict=True):
        inner = index.line_and_column(found.span.start) if sample.is_record and sample.is_verbatim else None
        word = _suppressing(sample.suppressions, found.rule, place)
        if word:
            used.add(word)
        finding = Finding(
            shown(sample.path),
            place,
            found.rule,
            _message(found, rules[found.rule].why),
            findings.excerpt(sample.text, found.span),
            findings.fingerprint(index.lines_of(found.span)),
            rules[found.rule].level,
            findings.writable(found.new) if found.new is not None and sample.is_verbatim else None,
            found.is_exact and not sample.is_record,
            _record(sample),
            inner,
            found.related,
            "comment" if word else "",
            word[0].reason if word else "",
        )
        yield Placed(finding, checked, found.span)
    yield from _unused(checked, used)


Suppression = suppressions.Suppression


def _record(sample: Sample) -> str:
    return findings.visible(sample.read.record.id) if sample.is_record else ""


def _message(found: Found, why: str) -> str:
    if found.note and found.note != why:
        note = findings.visible(found.note)
        return f"{why} ({note})"
    return why


def _suppressing(said: Sequence[Suppression], rule: str, place: Place) -> tuple[Suppression, str] | None:
    for item in said:
        if item.line and not place.line <= item.line <= place.end_line:
            continue
        for pattern in item.rules:
            if suppressions.matches(rule, pattern):
                return item, pattern
    return None


def _unused(checked: Checked, used: set[tuple[Suppression, str]]) -> Iterator[Placed]:
    """Suppressions of nothing; those of near-duplicates are let be, which depend on what else was given."""
    sample = checked.sample
    for item in sample.suppressions:
        for pattern in item.rules:
            if (item, pattern) in used or pattern.startswith("dedup"):
                continue
            place = _own_place(sample, item)
            said = f"{pattern or 'no rule'} is not found there: remove the suppression"
            yield Placed(
                Finding(
                    shown(sample.path),
                    place,
                    UNUSED_SUPPRESSION,
                    said,
                    pattern,
                    findings.fingerprint(f"{pattern} {sample.read.record.id}"),
                    record=_record(sample),
                ),
                checked,
                item.span,
            )


def _own_place(sample: Sample, item: Suppression) -> Place:
    if sample.is_record:
        return Place.of_line(sample.read.record.line)
    return LineIndex(samples.source_text(sample.read)).place(item.span)


def settled(
    all_placed: Sequence[Placed],
    how: How,
    changed: Mapping[str, Sequence[range] | None] | None,
    accepted: Baseline,
    today: str,
) -> list[Placed]:
    """The findings that are reported, in order: selected, on changed lines, those in the baseline marked."""
    chosen = [
        item
        for item in all_placed
        if how.selection.wants(item.finding.rule, item.finding.path) and _is_changed(item.finding, changed)
    ]
    chosen.sort(
        key=lambda item: (item.finding.path, item.finding.place, item.finding.inner or (0, 0), item.finding.rule)
    )
    marked = known(accepted, [item.finding for item in chosen], today)
    return [item._replace(finding=finding) for item, finding in zip(chosen, marked, strict=True)]


def _is_changed(finding: Finding, changed: Mapping[str, Sequence[range] | None] | None) -> bool:
    if changed is None:
        return True
    if finding.path not in changed:
        return False
    ranges = changed[finding.path]
    if ranges is None or finding.rule.startswith(("encoding/", "input/")):
        return True
    place = finding.place
    return any(place.line < lines.stop and lines.start <= place.end_line for lines in ranges)
