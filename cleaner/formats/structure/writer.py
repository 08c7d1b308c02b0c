"""Edits that make one text of another, written from its beginning to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.model import Edit, Span
from cleaner.packs.builtin import MARKDOWN

if TYPE_CHECKING:
    from collections.abc import Mapping


class EditWriter:
    """A range of a text that is written anew: what is not copied is replaced by what is inserted there.

    `edits`: those made so far, by which the text becomes what was written.
    """

    def __init__(self, text: str, span: Span) -> None:
        self.text, self.edits = text, list[Edit]()
        self._position, self._stop = span.start, span.stop
        self._pending = ""

    def insert(self, string: str) -> None:
        """Write a string that the text does not hold."""
        self._pending += string

    def copy(self, start: int, stop: int, insertions: Mapping[int, str]) -> None:
        """Write a range of the text, with insertions at some of its positions."""
        self._pending += insertions.get(start, "")
        self._replace_up_to(start)
        for place in sorted(place for place in insertions if start < place < stop):
            self._position, self._pending = place, insertions[place]
            self._replace_up_to(place)
        self._position, self._pending = stop, insertions.get(stop, "")

    def close(self) -> None:
        """Write what was inserted last; a line break at the end of the range stays."""
        has_break = self._position < self._stop and self.text[self._stop - 1] == "\n"
        self._replace_up_to(self._stop - has_break)

    def _replace_up_to(self, stop: int) -> None:
        if self._pending != self.text[self._position : stop]:
            self.edits.append(Edit(Span(self._position, stop), self._pending, MARKDOWN))
        self._position, self._pending = stop, ""
