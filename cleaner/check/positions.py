"""Where things stand: spans carried back through passes to the original, and spans as lines and columns."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from cleaner.model import Pass, Span


class Place(Struct, frozen=True, order=True):
    """A range in a file. Lines and columns count from 1, columns in code points; `end_column` is one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


class SpanMap:
    """The way back through passes, for many spans."""

    def __init__(self, passes: Sequence[Pass]) -> None:
        self._steps = [_Step(made) for made in passes]

    def back(self, span: Span, passes: int | None = None) -> Span:
        """Where a span of the text that the first `passes` left (None: all of them) stood in the original."""
        for step in reversed(self._steps[:passes]):
            span = step.back(span)
        return span


class _Step:
    """One pass. `_begins`: where each edit's new text begins; `_shifts`: how far the text behind it moved."""

    def __init__(self, made: Pass) -> None:
        self._made, shift = made, 0
        self._begins: list[int] = []
        self._shifts = [0]
        for edit in made:
            self._begins.append(edit.span.start + shift)
            shift += len(edit.new) - (edit.span.stop - edit.span.start)
            self._shifts.append(shift)

    def back(self, span: Span) -> Span:
        start = self._start(span.start)
        return Span(start, max(start, self._stop(span.stop)) if span.stop > span.start else start)

    def _start(self, position: int) -> int:
        """Behind what was removed there; inside new text, where the old began."""
        at = bisect_right(self._begins, position)
        if at and position < self._begins[at - 1] + len(self._made[at - 1].new):
            return self._made[at - 1].span.start
        return position - self._shifts[at]

    def _stop(self, position: int) -> int:
        """In front of what was removed there; inside new text, where the old ended."""
        at = bisect_left(self._begins, position)
        if at and position <= self._begins[at - 1] + len(self._made[at - 1].new):
            return self._made[at - 1].span.stop
        return position - self._shifts[at]


class LineIndex:
    """A text by its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        starts = [0]
        while (at := self.text.find("\n", starts[-1])) >= 0:
            starts.append(at + 1)
        return starts

    def at(self, position: int) -> tuple[int, int]:
        """Line and column of a position, from 1."""
        line = bisect_right(self.starts, position)
        return line, position - self.starts[line - 1] + 1

    def place(self, span: Span) -> Place:
        """A span as lines and columns."""
        return Place(*self.at(span.start), *self.at(span.stop))

    def whole(self, span: Span) -> str:
        """The lines that a span touches, without the last break."""
        end = self.text.find("\n", max(span.start, span.stop - 1))
        return self.text[self.text.rfind("\n", 0, span.start) + 1 : len(self.text) if end < 0 else end]


def trim(text: str, span: Span) -> Span:
    """A span without the white space at its ends; as it is where it holds nothing else."""
    held = text[span.start : span.stop]
    if not held.strip():
        return span
    start = span.start + len(held) - len(held.lstrip())
    return Span(start, start + len(held.strip()))
