"""Trace changes back to the original: the lines removed or changed, by which rules, on what evidence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from cleaner.explain.conversions import DecidingWord, find_deciding_words
from cleaner.model import Cleaned, Edit, Evidence, Pass, Span, Verdict
from cleaner.options import NormalizeOptions
from cleaner.text import edits


class Reason(Struct, frozen=True, omit_defaults=True):
    """One edit's rule, with the score and evidence where the judge decided.

    `words`: of a conversion of script, the words on the line that decided more than single characters do.
    """

    rule: str
    score: float | None = None
    evidence: tuple[Evidence, ...] = ()
    words: tuple[DecidingWord, ...] = ()


class Hunk(Struct, frozen=True):
    """Lines `first` to `last` of the original (counted from 1) and the text after: `new` is None when removed."""

    first: int
    last: int
    old: str
    new: str | None
    reasons: tuple[Reason, ...]


class EditedLines(NamedTuple):
    """Lines of the original, by index from 0, and the edits that touch them."""

    first: int
    last: int
    edits: list[Edit]


class _LineReason(NamedTuple):
    """The reason of an edit that begins in this line of the original, from 0."""

    line: int
    reason: Reason


def trace_hunks(cleaned: Cleaned, options: NormalizeOptions | None = None) -> list[Hunk]:
    """Return all changed places of the original, in order. Evidence is there only where cleaning explained itself.

    Args:
        options: those of cleaning, to tell which words decided a conversion of script.
    """
    text = cleaned.document.text
    whole_change: Pass = reduce(edits.compose, cleaned.passes, ())
    starts = line_starts(text)
    reasons = list(_place_reasons(cleaned, starts, options))
    return [_hunk(text, starts, lines, reasons) for lines in group_by_lines(text, whole_change, starts)]


def group_by_lines(text: str, changes: Pass, starts: list[int]) -> Iterator[EditedLines]:
    """Group edits of a text that share lines; a removal of several lines is split into one of each.

    Args:
        text: as it was before.
        changes: all of them, sorted.
        starts: of its lines, as `line_starts` gives them.
    """
    return _group([part for edit in changes for part in _split_by_line(edit, text, starts)], starts)


def _split_by_line(edit: Edit, text: str, starts: list[int]) -> Iterator[Edit]:
    """Split a removal of several lines into one of each; blank lines go with the one before, or the first."""
    first, last = bisect_right(starts, edit.span.start), bisect_left(starts, edit.span.stop)
    candidates = starts[first:last] if not edit.new else []
    ink = _next_ink(text, edit.span.start)
    cuts = [start for start in candidates if ink < start and _next_ink(text, start) < _line_end(text, start)]
    for start, stop in pairwise([edit.span.start, *cuts, edit.span.stop]):
        yield Edit(Span(start, stop), edit.new, edit.rule)


def line_starts(text: str) -> list[int]:
    """List where each line of a text begins."""
    starts = [0]
    while (newline := text.find("\n", starts[-1])) >= 0:
        starts.append(newline + 1)
    return starts


def _group(changes: list[Edit], starts: list[int]) -> Iterator[EditedLines]:
    """Group edits that share lines."""
    group: EditedLines | None = None
    for edit in changes:
        first, last = _lines_of(edit, starts)
        if group and first <= group.last:
            group.edits.append(edit)
            group = group._replace(last=max(group.last, last))
            continue
        if group:
            yield group
        group = EditedLines(first, last, [edit])
    if group:
        yield group


def _lines_of(edit: Edit, starts: list[int]) -> tuple[int, int]:
    first = bisect_right(starts, edit.span.start) - 1
    return first, max(first, bisect_right(starts, max(edit.span.start, edit.span.stop - 1)) - 1)


def _hunk(text: str, starts: list[int], lines: EditedLines, reasons: Sequence[_LineReason]) -> Hunk:
    start = starts[lines.first]
    stop = starts[lines.last + 1] if lines.last + 1 < len(starts) else len(text)
    shifted = [Edit(Span(e.span.start - start, e.span.stop - start), e.new, e.rule) for e in lines.edits]
    old, new = text[start:stop], edits.apply(text[start:stop], shifted)
    why = dict.fromkeys(reason for line, reason in reasons if lines.first <= line <= lines.last)
    is_removed = not new.strip() and bool(old.strip())
    new_text = None if is_removed else new.rstrip("\n")
    return Hunk(lines.first + 1, lines.last + 1, old.rstrip("\n"), new_text, tuple(why))


def _place_reasons(cleaned: Cleaned, starts: list[int], options: NormalizeOptions | None) -> Iterator[_LineReason]:
    """Yield each edit's reason at the line of the original where the edit begins."""
    text = cleaned.document.text
    for number, edit_pass in enumerate(cleaned.passes):
        words = find_deciding_words(text, edit_pass, options) if options else {}
        text = edits.apply(text, edit_pass)
        verdicts = cleaned.verdicts[number] if cleaned.verdicts else ()
        by_start = {(v.rule, v.span.start): v for v in verdicts}
        for edit in edit_pass:
            position = edit.span.start
            verdict = by_start.get((edit.rule, position)) or _verdict_inside(edit, verdicts)
            for earlier in reversed(cleaned.passes[:number]):
                position = edits.position_before(earlier, position)
            line = bisect_right(starts, _next_ink(cleaned.document.text, position)) - 1
            yield _LineReason(line, _reason(edit, verdict, words.get(edit.span.start, ())))


def _next_ink(text: str, position: int) -> int:
    """Return the first place from `position` on that is not white space; `position` where there is none."""
    ink = _INK.search(text, position)
    return ink.start() if ink else position


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


_INK = re.compile(r"\S")


def _verdict_inside(edit: Edit, verdicts: tuple[Verdict, ...]) -> Verdict | None:
    """Return the first verdict of an edit's rule that begins within the edit."""
    return next((v for v in verdicts if v.rule == edit.rule and edit.span.start <= v.span.start < edit.span.stop), None)


def _reason(edit: Edit, verdict: Verdict | None, words: tuple[DecidingWord, ...]) -> Reason:
    if verdict:
        return Reason(edit.rule, verdict.score, verdict.evidence)
    return Reason(edit.rule, words=words)
