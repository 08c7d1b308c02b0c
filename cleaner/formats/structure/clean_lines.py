"""The lines of a clean text, each with the line of the page that it began as."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.formats.structure.layout import PageLayout, Placement
    from cleaner.formats.structure.page import InlineRun
    from cleaner.model import Span
    from cleaner.text.positions import PositionMap


class CleanLine(NamedTuple):
    """A line of a clean text, and where the line of the page stood; `runs` have positions of the clean text."""

    start: int
    stop: int
    line: int
    placement: Placement
    runs: Sequence[InlineRun]
    is_broken: bool


def find_lines(text: str, span: Span, layout: PageLayout, mapping: PositionMap, origin: int) -> list[CleanLine]:
    """Find the lines of a page in a clean text.

    Args:
        text: the clean text.
        span: the range of the page in it.
        layout: that of the page.
        mapping: from the text before cleaning to the clean one.
        origin: where the page began in the text before cleaning.
    """
    structure = layout.structure
    if not structure.starts:
        return []
    starts = mapping.to_result([origin + start for start in structure.starts])
    stops = mapping.to_result([origin + stop for stop in structure.stops])
    lines: list[CleanLine] = []
    first = 0
    for start, stop in _text_lines(text, span):
        while first + 1 < len(starts) and stops[first] <= start:
            first += 1
        placement = layout.place(first)
        runs: list[InlineRun] = []
        number = first
        while number < len(starts) and starts[number] < stop:
            runs += _move_runs(structure.runs[number], mapping, origin + structure.starts[number])
            number += 1
        if placement.kind != "code":
            start += len(text[start:stop]) - len(text[start:stop].lstrip())
        is_next = bool(lines) and lines[-1].line == first - 1
        lines.append(CleanLine(start, stop, first, placement, runs, is_next and structure.is_broken[first]))
    return lines


def _text_lines(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a range that are not blank begin and end, the white space at the end left out."""
    start = span.start
    for line in text[span.start : span.stop].split("\n"):
        if content := line.rstrip():
            yield start, start + len(content)
        start += len(line) + 1


def _move_runs(runs: Sequence[InlineRun], mapping: PositionMap, origin: int) -> Iterator[InlineRun]:
    bounds = mapping.to_result([origin + edge for run in runs for edge in (run.start, run.stop)])
    for run, start, stop in zip(runs, bounds[::2], bounds[1::2], strict=True):
        if start < stop:
            yield run._replace(start=start, stop=stop)
