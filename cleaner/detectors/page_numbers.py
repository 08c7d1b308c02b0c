"""Page numbers between the pieces of a document that was taken page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, ranges

if TYPE_CHECKING:
    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

NUMBER = re.compile(r"(\d{1,4})、")
ALONE = re.compile(
    r"[-—~·\[(【 ]*(?:第? ?)?(\d{1,4})(?: ?页)?(?: ?[/,] ?(?:共 ?)?\d{1,4}(?: ?页)?| ?共 ?\d{1,4} ?页)?[-—~·\])】 ]*"
)
ENDINGS = frozenset('。!?…"”』」)')


def page_numbers(block: Block, folded: str, params: Params) -> Found:
    """Ranges to join over: `1、`, `2、`, … at line starts, where pages were cut in mid-sentence.

    Seen: docs-sharing sites give a document as one line per page, numbered in sequence. A list of the author's has
    items that end; pages end anywhere. So: numbers from 1 (or from 2) without a gap, at least `least` (3) of them,
    long lines, and at least `split` (0.5) of the lines before a number end in mid-sentence.
    A range covers the number; where the line before is a page of the sequence and ends in mid-sentence, it begins at
    that line's end, so that the sentence is whole again.
    """
    made = line_view.of(block, folded)
    hits: list[tuple[int, int, int]] = []
    for pages in _sequences(made, int(params.get("least", 3))):
        hits += _joins(made, pages, float(params.get("split", 0.5)), int(params.get("length", 80)))
    return ranges(hits)


def _sequences(made: Shape, least: int) -> Iterator[list[tuple[int, int]]]:
    """Lines numbered in sequence in one document, each as (line, where its text begins)."""
    first = made.at(made.block.starts) & line_view.DIGIT
    run: list[tuple[int, int]] = []
    document = due = -1
    for line in np.flatnonzero(first > 0).tolist():
        start = made.starts[line]
        match = NUMBER.match(made.folded, start, start + 6)
        if not match:
            continue
        number, here = int(match[1]), int(made.block.documents[line])
        if here != document or number != due:
            if here == document and number != 1:
                continue
            if len(run) >= least:
                yield run
            run, document = [], here
            if number > 2:
                due = -1
                continue
        run.append((line, match.end()))
        due = number + 1
    if len(run) >= least:
        yield run


def _joins(made: Shape, pages: list[tuple[int, int]], split: float, length: int) -> Iterator[tuple[int, int, int]]:
    block = made.block
    lines = np.array([line for line, _ in pages])
    open_ended = [made.folded[int(block.stops[line]) - 1] not in ENDINGS for line in lines.tolist()]
    # what follows the last page is not known, so its end says nothing
    broken = sum(open_ended[:-1])
    if broken < split * (len(pages) - 1) or median(made.lengths[lines[:-1]].tolist()) < length:
        return
    yield pages[0][0], int(block.starts[pages[0][0]]), pages[0][1]
    for (before, _), (line, begin), cut in zip(pages, pages[1:], open_ended, strict=False):
        joined = cut and line == before + 1
        yield line, int(block.stops[before] if joined else block.starts[line]), begin


def page_lines(block: Block, folded: str, params: Params) -> Found:
    """Ranges to join over: lines that hold nothing but a page number, `- 3 -`, `第3页`, `3/17`, between cut sentences.

    The numbers rise one by one, at least `least` (3) of them, and at least `split` (0.5) of them stand behind a line
    of prose that ends in mid-sentence: numbers over the sections of an essay stand behind finished ones, those of a
    ranking behind titles, those in the cells of a table behind short ones. A range begins at the end of the line
    before; behind a line that ends in mid-sentence it reaches to the line that goes on.
    """
    made = line_view.of(block, folded)
    hits: list[tuple[int, int, int]] = []
    for pages in _alone(made, int(params.get("least", 3))):
        cut = [_is_cut(made, line) for line in pages]
        if sum(cut) >= float(params.get("split", 0.5)) * len(pages):
            hits += [_over(made, line, opened) for line, opened in zip(pages, cut, strict=True)]
    return ranges(hits)


def _alone(made: Shape, least: int) -> Iterator[list[int]]:
    """Lines of page numbers that rise one by one in one document."""
    short = (made.lengths <= 16) & (made.count(line_view.DIGIT) > 0) & (made.numbers > 0)
    run: list[int] = []
    document = due = -1
    for line in np.flatnonzero(short).tolist():
        match = ALONE.fullmatch(made.text(line))
        if not match:
            continue
        number, here = int(match[1]), int(made.block.documents[line])
        if here != document or number != due or line == run[-1] + 1:
            if len(run) >= least:
                yield run
            run = []
        run.append(line)
        document, due = here, number + 1
    if len(run) >= least:
        yield run


def _is_cut(made: Shape, line: int) -> bool:
    """Whether the line before is prose that ends in mid-sentence."""
    return bool(made.prose[line - 1]) and made.folded[made.stops[line - 1] - 1] not in ENDINGS


def _over(made: Shape, line: int, opened: bool) -> tuple[int, int, int]:
    stop = made.starts[line + 1] if opened and made.after[line] else made.stops[line]
    return line, made.stops[line - 1], stop
