"""Edits of texts: make, apply, invert and compose them. Every change to a text goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.errors import EditError
from cleaner.model import Edit, Span
from cleaner.text import codepoints
from cleaner.text.codepoints import LINE_FEED


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Apply edits to a text.

    Args:
        edits: sorted; they lie inside the text and do not overlap.

    Raises:
        EditError: otherwise.
    """
    parts: list[str] = []
    position = 0
    for edit in edits:
        start, stop = edit.span.start, edit.span.stop
        if not position <= start <= stop <= len(text):
            raise EditError(f"edit {edit} overlaps another or reaches past the text ({len(text)} code points)")
        parts += (text[position:start], edit.new)
        position = stop
    return "".join((*parts, text[position:]))


def invert(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits that turn `apply(text, edits)` back into `text`."""
    shift, inverse = 0, []
    for edit in edits:
        start = edit.span.start + shift
        inverse.append(Edit(Span(start, start + len(edit.new)), text[edit.span.start : edit.span.stop], edit.rule))
        shift += _growth(edit)
    return tuple(inverse)


def diff(old: str, new: str, rule: str) -> tuple[Edit, ...]:
    """Return edits that turn one text into another: one for each differing line, cut to the part that differs.

    Where the number of lines differs too, one edit spans all that lies between the first and the last difference.
    """
    if old == new:
        return ()
    if len(old) == len(new) and (spans := _diff_aligned(old, new)) is not None:
        return tuple(Edit(Span(start, stop), new[start:stop], rule) for start, stop in spans)
    old_lines, new_lines = old.split("\n"), new.split("\n")
    if len(old_lines) != len(new_lines):
        return (_diff_once(0, old, new, rule),)
    edits, offset = [], 0
    for left, right in zip(old_lines, new_lines, strict=True):
        if left != right:
            edits.append(_diff_once(offset, left, right, rule))
        offset += len(left) + 1
    return tuple(edits)


def diff_batch(pairs: Sequence[tuple[str, str]], rule: str) -> list[tuple[Edit, ...]]:
    """Diff each of many pairs of an old and a new text, at less cost where both are of one length."""
    old, new = ("\n".join(texts) for texts in zip(*pairs, strict=True)) if pairs else ("", "")
    if any(len(before) != len(after) for before, after in pairs) or (spans := _diff_aligned(old, new)) is None:
        return [diff(before, after, rule) for before, after in pairs]
    edits: list[list[Edit]] = [[] for _ in pairs]
    ends = list(accumulate(len(before) + 1 for before, _ in pairs))
    index = offset = 0
    for start, stop in spans:
        while start >= ends[index]:
            offset = ends[index]
            index += 1
        edits[index].append(Edit(Span(start - offset, stop - offset), new[start:stop], rule))
    return list(map(tuple, edits))


def _diff_aligned(old: str, new: str) -> Iterable[tuple[int, int]] | None:
    """Find the differing part of each line of two texts of one length; None where their line breaks differ."""
    import numpy as np

    left, right = codepoints.from_text(old), codepoints.from_text(new)
    positions = (left != right).nonzero()[0]
    if (left[positions] == LINE_FEED).any() or (right[positions] == LINE_FEED).any():
        return None
    line = (left == LINE_FEED).nonzero()[0].searchsorted(positions)
    turns = (line[1:] != line[:-1]).nonzero()[0]
    starts = (positions[:1], positions[turns + 1])
    stops = (positions[turns] + 1, positions[-1:] + 1)
    return zip(*(np.concatenate(part).tolist() for part in (starts, stops)), strict=True)


def _diff_once(offset: int, old: str, new: str, rule: str) -> Edit:
    """Return one edit without the parts that both texts begin and end with."""
    limit = min(len(old), len(new))
    head = _common(old, new, limit)
    tail = _common(old[head:][::-1], new[head:][::-1], limit - head)
    return Edit(Span(offset + head, offset + len(old) - tail), new[head : len(new) - tail], rule)


def _common(left: str, right: str, limit: int) -> int:
    """Return the length of the common prefix, found by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def compose(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return one list of edits with the effect of `first`, then `second`.

    Edits that touch in the text between the two lists melt into one, which names the rule of its last member.
    """
    shift, edits = 0, []
    for group in _group_touching(_place(first, second)):
        growth = sum(_growth(member.edit) for member in group if not member.is_second)
        edits.append(_merge(group, shift, growth))
        shift += growth
    return tuple(edits)


class _Placement(NamedTuple):
    """An edit with its range in the text between two lists of edits."""

    start: int
    stop: int
    is_second: bool
    edit: Edit


def _place(first: Sequence[Edit], second: Sequence[Edit]) -> list[_Placement]:
    shift, placements = 0, []
    for edit in first:
        start = edit.span.start + shift
        placements.append(_Placement(start, start + len(edit.new), False, edit))
        shift += _growth(edit)
    placements += [_Placement(edit.span.start, edit.span.stop, True, edit) for edit in second]
    return sorted(placements, key=lambda placement: placement[:3])


def _group_touching(placements: list[_Placement]) -> Iterator[list[_Placement]]:
    group: list[_Placement] = []
    stop = -1
    for placement in placements:
        if group and placement.start > stop:
            yield group
            group = []
        group.append(placement)
        stop = max(stop, placement.stop)
    if group:
        yield group


def _merge(group: list[_Placement], shift: int, growth: int) -> Edit:
    start, stop = group[0].start, max(member.stop for member in group)
    parts: list[str] = []
    position = start
    for second in (member for member in group if member.is_second):
        parts += (_new_text(group, position, second.start), second.edit.new)
        position = second.stop
    parts.append(_new_text(group, position, stop))
    return Edit(Span(start - shift, stop - shift - growth), "".join(parts), group[-1].edit.rule)


def _new_text(group: list[_Placement], start: int, stop: int) -> str:
    """Return the text that the first edits of a group wrote between two positions."""
    return "".join(
        member.edit.new[max(start - member.start, 0) : max(stop - member.start, 0)]
        for member in group
        if not member.is_second
    )


def _growth(edit: Edit) -> int:
    """Return by how much an edit makes its text longer."""
    return len(edit.new) - (edit.span.stop - edit.span.start)


def position_before(edits: Sequence[Edit], position: int) -> int:
    """Map a position of the text after edits to the text before; inside new text: to where that begins."""
    shift = 0
    for edit in edits:
        start = edit.span.start + shift
        if position < start:
            break
        if position < start + len(edit.new):
            return edit.span.start
        shift += _growth(edit)
    return position - shift
