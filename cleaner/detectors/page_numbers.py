"""Page numbers between the parts of a document that was taken page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, ranges
from cleaner.features.classes import DIGIT

if TYPE_CHECKING:
    from cleaner.features.line_view import LineView

FIRST_PAGE = 2
"""The page that a sequence begins with, at most: sites leave out the first page's number."""

_NUMBER = re.compile(r"(\d{1,4})、")
_LONGEST_NUMBER = 6
_ENDINGS = frozenset('。!?…"”』」)')


@detector(decisive=True)
def page_numbers(view: LineView, *, least: int = 3, split: float = 0.5, length: int = 80) -> Detections:
    """Find `1、` `2、` `3、` of a sharing site at line starts, which split sentences, to join over.

    Seen: docs-sharing sites give a document as one line per page, numbered in sequence. A list of the author's has
    items that end; pages end anywhere. So: numbers from 1 (or from 2) without a gap, on long lines. A range covers the
    number; where the line before is a page of the sequence and ends in mid-sentence, it begins at that line's end, so
    that the sentence is whole again. Pages are mostly Han: what ends a line of a list in another language is not known.

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
    text, starts = view.folded_text, view.starts
    for row in (view.first_bits & DIGIT > 0).nonzero()[0].tolist():
        start = starts[row]
        match = _NUMBER.match(text, start, start + _LONGEST_NUMBER)
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
    text, stops = view.folded_text, view.stops
    rows = np.array([row for row, _ in pages])
    ends_open = [text[stops[row] - 1] not in _ENDINGS for row, _ in pages]
    # what follows the last page is not known, so its end says nothing
    splits = sum(ends_open[:-1])
    is_han = int(view.han[rows].sum()) * 2 > int(view.lengths[rows].sum())
    if not is_han or splits < split * (len(pages) - 1) or np.median(view.lengths[rows[:-1]]) < length:
        return
    yield pages[0][0], view.starts[pages[0][0]], pages[0][1]
    for (before, _), (row, text_start), is_open in zip(pages, pages[1:], ends_open, strict=False):
        is_joined = is_open and row == before + 1
        yield row, view.stops[before] if is_joined else view.starts[row], text_start
