"""Before and after side by side: rows of lines, with what differs within each and the rules that did it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby
from typing import Literal

from msgspec import Struct

from cleaner.explain.trace import EditedLines, group_by_lines, line_starts
from cleaner.model import Edit, Pass, Span
from cleaner.report.alignment.rule_places import RulesByPlace
from cleaner.report.alignment.visible import make_visible
from cleaner.text import edits

SegmentKind = Literal["same", "cut", "new", "gap"]
RowKind = Literal["same", "removed", "changed", "gap", "rest"]

CONTEXT = 2
"""Lines that are shown before and after a change; a longer run of lines that stay is folded."""
LONGEST_SAME, LONGEST_CHANGE = 160, 360
"""Characters of a segment, from which on its middle is left out."""
MOST_SEGMENTS = 80
"""Segments of one row."""
CHARACTER_COST, ROW_COST = 4, 500
"""Bytes that a character, and the markup of a row, take on a page at most, about."""


class Segment(Struct, frozen=True):
    """A part of a line. `kind`: it stays, is cut, is new, or stands for `text` characters that are not shown."""

    kind: SegmentKind
    text: str
    rules: tuple[str, ...] = ()


class AlignedRow(Struct, frozen=True):
    """Lines `first` to `last` of the original (from 1) beside what they became.

    `gap`: a run of lines that stay and are not shown; `rest`: all lines from there on, some of which changed, for which
    the page has no room. `after` is empty where lines went.
    """

    kind: RowKind
    first: int
    last: int
    before: tuple[Segment, ...] = ()
    after: tuple[Segment, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of lines."""
        return self.last - self.first + 1

    @property
    def cost(self) -> int:
        """Bytes that it takes on a page, about."""
        return ROW_COST + CHARACTER_COST * sum(len(segment.text) for segment in (*self.before, *self.after))


def list_rows(text: str, passes: Sequence[Pass], budget: int) -> list[AlignedRow]:
    """List rows of a text and what passes made of it, as many as `budget` bytes of a page hold."""
    changes: Pass = reduce(edits.compose, passes, ())
    starts = line_starts(text)
    rules = RulesByPlace(text, passes)
    rows: list[AlignedRow] = []
    line = 0
    shown_changes = tuple(_without_first_break(text, edit) for edit in changes)
    for lines in group_by_lines(text, shown_changes, starts):
        new_rows = _unchanged_rows(text, starts, range(line, lines.first), (line > 0, True))
        new_rows.append(_changed_row(text, starts, lines, rules))
        budget -= sum(row.cost for row in new_rows)
        if budget < 0 and rows:
            return [*rows, AlignedRow("rest", line + 1, len(starts))]
        rows += new_rows
        line = lines.last + 1
    last = len(starts) - 1 if text.endswith("\n") or not text else len(starts)
    return rows + _unchanged_rows(text, starts, range(line, last), (bool(rows), False))


def _without_first_break(text: str, edit: Edit) -> Edit:
    """Leave the break before removed lines to the line before them, which stays."""
    start, stop = edit.span.start, edit.span.stop
    is_whole_lines = not edit.new and text[start:stop].strip() and (stop == len(text) or text[stop] == "\n")
    return Edit(Span(start + 1, stop), "", edit.rule) if is_whole_lines and text[start] == "\n" else edit


def _unchanged_rows(text: str, starts: list[int], lines: range, sides: tuple[bool, bool]) -> list[AlignedRow]:
    """Return rows of lines that stay, folded but for those beside a change before and after."""
    head, tail = CONTEXT * sides[0], CONTEXT * sides[1]
    if not sides[0] and not sides[1]:
        head = 2 * CONTEXT
    if len(lines) <= head + tail + 1:
        return [_same_row(text, starts, line) for line in lines]
    return [
        *(_same_row(text, starts, line) for line in lines[:head]),
        AlignedRow("gap", lines[head] + 1, lines[len(lines) - tail - 1] + 1),
        *(_same_row(text, starts, line) for line in lines[len(lines) - tail :]),
    ]


def _same_row(text: str, starts: list[int], line: int) -> AlignedRow:
    segments = tuple(_cut_middle("same", text, *_bounds(text, starts, line, line)))
    return AlignedRow("same", line + 1, line + 1, segments, segments)


def _bounds(text: str, starts: list[int], first: int, last: int) -> tuple[int, int]:
    """Return where lines begin and end, without the last line break."""
    stop = starts[last + 1] - 1 if last + 1 < len(starts) else len(text)
    return starts[first], stop


def _changed_row(text: str, starts: list[int], lines: EditedLines, rules: RulesByPlace) -> AlignedRow:
    start, stop = _bounds(text, starts, lines.first, lines.last)
    before: list[Segment] = []
    after: list[Segment] = []
    position = start
    for edit in lines.edits:
        names = rules.of(edit)
        for part in _refine(text, edit):
            same_parts = list(_cut_middle("same", text, position, min(part.span.start, stop)))
            before += (*same_parts, *_cut_middle("cut", text, part.span.start, min(part.span.stop, stop), names))
            after += (*same_parts, *_cut_middle("new", part.new, 0, len(part.new), names))
            position = max(position, part.span.stop)
    ending = list(_cut_middle("same", text, position, stop))
    before += ending
    after += ending
    is_removed = not any(segment.text.strip() for segment in after) and any(s.text.strip() for s in before)
    names = tuple(dict.fromkeys(name for edit in lines.edits for name in rules.of(edit)))
    kind: RowKind = "removed" if is_removed else "changed"
    before, after = (_without_last_breaks(before), []) if is_removed else (before, after)
    return AlignedRow(kind, lines.first + 1, lines.last + 1, _limit(before), _limit(after), names)


def _without_last_breaks(segments: list[Segment]) -> list[Segment]:
    """Leave out the blank lines that went with the one before."""
    return [*segments[:-1], Segment(segments[-1].kind, segments[-1].text.rstrip("\n"), segments[-1].rules)]


def _refine(text: str, edit: Edit) -> Iterator[Edit]:
    """Split an edit into those of the characters that differ, where both sides are as long."""
    start, stop = edit.span.start, edit.span.stop
    if stop - start != len(edit.new):
        yield edit
        return
    differing = [number for number, (old, new) in enumerate(zip(text[start:stop], edit.new, strict=True)) if old != new]
    for _, run in groupby(enumerate(differing), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]
        first, last = places[0], places[-1] + 1
        yield Edit(Span(start + first, start + last), edit.new[first:last], edit.rule)


def _limit(segments: list[Segment]) -> tuple[Segment, ...]:
    rest = segments[MOST_SEGMENTS:]
    if not rest:
        return tuple(segments)
    return (*segments[:MOST_SEGMENTS], Segment("gap", str(sum(len(segment.text) for segment in rest))))


def _cut_middle(kind: SegmentKind, text: str, start: int, stop: int, rules: tuple[str, ...] = ()) -> Iterator[Segment]:
    """Yield a part of a text as one segment, or its two ends with a gap where it is long."""
    limit = LONGEST_SAME if kind == "same" else LONGEST_CHANGE
    if start >= stop:
        return
    if stop - start <= limit:
        yield Segment(kind, make_visible(text[start:stop]), rules)
        return
    half = limit // 2
    yield Segment(kind, make_visible(text[start : start + half]), rules)
    yield Segment("gap", str(stop - start - 2 * half))
    yield Segment(kind, make_visible(text[stop - half : stop]), rules)
