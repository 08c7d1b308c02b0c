"""What stands between blocks of Markdown and before their lines: blank lines, marks of quotes and items."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.formats.structure.layout import Container, Placement

_QUOTE = "> "
_BULLETS, _ENDS = "-*", ".)"
"""Marks of items: the second of each for a list that follows another of its kind, of which it would be a part."""
_FIRST_NUMBERS = (-1, 1)
"""Numbers of items that can follow the text of another without a blank line (CommonMark 5.2)."""


class BlockSequence:
    """The blocks of a page, one after the other."""

    def __init__(self) -> None:
        self._previous: Placement | None = None
        self._marks: dict[int, str] = {}  # of items by element
        self._styles: dict[int, int] = {}  # of lists by element: which of their marks they have

    def open(self, placement: Placement) -> str:
        """Return what stands between the block before and the content of one that begins."""
        previous, self._previous = self._previous, placement
        depth_shared = _count_shared(previous.containers, placement.containers) if previous else 0
        for depth, container in enumerate(placement.containers[depth_shared:], depth_shared):
            if container.is_item:
                self._choose_mark(container, previous.containers[depth:] if previous else ())
        opener = "".join(
            _QUOTE if not one.is_item else self._marks[one.element] for one in placement.containers[depth_shared:]
        )
        around = self._prefix(placement.containers[:depth_shared])
        if not previous:
            return opener
        blank = "" if _is_tight(previous, placement, depth_shared) else f"\n{around.rstrip()}"
        return f"{blank}\n{around}{opener}"

    @property
    def line_break(self) -> str:
        """What ends a line of the block and begins its next."""
        return f"\n{self._prefix(self._previous.containers if self._previous else ())}"

    @property
    def blank_line(self) -> str:
        """What ends a line and leaves the next one blank."""
        return self.line_break.rstrip(" ")

    def _prefix(self, containers: Sequence[Container]) -> str:
        """Return what lines begin with within containers that are open."""
        return "".join(" " * len(self._marks[one.element]) if one.is_item else _QUOTE for one in containers)

    def _choose_mark(self, container: Container, before: Sequence[Container]) -> None:
        """Choose the mark of an item; `before`: what was open in its place."""
        of_list = container.list_element
        if of_list not in self._styles:
            previous = before[0] if before and before[0].is_item else None
            is_alike = previous is not None and (previous.number < 0) == (container.number < 0)
            self._styles[of_list] = 1 - self._styles[previous.list_element] if previous and is_alike else 0
        style = self._styles[of_list]
        number = container.number
        self._marks[container.element] = f"{_BULLETS[style]} " if number < 0 else f"{number}{_ENDS[style]} "


def _count_shared(left: Sequence[Container], right: Sequence[Container]) -> int:
    """Count the containers that two lines share, from outside."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one.element != other.element:
            break
        count += 1
    return count


def _is_tight(previous: Placement, placement: Placement, depth_shared: int) -> bool:
    """Whether a block follows without a blank line: an item after another of its list, or within one after its text."""
    inner = placement.containers[depth_shared:]
    if not inner or not inner[0].is_item or previous.kind == "row":
        return False
    if before := previous.containers[depth_shared:]:
        return before[0].list_element == inner[0].list_element
    return depth_shared > 0 and previous.kind == "paragraph" and inner[0].number in _FIRST_NUMBERS
