"""Findings: what cleaning would change or flags, where it stands in the file, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from cleaner.check.positions import SpanMap, trim
from cleaner.formats.places import LineIndex, Place
from cleaner.model import Cleaned, Edit, Level, Pass, Span
from cleaner.text import edits

Known = Literal["", "comment", "baseline"]

WIDTH = 60
"""Characters of an excerpt."""


class Related(Struct, frozen=True):
    """Another place that a finding speaks of; line 0 where only the document is known."""

    path: str
    line: int
    message: str


class Finding(Struct, frozen=True):
    """One place of one file.

    `excerpt`: the text there, shortened. `hash`: of the whole lines, white space aside, 16 hex digits. `new`: what
    cleaning writes instead, "" removes; None where nothing does; `is_exact`: it can be put at `place` as it is.
    `record`: id of the record, for files of records; `inner`: line and column within the record's text. `known`: why
    it does not fail the check, with the `reason` given.
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
    record: str = ""
    inner: tuple[int, int] | None = None
    related: Related | None = None
    known: Known = ""
    reason: str = ""


class Found(Struct, frozen=True):
    """A finding before it is placed in its file: `span` lies in the text that was checked."""

    rule: str
    span: Span
    note: str = ""
    new: str | None = None
    is_exact: bool = False
    related: Related | None = None


def of(cleaned: Cleaned) -> Iterator[Found]:
    """Every edit and every flag, with its span in the original text."""
    way, text = SpanMap(cleaned.passes), cleaned.document.text
    now = text
    for number, made in enumerate(cleaned.passes):
        for edit in made:
            span = way.back(edit.span, number)
            is_same = now[edit.span.start : edit.span.stop] == text[span.start : span.stop]
            yield Found(edit.rule, span if edit.new else trim(text, span), new=edit.new, is_exact=is_same)
        now = edits.apply(now, made)
    for flag in cleaned.flags:
        yield Found(flag.rule, trim(text, way.back(flag.span)), flag.note)


def excerpt(text: str, span: Span) -> str:
    """The first line of a span, or the line it stands in where it is empty."""
    held = text[span.start : span.stop].strip() or LineIndex(text).lines_of(span).strip()
    first = visible(held.split("\n", 1)[0])
    return first if len(first) <= WIDTH else f"{first[: WIDTH - 1]}…"


def visible(text: str) -> str:
    """A text as it can be printed: control characters as their pictures, so that none reaches a terminal."""
    return writable(text).translate(_PICTURES)


_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def writable(text: str) -> str:
    """A text without half surrogates, which no encoding writes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def fingerprint(lines: str) -> str:
    """The hash of some lines that does not depend on their white space."""
    return sha256(" ".join(lines.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fixed(text: str, changes: Pass, held: Iterable[Span]) -> Pass:
    """The edits of `changes` that leave the spans `held` alone: removals go around them, all else gives way."""
    made: list[Edit] = []
    waiting = sorted(held, reverse=True)
    near: list[Span] = []
    for edit in changes:
        while waiting and waiting[-1].start <= edit.span.stop:
            near.append(waiting.pop())
        near = [span for span in near if span.stop >= edit.span.start]
        inside = [span for span in near if _meets(span, edit.span)]
        if not inside:
            made.append(edit)
        elif not edit.new:
            made += [Edit(span, "", edit.rule) for span in _around(text, edit.span, inside)]
    return tuple(made)


def _meets(left: Span, right: Span) -> bool:
    """Whether two spans share characters, or touch where one of them is empty."""
    start, stop = max(left.start, right.start), min(left.stop, right.stop)
    return start < stop or (start == stop and (left.start == left.stop or right.start == right.stop))


def _around(text: str, span: Span, held: list[Span]) -> Iterator[Span]:
    """What is left of a span without the whole lines of others; blank lines before each part stay."""
    at = span.start
    for other in held:
        yield from _inked(text, at, min(text.rfind("\n", 0, other.start) + 1, span.stop))
        end = text.find("\n", max(other.start, other.stop - 1))
        at = max(at, len(text) if end < 0 else end + 1)
    yield from _inked(text, at, span.stop)


def _inked(text: str, start: int, stop: int) -> Iterator[Span]:
    """A range from the first line that is not blank."""
    part = text[start:stop]
    if part.strip():
        blank = part[: len(part) - len(part.lstrip())]
        yield Span(start + blank.rfind("\n") + 1, stop)
