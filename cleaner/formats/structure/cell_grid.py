"""The columns of a table's cells, which reach over several columns and rows."""

from __future__ import annotations

_WIDEST_SPAN = 64
"""Columns or rows that a cell can reach over."""


class CellGrid:
    """The cells of a table as they are laid out, row by row."""

    def __init__(self) -> None:
        self._row, self._column = -1, 0
        self._reached_columns: dict[int, set[int]] = {}

    def open_row(self) -> None:
        """Begin a row."""
        self._reached_columns.pop(self._row, None)
        self._row, self._column = self._row + 1, 0

    def place_cell(self, columns: int, rows: int) -> int:
        """Place a cell that reaches over some columns and rows in the first free column; return that."""
        reached_columns = self._reached_columns.get(self._row, ())
        while self._column in reached_columns:
            self._column += 1
        column, width = self._column, min(max(columns, 1), _WIDEST_SPAN)
        for row in range(self._row + 1, self._row + min(rows, _WIDEST_SPAN)):
            self._reached_columns.setdefault(row, set()).update(range(column, column + width))
        self._column += width
        return column
