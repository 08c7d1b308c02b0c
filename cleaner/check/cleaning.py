"""Samples through the pipeline: what cleaning would do with each text, as findings within it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.check import findings, samples
from cleaner.check.findings import SpanFinding
from cleaner.check.positions import SpanMap
from cleaner.check.samples import CheckSample
from cleaner.check.selection import Selection
from cleaner.corpus import records
from cleaner.corpus.reading import ReadRecord
from cleaner.corpus.records import CleanedRecord
from cleaner.formats.base import Reading, Rejection
from cleaner.model import BuiltinRule, Cleaned, Span
from cleaner.options import CleanOptions
from cleaner.packs import builtin
from cleaner.pipeline import Pack
from cleaner.rules.schema import Rule

RulesById = dict[str, Rule | BuiltinRule]


class CheckSettings(NamedTuple):
    """Decides the findings of a file."""

    pack: Pack
    options: CleanOptions
    reading: Reading
    selection: Selection

    @property
    def rules(self) -> RulesById:
        """Every rule that a finding can name, by id."""
        return {**{rule.id: rule for rule in self.pack.rules}, **builtin.RULES}


class CleanedSample(NamedTuple):
    """One sample with its clean text and its findings, whose spans lie in the sample's text."""

    sample: CheckSample
    cleaned: Cleaned
    findings: list[SpanFinding]

    def to_original(self, span: Span) -> Span:
        """Return the span of the sample's text that a span of the clean text came from."""
        return SpanMap((self.sample.removals, *self.cleaned.passes)).to_original(span)


def clean_files(paths: Iterable[Path], settings: CheckSettings) -> Iterator[CleanedSample | Rejection]:
    """Clean each text of some files, in order; a Rejection for what cannot be read."""
    pending: deque[CheckSample | Rejection] = deque()
    for batch in records.clean_records(_read(paths, settings.reading, pending), settings.pack, settings.options):
        for outcome in batch:
            sample = pending.popleft()
            if isinstance(outcome, CleanedRecord) and isinstance(sample, CheckSample):
                yield CleanedSample(sample, outcome.cleaned, _list_findings(sample, outcome.cleaned))
            elif isinstance(outcome, Rejection):
                yield outcome


def _read(
    paths: Iterable[Path], reading: Reading, pending: deque[CheckSample | Rejection]
) -> Iterator[ReadRecord | Rejection]:
    for path in paths:
        for sample in samples.read_samples(path, reading):
            pending.append(sample)
            yield sample.read if isinstance(sample, CheckSample) else sample


def _list_findings(sample: CheckSample, cleaned: Cleaned) -> list[SpanFinding]:
    removals = SpanMap((sample.removals,))
    return [
        *samples.list_encoding_findings(sample),
        *(
            msgspec.structs.replace(finding, span=removals.to_original(finding.span))
            for finding in findings.list_findings(cleaned)
        ),
    ]
