"""The texts of a row of a delimited file, and where they stand among its lines."""

from __future__ import annotations

from bisect import bisect_right

from cleaner.formats.shared.places import LineIndex, Place
from cleaner.formats.shared.records import Record
from cleaner.model import Span
from cleaner.text import seams


class RowTexts:
    """The texts of a row with their columns. `record.rest` has the names of the columns and the values of the row."""

    def __init__(self, record: Record, text: str) -> None:
        """Split a text.

        Args:
            record: the row.
            text: the one that is read of it: that of pages, where the row holds markup.
        """
        self._record = record
        self._texts = record.split(text)
        self._starts = seams.starts(text, record.seam) if record.seam else [0]

    def place(self, span: Span, last: int) -> Place:
        """Return the place of a span. `last`: the line on which the row ends."""
        names, row = self._record.rest
        index = bisect_right(self._starts, span.start) - 1
        column = names.index(self._record.paths[index]) if self._record.paths else row.index(self._record.text)
        first = last - sum(value.count("\n") for value in row[column:])
        if index in self._record.pages:
            return Place.of_line(first)
        start = self._starts[index]
        place = LineIndex(self._texts[index]).place(Span(span.start - start, span.stop - start))
        return Place(place.line + first - 1, place.column, place.end_line + first - 1, place.end_column)
