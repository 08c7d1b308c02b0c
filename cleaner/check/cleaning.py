"""Samples through the pipeline: what cleaning would do with each text, as findings within it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaner.check import findings, samples
from cleaner.check.findings import SpanFinding
from cleaner.check.inputs.exempt import Exemption
from cleaner.check.inputs.files import display_path
from cleaner.check.samples import CheckSample
from cleaner.check.selection import Selection
from cleaner.corpus import records
from cleaner.corpus.reading import ReadRecord
from cleaner.corpus.records import CleanedRecord
from cleaner.formats.base import Reading, Rejection
from cleaner.formats.text import FORMAT as TEXT
from cleaner.model import BuiltinRule, Cleaned, Span
from cleaner.options import CleanOptions
from cleaner.packs import builtin
from cleaner.pipeline import Pack
from cleaner.rules.schema import Rule
from cleaner.text.positions import SpanMap

RulesById = dict[str, Rule | BuiltinRule]


class CheckSettings(NamedTuple):
    """Decides the findings of a file, and which of them can be fixed.

    `exemption`: the files that are left alone. `max_loss`: the share of a text up to which it is fixed. `workers`:
    processes, 0 for as many as files are worth. `contents`: where files are read from that are not at their paths.
    `requires_text`: whether records without a text are findings.
    """

    pack: Pack
    options: CleanOptions
    reading: Reading
    selection: Selection
    exemption: Exemption
    max_loss: float
    workers: int = 0
    contents: Mapping[Path, Path] = {}
    requires_text: bool = False

    @property
    def rules(self) -> RulesById:
        """Every rule that a finding can name, by id."""
        return {**{rule.id: rule for rule in self.pack.rules}, **builtin.RULES}


class CleanedSample(NamedTuple):
    """One sample with its clean text and its findings, whose spans lie in the sample's text."""

    sample: CheckSample
    cleaned: Cleaned
    findings: list[SpanFinding]

    @property
    def is_noteworthy(self) -> bool:
        """Whether there is something to report: findings, or suppressions, which may suppress nothing."""
        return bool(self.findings or self.sample.suppressions)

    def to_original(self, span: Span) -> Span:
        """Return the span of the sample's text that a span of the clean text came from."""
        return SpanMap((self.sample.removals, *self.cleaned.passes)).to_original(span)


def clean_files(paths: Iterable[Path], settings: CheckSettings) -> Iterator[CleanedSample | Rejection]:
    """Clean each text of some files, in order; a Rejection for what cannot be read."""
    items = (samples.read_samples(path, settings.reading, settings.contents.get(path, path)) for path in paths)
    return clean_samples(chain.from_iterable(items), settings)


def clean_samples(
    items: Iterable[CheckSample | Rejection], settings: CheckSettings
) -> Iterator[CleanedSample | Rejection]:
    """Clean texts, in order; what could not be read is passed on, and so is what could not be cleaned."""
    pending: deque[CheckSample | Rejection] = deque()
    reads = _read(items, pending)
    for batch in records.clean_records(reads, settings.pack, settings.options, honours=False):
        for outcome in batch:
            sample = pending.popleft()
            if isinstance(outcome, CleanedRecord) and isinstance(sample, CheckSample):
                yield CleanedSample(sample, outcome.cleaned, _list_findings(sample, outcome.cleaned))
            elif isinstance(outcome, Rejection):
                yield outcome


def exempt_kind(sample: CheckSample, exemption: Exemption) -> str:
    """Return the kind of no text that the content of a plain file tells; "" for none, and for other formats."""
    is_plain = sample.read.record.kind == TEXT.name
    return exemption.kind_by_content(display_path(sample.path), sample.text) if is_plain else ""


def _read(
    items: Iterable[CheckSample | Rejection], pending: deque[CheckSample | Rejection]
) -> Iterator[ReadRecord | Rejection]:
    for sample in items:
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
