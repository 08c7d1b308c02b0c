"""Findings fixed in their files: each file is written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cleaner import decode
from cleaner.check.cleaning import CleanedSample
from cleaner.check.files import display_path
from cleaner.check.locate import LocatedFinding
from cleaner.check.positions import SpanMap
from cleaner.check.samples import CheckSample
from cleaner.errors import CleanerError, UsageError
from cleaner.formats import registry
from cleaner.formats.base import Reading
from cleaner.formats.storage import files
from cleaner.model import Edit, Pass, Span
from cleaner.packs.builtin import BOM, NOT_UTF8
from cleaner.text import edits

_NO_EDITS: Pass = ()


class FixResult(NamedTuple):
    """The number of findings that were fixed by file, and why a file was not, by file."""

    counts: dict[str, int]
    refusals: dict[str, str]


def fix_files(samples: Sequence[CleanedSample], findings: Sequence[LocatedFinding], reading: Reading) -> FixResult:
    """Fix every finding that fails the check where something can be written for it.

    A file of records in which one cannot be read stays as it is, and so do pages, whose clean text is no page.
    """
    result = FixResult({}, {})
    unreadable = {item.finding.path for item in findings if item.sample is None}
    fixable = _fixable_by_path(findings)
    for path, group in groupby(samples, key=lambda item: item.sample.path):
        name = display_path(path)
        if name not in fixable:
            continue
        if name in unreadable:
            result.refusals[name] = "it holds records that cannot be read; mend or remove them first"
            continue
        try:
            _fix_file(path, list(group), fixable[name], reading)
            result.counts[name] = len(fixable[name])
        except (OSError, CleanerError, UnicodeEncodeError) as error:
            result.refusals[name] = str(error)
    return result


def is_fixable(item: LocatedFinding) -> bool:
    """Whether something can be written for a finding."""
    if not item.sample or not registry.format_of(item.sample.sample.path).editable:
        return False
    return item.finding.new is not None or item.finding.rule in (BOM, NOT_UTF8)


def _fixable_by_path(findings: Iterable[LocatedFinding]) -> dict[str, list[LocatedFinding]]:
    by_path: dict[str, list[LocatedFinding]] = {}
    for item in findings:
        if not item.finding.accepted_by and is_fixable(item):
            by_path.setdefault(item.finding.path, []).append(item)
    return by_path


def _fix_file(
    path: Path, samples: Sequence[CleanedSample], findings: Sequence[LocatedFinding], reading: Reading
) -> None:
    to_fix: dict[int, set[tuple[str, Span]]] = {}
    for item in findings:
        to_fix.setdefault(id(item.sample), set()).add((item.finding.rule, item.span))
    texts = [(item.sample, _fix_text(item, to_fix[id(item)])) for item in samples if id(item) in to_fix]
    target = path.resolve()
    mode = target.stat().st_mode
    if samples[0].sample.is_record:
        records = {sample.read.record.line: (sample.read.record, text) for sample, text in texts}
        registry.format_of(path).rewrite(target, records, reading)
    else:
        ((sample, text),) = texts
        if sample.text.strip() and not text.strip():
            raise UsageError("nothing would be left; remove the file if that is right")
        files.write_bytes(target, _encode(sample, text, {item.finding.rule for item in findings}))
    target.chmod(mode)


def _fix_text(item: CleanedSample, to_fix: set[tuple[str, Span]]) -> str:
    """Return a sample's text with those findings fixed whose rules and spans are given."""
    sample = item.sample
    removals = SpanMap((sample.removals,))
    clean_edits = reduce(edits.compose, item.cleaned.passes, _NO_EDITS)
    changes = tuple(Edit(removals.to_original(edit.span), edit.new, edit.rule) for edit in clean_edits)
    others = (f for f in item.findings if f.new is not None and (f.rule, f.span) not in to_fix)
    protected_spans = [*(finding.span for finding in others), *(edit.span for edit in sample.removals)]
    return edits.apply(sample.text, edits_around(sample.text, changes, protected_spans))


def _encode(sample: CheckSample, text: str, rules: set[str]) -> bytes:
    document = sample.read.decoded
    if NOT_UTF8 in rules:
        return decode.encode(text, "utf-8", newline=document.newline)
    return decode.encode(text, document.encoding, document.bom and BOM not in rules, document.newline)


def edits_around(text: str, changes: Pass, protected_spans: Iterable[Span]) -> Pass:
    """Return the edits that leave protected spans alone: removals go around them, all others give way."""
    result: list[Edit] = []
    pending = sorted(protected_spans, reverse=True)
    candidates: list[Span] = []
    for edit in changes:
        while pending and pending[-1].start <= edit.span.stop:
            candidates.append(pending.pop())
        candidates = [span for span in candidates if span.stop >= edit.span.start]
        obstacles = [span for span in candidates if _overlaps(span, edit.span)]
        if not obstacles:
            result.append(edit)
        elif not edit.new:
            result += [Edit(span, "", edit.rule) for span in _lines_between(text, edit.span, obstacles)]
    return tuple(result)


def _overlaps(left: Span, right: Span) -> bool:
    """Whether two spans share characters, or touch where one of them is empty."""
    start, stop = max(left.start, right.start), min(left.stop, right.stop)
    return start < stop or (start == stop and (left.start == left.stop or right.start == right.stop))


def _lines_between(text: str, span: Span, obstacles: Sequence[Span]) -> Iterator[Span]:
    """Cut the whole lines of obstacles out of a span; blank lines before each remaining part stay too."""
    start = span.start
    for obstacle in obstacles:
        yield from _without_blank_start(text, start, min(text.rfind("\n", 0, obstacle.start) + 1, span.stop))
        end = text.find("\n", max(obstacle.start, obstacle.stop - 1))
        start = max(start, len(text) if end < 0 else end + 1)
    yield from _without_blank_start(text, start, span.stop)


def _without_blank_start(text: str, start: int, stop: int) -> Iterator[Span]:
    """Yield a range from the first line that is not blank."""
    segment = text[start:stop]
    if segment.strip():
        blank = segment[: len(segment) - len(segment.lstrip())]
        yield Span(start + blank.rfind("\n") + 1, stop)
