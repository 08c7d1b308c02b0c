"""Cuts: the edits that remove whole sentences, and join nothing that was apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.dedup.spans.sentences import sentence_bounds
from cleaner.model import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BREAKS = re.compile(r"[^\S\n]*\n\s*")
_BLANKS = " \t\u3000\u00a0"


def cut_spans(spans: Iterable[Span], text: str) -> list[Span]:
    """Return what is removed of a text for some spans of it: whole sentences, with the blanks between them.

    Spans that touch or overlap count as one. Each shrinks inward to where sentences end; of one without a whole
    sentence nothing is removed. Where lines remain on both sides of it, the break between them stays.
    """
    unions = _merge(sorted(spans), text)
    if not unions:
        return []
    places = sentence_bounds(text)
    wholes = [span for span in (_shrink(span, text, places) for span in unions) if span.start < span.stop]
    return [removal for span in wholes for removal in _removals(span, text)]


def _merge(spans: Iterable[Span], text: str) -> list[Span]:
    unions: list[Span] = []
    for span in spans:
        if unions and not text[unions[-1].stop : span.start].strip():
            unions[-1] = Span(unions[-1].start, max(unions[-1].stop, span.stop))
        else:
            unions.append(span)
    return unions


def _shrink(span: Span, text: str, places: NDArray[np.int64]) -> Span:
    """Move both ends inward to where sentences end; blanks between such a place and an end do not count."""
    start, stop = _strip(span.start, span.stop, text)
    low, high = start, stop
    while low and text[low - 1].isspace():
        low -= 1
    while high < len(text) and text[high].isspace():
        high += 1
    first, last = np.searchsorted(places, low), np.searchsorted(places, high, side="right") - 1
    if first >= len(places) or last < first:
        return Span(start, start)
    return Span(*_strip(max(start, int(places[first])), min(stop, int(places[last])), text))


def _strip(start: int, stop: int, text: str) -> tuple[int, int]:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _removals(span: Span, text: str) -> Iterator[Span]:
    """Yield what goes for a span that begins and ends with ink."""
    line_start = text.rfind("\n", 0, span.start) + 1
    line_stop = text.find("\n", span.stop)
    line_stop = len(text) if line_stop < 0 else line_stop
    remains_before = bool(text[line_start : span.start].strip())
    remains_behind = bool(text[span.stop : line_stop].strip())
    if remains_before and remains_behind:
        yield from _keep_break(span, text)
    elif remains_before:
        yield Span(span.start, line_stop)
    elif remains_behind:
        yield Span(line_start, _skip_blanks(text, span.stop))
    else:
        yield Span(line_start, _skip_breaks(text, line_start, line_stop))


def _keep_break(span: Span, text: str) -> Iterator[Span]:
    """Yield a span within a line, or what stands before and behind its widest break."""
    stop = _skip_blanks(text, span.stop)
    breaks = list(_BREAKS.finditer(text, span.start, span.stop))
    if not breaks:
        has_gap = text[span.start - 1 : span.start].isspace()
        yield Span(span.start, stop if has_gap else span.stop)
        return
    widest = max(breaks, key=lambda match: (match[0].count("\n"), -match.start()))
    yield Span(span.start, widest.start())
    yield Span(widest.end(), stop)


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANKS:
        position += 1
    return position


def _skip_breaks(text: str, start: int, stop: int) -> int:
    """Return the end of whole lines that go: behind their break, and behind a blank line that would stand twice."""
    if stop < len(text):
        stop += 1
    is_alone = start == 0 or text[:start].endswith("\n\n")
    while is_alone and text[stop : stop + 1] == "\n":
        stop += 1
    return stop
