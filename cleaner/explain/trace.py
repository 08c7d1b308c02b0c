"""From passes back to the original: which lines were removed or changed, by which rules, on what evidence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

from msgspec import Struct

from cleaner.model import Cleaned, Edit, Evidence, Pass, Span, Verdict
from cleaner.text import edits


class Reason(Struct, frozen=True, omit_defaults=True):
    """One edit's rule, with the score and evidence where the judge decided."""

    rule: str
    score: float | None = None
    evidence: tuple[Evidence, ...] = ()


class Hunk(Struct, frozen=True):
    """Lines `first` to `last` of the original (counted from 1) and what became of them: `new` is None when removed."""

    first: int
    last: int
    old: str
    new: str | None
    reasons: tuple[Reason, ...]


def hunks(cleaned: Cleaned) -> list[Hunk]:
    """All changed places of the original, in order. Evidence is there only where cleaning was asked to explain."""
    text = cleaned.document.text
    merged: Pass = reduce(edits.compose, cleaned.passes, ())
    starts = _line_starts(text)
    reasons = list(_placed(cleaned, starts))
    single = [part for edit in merged for part in _by_line(edit, text, starts)]
    return [_hunk(text, starts, first, last, made, reasons) for first, last, made in _ranges(single, starts)]


def _by_line(edit: Edit, text: str, starts: list[int]) -> Iterator[Edit]:
    """A removal of several lines as one of each; blank lines go with the one before, or the first."""
    inside = starts[bisect_right(starts, edit.span.start) : bisect_left(starts, edit.span.stop)] if not edit.new else []
    first = _inked(text, edit.span.start)
    cuts = [at for at in inside if first < at and _inked(text, at) < _line_end(text, at)]
    for start, stop in pairwise([edit.span.start, *cuts, edit.span.stop]):
        yield Edit(Span(start, stop), edit.new, edit.rule)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return starts


def _ranges(merged: list[Edit], starts: list[int]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Ranges of line indices that share edits, with those edits."""
    first = last = -1
    made: list[Edit] = []
    for edit in merged:
        begin, end = _lines_of(edit, starts)
        if begin > last and made:
            yield first, last, made
            made = []
        first, last = (begin if not made else first), max(last, end)
        made.append(edit)
    if made:
        yield first, last, made


def _lines_of(edit: Edit, starts: list[int]) -> tuple[int, int]:
    begin = bisect_right(starts, edit.span.start) - 1
    return begin, max(begin, bisect_right(starts, max(edit.span.start, edit.span.stop - 1)) - 1)


def _hunk(
    text: str, starts: list[int], first: int, last: int, made: list[Edit], reasons: list[tuple[int, Reason]]
) -> Hunk:
    begin = starts[first]
    end = starts[last + 1] if last + 1 < len(starts) else len(text)
    moved = [Edit(Span(e.span.start - begin, e.span.stop - begin), e.new, e.rule) for e in made]
    old, new = text[begin:end], edits.apply(text[begin:end], moved)
    why = dict.fromkeys(reason for line, reason in reasons if first <= line <= last)
    gone = not new.strip() and bool(old.strip())
    return Hunk(first + 1, last + 1, old.rstrip("\n"), None if gone else new.rstrip("\n"), tuple(why))


def _placed(cleaned: Cleaned, starts: list[int]) -> Iterator[tuple[int, Reason]]:
    """Each edit's reason at the line of the original where the edit begins."""
    for number, made in enumerate(cleaned.passes):
        verdicts = cleaned.verdicts[number] if cleaned.verdicts else ()
        known = {(v.rule, v.span.start): v for v in verdicts}
        for edit in made:
            position = edit.span.start
            verdict = _verdict(known, edit, verdicts)
            for earlier in reversed(cleaned.passes[:number]):
                position = edits.position_before(earlier, position)
            yield bisect_right(starts, _inked(cleaned.document.text, position)) - 1, _reason(edit, verdict)


def _inked(text: str, position: int) -> int:
    """The first place from `position` on that is not white space; `position` where there is none."""
    found = _INK.search(text, position)
    return found.start() if found else position


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


_INK = re.compile(r"\S")


def _verdict(known: dict[tuple[str, int], Verdict], edit: Edit, verdicts: tuple[Verdict, ...]) -> Verdict | None:
    exact = known.get((edit.rule, edit.span.start))
    inside = (v for v in verdicts if v.rule == edit.rule and edit.span.start <= v.span.start < edit.span.stop)
    return exact or next(inside, None)


def _reason(edit: Edit, verdict: Verdict | None) -> Reason:
    return Reason(edit.rule, verdict.score, verdict.evidence) if verdict else Reason(edit.rule)
