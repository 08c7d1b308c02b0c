"""The line of a finding with carets below it, as wide as a terminal shows its characters."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.check.report import Frame
from cleaner.text.printable import make_printable

WIDTH = 100
"""Characters of a line that are shown, from somewhat before the finding."""
BEFORE = 20
"""Characters of them before the finding."""

_BLUE, _RED, _PLAIN = "\x1b[34m", "\x1b[31m", "\x1b[0m"


def render(frame: Frame, number: int) -> Iterator[str]:
    """Yield the line with its number, and the carets. A finding without a place in a line has none."""
    if not frame.line.strip():
        return
    from rich.cells import cell_len  # only terminals need it

    first = max(frame.start - BEFORE, 0) if len(frame.line) > WIDTH else 0
    shown = make_printable(frame.line[first : first + WIDTH])
    start, stop = frame.start - first, min(frame.stop - first, len(shown))
    margin = " " * len(str(number))
    carets = "^" * max(cell_len(shown[start:stop]), 1)
    yield f"{_BLUE}{margin} |{_PLAIN}"
    yield f"{_BLUE}{number} |{_PLAIN} {shown}"
    yield f"{_BLUE}{margin} |{_PLAIN} {' ' * cell_len(shown[:start])}{_RED}{carets}{_PLAIN}"
