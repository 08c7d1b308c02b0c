"""Rows of tables as bytes: quoted as their file does it, cells that spreadsheets would run made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Literal

Quoting = Literal[0, 1, 2]
"""How the csv module names quotes where they are needed, everywhere, and everywhere but around numbers."""
QUOTINGS: tuple[Quoting, ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
_WRITER_END = "\r\n"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""Beginnings that spreadsheets take for a formula (OWASP, CSV injection). Those that got an apostrophe before count
too, so that taking one away gives every cell back."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


class _Number(float):
    """A number that is written as it was, without quotes where only numbers have none."""

    text: str

    @classmethod
    def of(cls, text: str) -> _Number:
        """Return the number that a cell is written as."""
        number = cls()
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def guard(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return the cell that `guard` made this one of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class RowEncoder:
    """Encodes rows of one table in UTF-8."""

    def __init__(
        self, delimiter: str, quoting: Quoting = csv.QUOTE_MINIMAL, line_end: str = "\n", *, is_safe: bool = False
    ) -> None:
        """Prepare to encode.

        Args:
            delimiter: what divides cells.
            quoting: which cells are quoted.
            line_end: what follows a row.
            is_safe: whether cells are guarded.
        """
        self._text = io.StringIO(newline="")
        # the writer quotes what its line ends hold: with a single LF, Python before 3.13 leaves a CR in a cell bare
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator=_WRITER_END, quoting=quoting)
        self._line_end = line_end
        self._is_safe = is_safe
        self._tells_numbers = quoting == csv.QUOTE_NONNUMERIC

    def encode(self, row: Iterable[str]) -> bytes:
        """Return a row with what follows it."""
        cells = map(guard, row) if self._is_safe else row
        self._writer.writerow(map(_as_number, cells) if self._tells_numbers else cells)
        line = self._text.getvalue().removesuffix(_WRITER_END) + self._line_end
        self._text.seek(0)
        self._text.truncate()
        return line.encode("utf-8", "replace")


def _as_number(cell: str) -> str | _Number:
    return _Number.of(cell) if _NUMBER.fullmatch(cell) else cell
