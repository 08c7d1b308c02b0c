"""Tables of content in Markdown: a line a row, the head first."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleaner.formats.structure import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.formats.structure.inline import LineContext
    from cleaner.formats.structure.page import InlineRun
    from cleaner.formats.structure.writer import EditWriter

_BAR, _LINE_BREAK, _RULE = "|", "<br>", " --- |"


class CellLine(NamedTuple):
    """A line of a cell, `start` to `stop` in the text, with its row, its column and its runs."""

    row: int
    column: int
    start: int
    stop: int
    runs: Sequence[InlineRun]


def write(writer: EditWriter, lines: Sequence[CellLine], line_break: str, context: LineContext) -> None:
    """Write the rows of a table, all as wide as the widest. The first is the head, as no table is without one."""
    width = max(line.column for line in lines) + 1
    context = context._replace(in_table=True)
    for count, (_, row) in enumerate(groupby(lines, key=lambda line: line.row)):
        if count:
            writer.insert(line_break)
        _write_row(writer, list(row), width, context)
        if not count:
            writer.insert(f"{line_break}{_BAR}{_RULE * width}")


def _write_row(writer: EditWriter, lines: Sequence[CellLine], width: int, context: LineContext) -> None:
    writer.insert(f"{_BAR} " * (lines[0].column + 1))
    for line, following in pairwise((*lines, None)):
        if line is None:
            continue
        strings = inline.mark(writer.text, line.start, line.stop, line.runs, context).strings()
        writer.copy(line.start, line.stop, strings)
        if following and following.column == line.column:
            writer.insert(_LINE_BREAK)
        elif following:
            writer.insert(f" {_BAR}" * (following.column - line.column) + " ")
        else:
            writer.insert(f" {_BAR}" * (width - line.column))
