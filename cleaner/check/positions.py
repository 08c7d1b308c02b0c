"""Where things stand: spans carried back through passes to the original, and spans as lines and columns."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from cleaner.model import Pass, Span


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


def trim(text: str, span: Span) -> Span:
    """A span without the white space at its ends; as it is where it holds nothing else."""
    held = text[span.start : span.stop]
    if not held.strip():
        return span
    start = span.start + len(held) - len(held.lstrip())
    return Span(start, start + len(held.strip()))
