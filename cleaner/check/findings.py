"""Findings: what cleaning would change or flags, where it stands in the file, and why."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Literal

import msgspec
from msgspec import Struct

from cleaner.formats.shared.places import LineIndex, Place
from cleaner.model import Cleaned, Fix, Level, Span
from cleaner.normalization.steps import STEPS
from cleaner.text import edits
from cleaner.text.positions import SpanMap, trim
from cleaner.text.printable import make_printable

Acceptance = Literal["", "comment", "baseline"]

EXCERPT_WIDTH = 60
"""Characters of an excerpt."""


class Counterpart(Struct, frozen=True):
    """The other place of a near-duplicate; line 0 where only the document is known."""

    path: str
    line: int
    message: str


class Finding(Struct, frozen=True):
    """One place of one file.

    `excerpt`: the text there, shortened. `hash`: of the whole lines, white space aside, 16 hex digits. `new`: what
    cleaning writes instead, "" removes; None where nothing does; `is_exact`: it can be put at `place` as it is.
    `fix`: whether `--fix` mends it, only with `--unsafe-fixes`, or never.
    `record`: id of the record, for files of records; `inner`: line and column within the record's text, which stands in
    `field` where a record has several.
    `accepted_by`: why it does not fail the check, with the `reason` that was given.
    """

    path: str
    place: Place
    rule: str
    message: str
    excerpt: str
    hash: str
    level: Level = "warning"
    new: str | None = None
    is_exact: bool = False
    fix: Fix = "none"
    record: str = ""
    inner: tuple[int, int] | None = None
    field: str = ""
    counterpart: Counterpart | None = msgspec.field(name="related", default=None)
    accepted_by: Acceptance = msgspec.field(name="known", default="")
    reason: str = ""

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """File, place and rule."""
        return self.path, self.place, self.field, self.inner or (0, 0), self.rule

    @property
    def key(self) -> tuple[str, str]:
        """Rule and hash, by which a baseline knows it."""
        return self.rule, self.hash

    def accept(self, acceptance: Acceptance, reason: str) -> Finding:
        """Return the finding as one that does not fail the check."""
        return msgspec.structs.replace(self, accepted_by=acceptance, reason=reason)


class SpanFinding(Struct, frozen=True):
    """A finding before it is located in its file: `span` lies in the text that was checked.

    `loss`: characters that its fix takes from the text, white space aside; other spellings take none.
    """

    rule: str
    span: Span
    note: str = ""
    new: str | None = None
    is_exact: bool = False
    counterpart: Counterpart | None = None
    loss: int = 0


_STEPS = frozenset(step.rule for step in STEPS)


def list_findings(cleaned: Cleaned) -> Iterator[SpanFinding]:
    """Yield every edit and every flag, with its span in the original text."""
    span_map, original = SpanMap(cleaned.passes), cleaned.document.text
    text = original
    for number, edit_pass in enumerate(cleaned.passes):
        for edit in edit_pass:
            span = span_map.to_original(edit.span, number)
            is_same = text[edit.span.start : edit.span.stop] == original[span.start : span.stop]
            loss = 0 if edit.rule in _STEPS else count_visible(original[span.start : span.stop])
            yield SpanFinding(
                edit.rule,
                span if edit.new else trim(original, span),
                new=edit.new,
                is_exact=is_same,
                loss=max(loss - count_visible(edit.new), 0),
            )
        text = edits.apply(text, edit_pass)
    for flag in cleaned.flags:
        yield SpanFinding(flag.rule, trim(original, span_map.to_original(flag.span)), flag.note)


def count_visible(text: str) -> int:
    """Count characters, white space aside."""
    return sum(map(len, text.split()))


def make_excerpt(index: LineIndex, span: Span) -> str:
    """Return the first line of a span, or the line it stands in where it is empty."""
    text = index.text[span.start : span.stop].strip() or index.lines_of(span).strip()
    line = make_printable(text.split("\n", 1)[0])
    return line if len(line) <= EXCERPT_WIDTH else f"{line[: EXCERPT_WIDTH - 1]}…"


def fingerprint(lines: str) -> str:
    """Hash some lines, whatever their white space."""
    return sha256(" ".join(lines.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
