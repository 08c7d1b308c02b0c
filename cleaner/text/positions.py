"""Spans of a changed text in the original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from cleaner.model import Pass, Span


class SpanMap:
    """Maps spans of a text that passes changed to the original."""

    def __init__(self, passes: Sequence[Pass]) -> None:
        self._maps = [_PassMap(edit_pass) for edit_pass in passes]

    def to_original(self, span: Span, passes: int | None = None) -> Span:
        """Return where a span of the text that the first `passes` left (None: all of them) stood in the original."""
        for pass_map in reversed(self._maps[:passes]):
            span = pass_map.to_original(span)
        return span


class _PassMap:
    """One pass. `_begins`: where each edit's new text begins; `_shifts`: how far the text behind it moved."""

    def __init__(self, edit_pass: Pass) -> None:
        self._pass, shift = edit_pass, 0
        self._begins: list[int] = []
        self._shifts = [0]
        for edit in edit_pass:
            self._begins.append(edit.span.start + shift)
            shift += len(edit.new) - (edit.span.stop - edit.span.start)
            self._shifts.append(shift)

    def to_original(self, span: Span) -> Span:
        start = self._start(span.start)
        return Span(start, max(start, self._stop(span.stop)) if span.stop > span.start else start)

    def _start(self, position: int) -> int:
        """Map to behind what was removed there; inside new text, to where the old began."""
        index = bisect_right(self._begins, position)
        if index and position < self._begins[index - 1] + len(self._pass[index - 1].new):
            return self._pass[index - 1].span.start
        return position - self._shifts[index]

    def _stop(self, position: int) -> int:
        """Map to in front of what was removed there; inside new text, to where the old ended."""
        index = bisect_left(self._begins, position)
        if index and position <= self._begins[index - 1] + len(self._pass[index - 1].new):
            return self._pass[index - 1].span.stop
        return position - self._shifts[index]


def trim(text: str, span: Span) -> Span:
    """Cut off the white space at the ends of a span, unless it holds nothing else."""
    segment = text[span.start : span.stop]
    if not segment.strip():
        return span
    start = span.start + len(segment) - len(segment.lstrip())
    return Span(start, start + len(segment.strip()))
