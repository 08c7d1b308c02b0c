"""A span of a sample as a place in its file."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

from cleaner.check.html_positions import Markup
from cleaner.check.positions import LineIndex, Place
from cleaner.check.samples import Sample, format_of, markup
from cleaner.formats import delimited, jsonl, streams
from cleaner.model import Span


class Placing:
    """The places of one sample."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._lines = LineIndex(sample.text)
        self._page: tuple[LineIndex, list[Span]] | None = None

    def place(self, span: Span) -> tuple[Place, tuple[int, int] | None]:
        """The place in the file, and line and column within the text of a record."""
        record, inner = self._sample.read.record, self._lines.place(span)
        if record.kind == "html":
            return (_at(record.line) if record.line else self._in_markup(inner)), None
        if not record.line:
            return inner, None
        within = inner.line, inner.column
        if format_of(self._sample.path) is jsonl.FORMAT:
            column = len(record.data[: record.rest[0]].decode("utf-8", "replace")) + 1
            return Place(record.line, column, record.line, column), within
        if format_of(self._sample.path) is delimited.FORMAT:
            return self._in_row(inner), within
        return _at(record.line), within

    def _in_markup(self, inner: Place) -> Place:
        if self._page is None:
            source = markup(self._sample.read)
            self._page = LineIndex(source), Markup(source).spans(self._sample.text)
        lines, spans = self._page
        first, last = spans[inner.line - 1], spans[inner.end_line - 1]
        return lines.place(Span(first.start, max(first.stop, last.stop)))

    def _in_row(self, inner: Place) -> Place:
        """CSV: the line of the file; columns are those of the text, where it does not begin the line."""
        _, row = self._sample.read.record.rest
        breaks = _breaks(self._sample.path, self._sample.path.stat().st_mtime_ns)
        last = bisect_left(breaks, self._sample.read.record.offset) + 1
        at = row.index(self._sample.text)
        first = last - sum(value.count("\n") for value in row[at:])
        return Place(first + inner.line - 1, inner.column, first + inner.end_line - 1, inner.end_column)


def _at(line: int) -> Place:
    return Place(line, 1, line, 1)


@lru_cache(maxsize=1)
def _breaks(path: Path, changed: int) -> list[int]:
    """Where the line breaks of a decompressed file stand, in bytes."""
    found, at = [], 0
    with streams.open_stream(path) as stream:
        for line in stream.file:
            at += len(line)
            found.append(at - 1)
    return found
