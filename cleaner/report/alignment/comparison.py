"""Two texts compared: lines first, then the characters of lines that differ."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate

from cleaner.model import Edit, Span
from cleaner.report.alignment.rows import AlignedRow, list_rows
from cleaner.text import edits

MOST_CHARACTERS = 4000
"""Characters of differing lines, up to which these are compared one by one: it takes time with the square."""
MOST_LINES = 5000
"""Lines of both texts, up to which these are compared one by one, for the same reason."""
LEAST_RATIO = 0.3
"""The least similarity of lines that are shown as changed rather than as removed and new."""


def compare_texts(before: str, after: str, budget: int) -> list[AlignedRow]:
    """List rows of two texts side by side, as many as `budget` bytes of a page hold."""
    return list_rows(before, [tuple(diff_texts(before, after))], budget)


def diff_texts(before: str, after: str) -> Iterator[Edit]:
    """Yield edits that turn one text into another, of whole lines or of characters in lines that are alike."""
    old_lines, new_lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, old_lines))]
    if len(old_lines) + len(new_lines) > MOST_LINES:
        yield from edits.diff(before, after, "")
        return
    matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            old, new = "".join(old_lines[first:last]), "".join(new_lines[new_first:new_last])
            yield from _diff_lines(starts[first], old, new)


def _diff_lines(offset: int, old: str, new: str) -> Iterator[Edit]:
    if not old or not new or len(old) + len(new) > MOST_CHARACTERS:
        yield Edit(Span(offset, offset + len(old)), new, "")
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_RATIO:
        yield Edit(Span(offset, offset + len(old)), new, "")
        return
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(Span(offset + start, offset + stop), new[new_start:new_stop], "")
