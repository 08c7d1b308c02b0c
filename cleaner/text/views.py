"""Views: texts as cleaning sees them, without their islands, and how edits of a view become edits of the text.

In a view, whole `lines` are one blank line, a `heading` is seen as it is, a `word` is one mark, and a `mark` is not
seen. An edit of the view is an edit of the text if it goes around the islands: removals of whole lines leave out
`lines` and take `mark`s with them. An edit that would touch a `word`, or that lies across an island, is a conflict.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from cleaner.errors import EditError
from cleaner.model import Edit, Island, IslandKind, Pass, Span
from cleaner.text import edits

MARKS = "\u2301\u2311\u2312\u2313\u2314\u2316\u2317\u2319"
"""Technical symbols, one of which stands for a word: no normalizing step and no rule knows them."""
LONGEST_ALIGNMENT = 2_000
"""Characters of an edit across islands that are compared one by one, at most."""


_OF_LINES: tuple[IslandKind, ...] = ("lines", "heading")
_NO_EDIT = Edit(Span(-1, -1), "", "")


class ConflictError(EditError):
    """Edits that cannot be made without changing islands, which have these numbers."""

    def __init__(self, islands: frozenset[int]) -> None:
        super().__init__(f"edits across {len(islands)} islands")
        self.islands = islands


class _Place(NamedTuple):
    """An island in a view: its number, its kind, the position and width there, and its size in the text."""

    number: int
    kind: IslandKind
    start: int
    width: int
    size: int

    @property
    def stop(self) -> int:
        """The end in the view."""
        return self.start + self.width

    def holds(self, edit: Edit) -> bool:
        """Whether an edit lies in the island."""
        start, stop = edit.span.start, edit.span.stop
        return self.start <= start and stop <= self.stop and (start < stop or self.start < start < self.stop)


class View:
    """A text as cleaning sees it.

    Attributes:
        text: without the islands.
        places: the islands, in order.
    """

    def __init__(self, text: str, places: Sequence[_Place]) -> None:
        self.text, self.places = text, tuple(places)
        self._starts = [place.start for place in places]
        self._growths = [0, *accumulate(place.size - place.width for place in places)]

    def full(self, position: int, *, behind: Sequence[IslandKind] = ()) -> int:
        """Return where a position stands in the text: before islands that are not seen there, or behind some kinds."""
        count = bisect_left(self._starts, position)
        while count < len(self.places) and self._starts[count] == position:
            place = self.places[count]
            if place.width or place.kind not in behind:
                break
            count += 1
        return position + self._growths[count]

    def full_span(self, span: Span) -> Span:
        """Return where a span stands in the text, without islands around it; the whole for the whole."""
        if (span.start, span.stop) == (0, len(self.text)):
            return Span(0, len(self.text) + self._growths[-1])
        start = max(0, self.full(span.start, behind=_OF_LINES))
        return Span(start, max(start, self.full(span.stop)))

    def lift(self, view_pass: Pass) -> tuple[Pass, View]:
        """Return a pass over the view as one over the text, and the view that it leaves.

        Raises:
            ConflictError: the pass would change islands; it names all of them.
        """
        split_edits: list[Edit] = []
        lifted: list[Edit] = []
        conflicts: set[int] = set()
        for edit in view_pass:
            try:
                parts = list(self._split(edit))
                lifted += [lifted_part for part in parts for lifted_part in self._lift(part)]
                split_edits += parts
            except ConflictError as conflict:
                conflicts |= conflict.islands
        if conflicts:
            raise ConflictError(frozenset(conflicts))
        return tuple(lifted), View(edits.apply(self.text, view_pass), list(self._move(split_edits)))

    def _split(self, edit: Edit) -> Iterator[Edit]:
        """Cut what an edit leaves as it is out of it, where islands lie inside."""
        if not self._inside(edit) or self._takes_lines(edit):
            yield edit
            return
        old = self.text[edit.span.start : edit.span.stop]
        for begin, end, new in _changes(old, edit.new):
            part = Edit(Span(edit.span.start + begin, edit.span.start + end), new, edit.rule)
            if (conflicts := self._inside(part)) and not self._takes_lines(part):
                raise ConflictError(frozenset(place.number for place in conflicts))
            yield part

    def _takes_lines(self, edit: Edit) -> bool:
        """Whether an edit removes whole lines and nothing else."""
        start, stop = edit.span.start, edit.span.stop
        begins, ends = not start or self.text[start - 1] == "\n", stop == len(self.text)
        return not edit.new and begins and (ends or self.text[stop - 1] == "\n")

    def _inside(self, edit: Edit) -> list[_Place]:
        """Return the islands that an edit reaches into or across, but for a heading that it lies in."""
        start = edit.span.start
        places = [place for place in self._within(edit) if start < max(place.start, place.stop)]
        return [place for place in places if place.kind != "heading" or not place.holds(edit)]

    def _within(self, edit: Edit) -> Sequence[_Place]:
        """Return the islands that begin before the end of an edit and do not end before its begin."""
        first = bisect_left(self._starts, edit.span.start)
        first -= bool(first and self.places[first - 1].stop > edit.span.start)
        return self.places[first : bisect_left(self._starts, edit.span.stop)]

    def _lift(self, edit: Edit) -> Iterator[Edit]:
        start, stop = edit.span.start, edit.span.stop
        places = self._within(edit)
        if any(place.holds(edit) for place in places if place.kind == "heading"):
            return
        if not self._takes_lines(edit):
            self._refuse_glue(edit)
            begin = self.full(start, behind=("lines", "heading", "word", "mark"))
            yield Edit(Span(begin, max(begin, self.full(stop))), edit.new, edit.rule)
            return
        if words := [place for place in places if place.kind == "word"]:
            raise ConflictError(frozenset(place.number for place in words))
        begin = self.full(start)
        for index, place in enumerate(places, bisect_left(self._starts, start)):
            if place.kind in _OF_LINES:
                end = place.start + self._growths[index]
                if begin < end:
                    yield Edit(Span(begin, end), "", edit.rule)
                begin = end + place.size
        if begin < (end := self.full(stop)):
            yield Edit(Span(begin, end), "", edit.rule)

    def _refuse_glue(self, edit: Edit) -> None:
        """Raise ConflictError where whole lines would no longer begin a line."""
        if edit.new.endswith("\n") or not (edit.new or self.text[: edit.span.stop].endswith("\n")):
            return
        first = bisect_left(self._starts, edit.span.stop)
        below = [place for place in self.places[first : first + 1] if place.start == edit.span.stop]
        if any(place.kind in _OF_LINES for place in below):
            raise ConflictError(frozenset(place.number for place in below))

    def _move(self, view_edits: Sequence[Edit]) -> Iterator[_Place]:
        """Yield the islands where edits leave them."""
        shift, index = 0, 0
        for place in self.places:
            while index < len(view_edits) and _is_before(view_edits[index], place):
                shift += _growth(view_edits[index])
                index += 1
            edit = view_edits[index] if index < len(view_edits) else _NO_EDIT
            if edit.span.start <= place.start < edit.span.stop and self._takes_lines(edit):
                if place.kind in _OF_LINES:
                    yield place._replace(start=edit.span.start + shift, width=0)
                continue
            inner = takewhile(place.holds, islice(view_edits, index, None))
            width = place.width + sum(map(_growth, inner)) if place.kind == "heading" else place.width
            yield place._replace(start=place.start + shift, width=width)


def _is_before(edit: Edit, place: _Place) -> bool:
    if edit.span.stop != place.start:
        return edit.span.stop < place.start
    return edit.span.start < edit.span.stop or bool(place.width)


def _growth(edit: Edit) -> int:
    return len(edit.new) - (edit.span.stop - edit.span.start)


def see(text: str, islands: Sequence[Island]) -> View:
    """Return the view of a text around sorted islands, each apart from the others."""
    mark = next((mark for mark in MARKS if mark not in text), "") if islands else ""
    parts: list[str] = []
    places: list[_Place] = []
    position = start = 0
    for number, island in enumerate(islands):
        span = island.span
        before = text[position : span.start]
        shown = {"lines": "\n", "heading": text[span.start : span.stop], "word": mark, "mark": ""}[island.kind]
        start += len(before)
        places.append(_Place(number, island.kind, start, len(shown), span.stop - span.start))
        parts += (before, shown)
        start, position = start + len(shown), span.stop
    return View("".join((*parts, text[position:])), places)


def _changes(old: str, new: str) -> Iterable[tuple[int, int, str]]:
    """Yield what differs between two texts: begin and end in the old one, and the new text."""
    if len(old) == len(new):
        return ((i, i + 1, right) for i, (left, right) in enumerate(zip(old, new, strict=True)) if left != right)
    if max(len(old), len(new)) > LONGEST_ALIGNMENT:
        return ((0, len(old), new),)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return ((begin, end, new[first:last]) for code, begin, end, first, last in codes if code != "equal")
