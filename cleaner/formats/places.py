"""Places in files: lines and columns of spans."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from msgspec import Struct

from cleaner.model import Span


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
