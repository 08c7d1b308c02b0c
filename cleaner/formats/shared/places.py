"""Places in files: lines and columns of spans, and the lines of a page in its markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from html import unescape

from msgspec import Struct

from cleaner.model import Span

_INVISIBLE = re.compile(
    r"<(script|style|head|noscript|template|textarea|select|svg)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);?")


class Place(Struct, frozen=True, order=True):
    """A range in a file. Lines and columns count from 1, columns in code points; `end_column` is one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int

    @staticmethod
    def of_line(line: int) -> Place:
        """Return the beginning of a line, or of a row or record that is counted as one."""
        return Place(line, 1, line, 1)


class LineIndex:
    """A text with the positions of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """Position of each line's first character."""
        starts = [0]
        while (stop := self.text.find("\n", starts[-1])) >= 0:
            starts.append(stop + 1)
        return starts

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Return line and column of a position, from 1."""
        line = bisect_right(self.starts, position)
        return line, position - self.starts[line - 1] + 1

    def place(self, span: Span) -> Place:
        """Return lines and columns of a span."""
        return Place(*self.line_and_column(span.start), *self.line_and_column(span.stop))

    def lines_of(self, span: Span) -> str:
        """Return the lines that a span touches, without the last break."""
        end = self.text.find("\n", max(span.start, span.stop - 1))
        return self.text[self.text.rfind("\n", 0, span.start) + 1 : len(self.text) if end < 0 else end]


class VisibleText:
    """The characters of a page that show, white space aside, with the position of each in the markup."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._positions: list[int] = []
        self._strings: list[str] = []
        start = 0
        for invisible in _INVISIBLE.finditer(markup):
            self._add(start, invisible.start())
            start = invisible.end()
        self._add(start, len(markup))
        self._text = "".join(self._strings)

    def _add(self, start: int, stop: int) -> None:
        for entity in _ENTITY.finditer(self._markup, start, stop):
            self._add_plain(start, entity.start())
            characters = "".join(unescape(entity[0]).split())
            self._strings.append(characters)
            self._positions += [entity.start()] * len(characters)
            start = entity.end()
        self._add_plain(start, stop)

    def _add_plain(self, start: int, stop: int) -> None:
        for position in range(start, stop):
            if not self._markup[position].isspace():
                self._strings.append(self._markup[position])
                self._positions.append(position)

    def line_spans(self, text: str) -> list[Span]:
        """Find each line of a page's text in the markup; a line that is not found is put behind the last."""
        spans, stop = [], 0
        for line in text.split("\n"):
            characters = "".join(line.split())
            start = self._text.find(characters, stop) if characters else -1
            if start >= 0:
                stop = start + len(characters)
                spans.append(Span(self._positions[start], self._positions[stop - 1] + 1))
            else:
                position = self._positions[stop - 1] if stop else 0
                spans.append(Span(position, position))
        return spans
