"""Which rules changed a place of the original text, whatever pass they did it in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaner.model import Edit, Pass
from cleaner.text import edits


class RulesByPlace:
    """The rules of all edits of a document, by where each begins in the original text."""

    def __init__(self, text: str, passes: Sequence[Pass]) -> None:
        places = sorted(_list_places(text, passes))
        self._positions = [position for position, *_ in places]
        self._rules = [(-edit_pass, rule) for _, edit_pass, rule in places]

    def of(self, edit: Edit) -> tuple[str, ...]:
        """Return the rules that had a part in an edit of the original, or in a part of one, the last pass first."""
        first = bisect_left(self._positions, edit.span.start)
        last = bisect_left(self._positions, max(edit.span.stop, edit.span.start + 1))
        rules = [rule for _, rule in sorted(self._rules[first:last])] or [edit.rule]
        return tuple(dict.fromkeys(rule for rule in rules if rule))


def _list_places(text: str, passes: Sequence[Pass]) -> Iterator[tuple[int, int, str]]:
    for number, edit_pass in enumerate(passes):
        positions = [_first_ink(text, edit) for edit in edit_pass]
        for earlier in reversed(passes[:number]):
            positions = _positions_before(earlier, positions)
        yield from ((place, number, edit.rule) for place, edit in zip(positions, edit_pass, strict=True))
        text = edits.apply(text, edit_pass)


def _first_ink(text: str, edit: Edit) -> int:
    """Return where an edit begins, white space that it removes aside."""
    old = text[edit.span.start : edit.span.stop]
    return edit.span.start + (len(old) - len(old.lstrip()) if old.strip() else 0)


def _positions_before(edit_pass: Pass, positions: Sequence[int]) -> list[int]:
    """Map ascending positions of the text after a pass to the text before, all at once."""
    before: list[int] = []
    number = shift = 0
    for position in positions:
        while number < len(edit_pass) and position >= edit_pass[number].span.start + shift + len(edit_pass[number].new):
            shift += len(edit_pass[number].new) - (edit_pass[number].span.stop - edit_pass[number].span.start)
            number += 1
        is_inside = number < len(edit_pass) and position >= edit_pass[number].span.start + shift
        before.append(edit_pass[number].span.start if is_inside else position - shift)
    return before
