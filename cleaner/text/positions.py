"""Spans of a changed text in the original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from cleaner.model import Edit, Pass, Span
from cleaner.text import edits

_LARGEST_COMPARISON = 1_000_000
"""Characters of an old and a new text, multiplied, that are compared one by one."""


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


class PositionMap:
    """Maps positions of a text to where they stand after passes that changed it."""

    def __init__(self, text: str, passes: Sequence[Pass]) -> None:
        self._maps: list[_ForwardPassMap] = []
        for edit_pass in passes:
            self._maps.append(_ForwardPassMap(text, edit_pass))
            text = edits.apply(text, edit_pass)

    def to_result(self, positions: Iterable[int]) -> list[int]:
        """Return where positions stand; inside what was replaced, at the character that took the place."""
        places = list(positions)
        for pass_map in self._maps:
            places = list(map(pass_map.to_result, places))
        return places


class _ForwardPassMap:
    """One pass over a text. `_starts`: of its edits; `_shifts`: how far the text before each moved."""

    def __init__(self, text: str, edit_pass: Pass) -> None:
        self._text, self._pass, shift = text, edit_pass, 0
        self._starts = [edit.span.start for edit in edit_pass]
        self._shifts = [0]
        self._alignments: dict[int, list[tuple[int, int]]] = {}
        for edit in edit_pass:
            shift += len(edit.new) - (edit.span.stop - edit.span.start)
            self._shifts.append(shift)

    def to_result(self, position: int) -> int:
        index = bisect_left(self._starts, position) - 1
        if index >= 0 and position < self._pass[index].span.stop:
            edit = self._pass[index]
            return edit.span.start + self._shifts[index] + self._offset(index, edit, position - edit.span.start)
        return position + self._shifts[index + 1]

    def _offset(self, index: int, edit: Edit, offset: int) -> int:
        """Return where in the new text of an edit a position within the old one stands."""
        size = edit.span.stop - edit.span.start
        if size == len(edit.new):
            return offset
        if index not in self._alignments:
            self._alignments[index] = _align(self._text[edit.span.start : edit.span.stop], edit.new)
        alignment = self._alignments[index]
        old, new = alignment[bisect_right(alignment, (offset, len(edit.new))) - 1]
        following = next((after for before, after in alignment if before > offset), len(edit.new))
        return min(new + offset - old, following)


def _align(old: str, new: str) -> list[tuple[int, int]]:
    """Return where stretches that two texts share, and those between, begin in both."""
    if len(old) * len(new) > _LARGEST_COMPARISON:
        return [(0, 0)]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    edges = {(block.a, block.b) for block in blocks} | {
        (block.a + block.size, block.b + block.size) for block in blocks
    }
    return sorted({(0, 0), *edges})


def trim(text: str, span: Span) -> Span:
    """Cut off the white space at the ends of a span, unless it holds nothing else."""
    segment = text[span.start : span.stop]
    if not segment.strip():
        return span
    start = span.start + len(segment) - len(segment.lstrip())
    return Span(start, start + len(segment.strip()))
