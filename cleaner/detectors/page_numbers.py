"""Page numbers between the parts of a document that was taken page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, ranges
from cleaner.features.classes import DIGIT

if TYPE_CHECKING:
    from cleaner.features.line_view import LineView

FIRST_PAGE = 2
"""The page that a sequence begins with, at most: sites leave out the first page's number."""
LONGEST = 16
"""Characters of a line that holds nothing but a page number, at most."""

_NUMBER = re.compile(r"(\d{1,4})、")
_LONGEST_NUMBER = 6
_ALONE = re.compile(
    r"[-—~·\[(【 ]*(?:第? ?)?(\d{1,4})(?: ?页)?(?: ?[/,] ?(?:共 ?)?\d{1,4}(?: ?页)?| ?共 ?\d{1,4} ?页)?[-—~·\])】 ]*"
)
_ENDINGS = frozenset('。!?…"”』」)')


@detector(decisive=True)
def page_numbers(view: LineView, *, least: int = 3, split: float = 0.5, length: int = 80) -> Detections:
    """Find `1、` `2、` `3、` of a sharing site at line starts, which split sentences, to join over.

    Seen: docs-sharing sites give a document as one line per page, numbered in sequence. A list of the author's has
    items that end; pages end anywhere. So: numbers from 1 (or from 2) without a gap, on long lines. A range covers the
    number; where the line before is a page of the sequence and ends in mid-sentence, it begins at that line's end, so
    that the sentence is whole again.

    Args:
        view: the lines.
        least: pages in sequence.
        split: the share of lines before a number that end in mid-sentence, at least.
        length: characters of a page in the median, at least.
    """
    spans: list[tuple[int, int, int]] = []
    for pages in _sequences(view, least):
        spans += _joins(view, pages, split, length)
    return ranges(spans)


def _sequences(view: LineView, least: int) -> Iterator[list[tuple[int, int]]]:
    """Yield lines numbered in sequence in one document, each as (line, where its text begins)."""
    run: list[tuple[int, int]] = []
    document = next_number = -1
    for row in np.flatnonzero(view.first_bits & DIGIT > 0).tolist():
        start = view.starts[row]
        match = _NUMBER.match(view.folded_text, start, start + _LONGEST_NUMBER)
        if not match:
            continue
        number, current = int(match[1]), int(view.batch.documents[row])
        if current != document or number != next_number:
            if current == document and number != 1:
                continue
            if len(run) >= least:
                yield run
            run, document = [], current
            if number > FIRST_PAGE:
                next_number = -1
                continue
        run.append((row, match.end()))
        next_number = number + 1
    if len(run) >= least:
        yield run


def _joins(view: LineView, pages: list[tuple[int, int]], split: float, length: int) -> Iterator[tuple[int, int, int]]:
    """Yield line, start and stop of the numbers of pages, if these split sentences."""
    batch = view.batch
    rows = np.array([row for row, _ in pages])
    ends_open = [view.folded_text[view.stops[row] - 1] not in _ENDINGS for row in rows.tolist()]
    # what follows the last page is not known, so its end says nothing
    splits = sum(ends_open[:-1])
    if splits < split * (len(pages) - 1) or median(view.lengths[rows[:-1]].tolist()) < length:
        return
    yield pages[0][0], int(batch.starts[pages[0][0]]), pages[0][1]
    for (before, _), (row, text_start), is_open in zip(pages, pages[1:], ends_open, strict=False):
        is_joined = is_open and row == before + 1
        yield row, int(batch.stops[before] if is_joined else batch.starts[row]), text_start


@detector(decisive=True)
def page_lines(view: LineView, *, least: int = 3, split: float = 0.5) -> Detections:
    """Find page numbers on lines of their own between halves of sentences, `- 3 -`, `第3页`, `3/17`, to join over.

    The numbers rise one by one, and many of them stand behind a line of prose that ends in mid-sentence: numbers over
    the sections of an essay stand behind finished ones, those of a ranking behind titles, those in the cells of a table
    behind short ones. A range begins at the end of the line before; behind a line that ends in mid-sentence it reaches
    to the line that goes on.

    Args:
        view: the lines.
        least: pages in sequence.
        split: the share of numbers that stand behind prose that ends in mid-sentence, at least.
    """
    spans: list[tuple[int, int, int]] = []
    for pages in _rising_numbers(view, least):
        splits = [_splits_sentence(view, row) for row in pages]
        if sum(splits) >= split * len(pages):
            spans += [_over(view, row, is_split) for row, is_split in zip(pages, splits, strict=True)]
    return ranges(spans)


def _rising_numbers(view: LineView, least: int) -> Iterator[list[int]]:
    """Yield lines of page numbers that rise one by one in one document."""
    is_short = (view.lengths <= LONGEST) & (view.digits > 0) & (view.segments.position > 0)
    run: list[int] = []
    document = next_number = -1
    for row in np.flatnonzero(is_short).tolist():
        match = _ALONE.fullmatch(view.text(row))
        if not match:
            continue
        number, current = int(match[1]), int(view.batch.documents[row])
        if current != document or number != next_number or row == run[-1] + 1:
            if len(run) >= least:
                yield run
            run = []
        run.append(row)
        document, next_number = current, number + 1
    if len(run) >= least:
        yield run


def _splits_sentence(view: LineView, row: int) -> bool:
    """Tell whether the line before is prose that ends in mid-sentence."""
    return bool(view.is_long_prose[row - 1]) and view.folded_text[view.stops[row - 1] - 1] not in _ENDINGS


def _over(view: LineView, row: int, is_split: bool) -> tuple[int, int, int]:
    """Span a number from the line before it, up to the line behind it where a sentence goes on there."""
    stop = view.starts[row + 1] if is_split and view.lines_after[row] else view.stops[row]
    return row, view.stops[row - 1], stop
