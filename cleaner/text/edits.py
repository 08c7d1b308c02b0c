"""Edits as values: make, apply, invert and compose them. Every change to a text goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.errors import EditError
from cleaner.model import Edit, Span


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after `edits`, which are sorted, lie inside the text and do not overlap; EditError otherwise."""
    pieces: list[str] = []
    at = 0
    for edit in edits:
        start, stop = edit.span.start, edit.span.stop
        if not at <= start <= stop <= len(text):
            raise EditError(f"edit {edit} overlaps another or reaches past the text ({len(text)} code points)")
        pieces += (text[at:start], edit.new)
        at = stop
    return "".join((*pieces, text[at:]))


def invert(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that turn `apply(text, edits)` back into `text`."""
    shift, back = 0, []
    for edit in edits:
        start = edit.span.start + shift
        back.append(Edit(Span(start, start + len(edit.new)), text[edit.span.start : edit.span.stop], edit.rule))
        shift += len(edit.new) - _length(edit)
    return tuple(back)


def between(old: str, new: str, rule: str) -> tuple[Edit, ...]:
    """Edits that turn `old` into `new`: one for each differing line, cut to the part that differs.

    Where the number of lines differs too, one edit spans all that lies between the first and the last difference.
    """
    if old == new:
        return ()
    if len(old) == len(new) and (spans := _aligned(old, new)) is not None:
        return tuple(Edit(Span(start, stop), new[start:stop], rule) for start, stop in spans)
    before, after = old.split("\n"), new.split("\n")
    if len(before) != len(after):
        return (_trimmed(0, old, new, rule),)
    edits, at = [], 0
    for left, right in zip(before, after, strict=True):
        if left != right:
            edits.append(_trimmed(at, left, right, rule))
        at += len(left) + 1
    return tuple(edits)


def between_all(pairs: Sequence[tuple[str, str]], rule: str) -> list[tuple[Edit, ...]]:
    """`between` for each of many pairs of an old and a new text, at less cost where both are of one length."""
    old, new = ("\n".join(texts) for texts in zip(*pairs, strict=True)) if pairs else ("", "")
    if any(len(before) != len(after) for before, after in pairs) or (spans := _aligned(old, new)) is None:
        return [between(before, after, rule) for before, after in pairs]
    made: list[list[Edit]] = [[] for _ in pairs]
    ends = list(accumulate(len(before) + 1 for before, _ in pairs))
    number = at = 0
    for start, stop in spans:
        while start >= ends[number]:
            at = ends[number]
            number += 1
        made[number].append(Edit(Span(start - at, stop - at), new[start:stop], rule))
    return [tuple(part) for part in made]


def _aligned(old: str, new: str) -> Iterable[tuple[int, int]] | None:
    """Where the lines of two texts of one length differ; None where their line breaks do."""
    import numpy as np

    left, right = (np.array([text]).view(np.uint32) for text in (old, new))
    places = (left != right).nonzero()[0]
    if (left[places] == _BREAK).any() or (right[places] == _BREAK).any():
        return None
    line = (left == _BREAK).nonzero()[0].searchsorted(places)
    turns = (line[1:] != line[:-1]).nonzero()[0]
    starts = (places[:1], places[turns + 1])
    stops = (places[turns] + 1, places[-1:] + 1)
    return zip(*(np.concatenate(part).tolist() for part in (starts, stops)), strict=True)


_BREAK = ord("\n")


def _trimmed(at: int, old: str, new: str, rule: str) -> Edit:
    limit = min(len(old), len(new))
    head = _common(old, new, limit)
    tail = _common(old[head:][::-1], new[head:][::-1], limit - head)
    return Edit(Span(at + head, at + len(old) - tail), new[head : len(new) - tail], rule)


def _common(left: str, right: str, limit: int) -> int:
    """Length of the common prefix, found by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def compose(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One list of edits with the effect of `first`, then `second`.

    Edits that touch in the text between the two lists melt into one, which names the rule of its last part.
    """
    shift, melted = 0, []
    for part in _touching(_placed(first, second)):
        grown = sum(len(p.edit.new) - _length(p.edit) for p in part if not p.late)
        melted.append(_melt(part, shift, grown))
        shift += grown
    return tuple(melted)


class _Placed(NamedTuple):
    """An edit with its range in the text between two lists of edits."""

    start: int
    stop: int
    late: bool
    edit: Edit


def _placed(first: Sequence[Edit], second: Sequence[Edit]) -> list[_Placed]:
    shift, placed = 0, []
    for edit in first:
        start = edit.span.start + shift
        placed.append(_Placed(start, start + len(edit.new), False, edit))
        shift += len(edit.new) - _length(edit)
    placed += [_Placed(edit.span.start, edit.span.stop, True, edit) for edit in second]
    return sorted(placed, key=lambda p: p[:3])


def _touching(placed: list[_Placed]) -> Iterator[list[_Placed]]:
    part: list[_Placed] = []
    stop = -1
    for item in placed:
        if part and item.start > stop:
            yield part
            part = []
        part.append(item)
        stop = max(stop, item.stop)
    if part:
        yield part


def _melt(part: list[_Placed], shift: int, grown: int) -> Edit:
    start, stop = part[0].start, max(p.stop for p in part)
    pieces: list[str] = []
    at = start
    for late in (p for p in part if p.late):
        pieces += (_kept(part, at, late.start), late.edit.new)
        at = late.stop
    pieces.append(_kept(part, at, stop))
    return Edit(Span(start - shift, stop - shift - grown), "".join(pieces), part[-1].edit.rule)


def _kept(part: list[_Placed], start: int, stop: int) -> str:
    """What the early edits of a part wrote between two positions."""
    early = (p for p in part if not p.late)
    return "".join(p.edit.new[max(start - p.start, 0) : max(stop - p.start, 0)] for p in early)


def _length(edit: Edit) -> int:
    return edit.span.stop - edit.span.start


def position_before(edits: Sequence[Edit], position: int) -> int:
    """Where a position of the text after `edits` stood in the text before; inside new text: where that begins."""
    shift = 0
    for edit in edits:
        start = edit.span.start + shift
        if position < start:
            break
        if position < start + len(edit.new):
            return edit.span.start
        shift += len(edit.new) - _length(edit)
    return position - shift
