"""Islands: parts of a text that cleaning leaves as they are.

A view without them is cleaned, and what was done to it is lifted to the text. Where an edit of the view would change an
island, the lines around that are hidden too, and the view is cleaned again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from cleaner.model import Cleaned, Document, Flag, Island, Pass, Span, Verdict
from cleaner.text import edits, views
from cleaner.text.views import ConflictError, View

ATTEMPTS, SINGLE = 5, 2
"""Views that are cleaned, each with more lines hidden than the one before, until the document is left as it is; those
behind which only the islands in conflict are hidden, not all of their kinds."""


def view_document(document: Document) -> Document:
    """Return a document as cleaning sees it, without its islands."""
    if not document.islands:
        return document
    return msgspec.structs.replace(document, text=views.see(document.text, document.islands).text, islands=())


def lift(document: Document, cleaned: Cleaned, clean: Callable[[Document], Cleaned]) -> Cleaned:
    """Return what was done to the view of a document as done to the document.

    Args:
        document: as it came.
        cleaned: its view, cleaned.
        clean: cleans one more view, where an edit would have changed an island.
    """
    islander = document
    for attempt in range(ATTEMPTS):
        try:
            return _lift(document, views.see(document.text, islander.islands), cleaned)
        except ConflictError as conflict:
            numbers = conflict.islands if attempt < SINGLE else _of_kinds(islander.islands, conflict.islands)
            hidden = hide(document.text, islander.islands, numbers)
            islander = msgspec.structs.replace(document, islands=hidden)
            cleaned = clean(view_document(islander))
    return Cleaned(document, document.text)


def _of_kinds(islands: Sequence[Island], numbers: Iterable[int]) -> list[int]:
    """Return the numbers of all islands of the kinds that some have."""
    kinds = {islands[number].kind for number in numbers}
    return [number for number, island in enumerate(islands) if island.kind in kinds]


def _lift(document: Document, view: View, cleaned: Cleaned) -> Cleaned:
    text = document.text
    passes: list[Pass] = []
    verdicts: list[tuple[Verdict, ...]] = []
    all_verdicts = cleaned.verdicts or ((),) * len(cleaned.passes)
    for edits_of_view, verdicts_of_view in zip(cleaned.passes, all_verdicts, strict=True):
        lifted_edits, next_view = view.lift(edits_of_view)
        if lifted_edits:
            text = edits.apply(text, lifted_edits)
            passes.append(lifted_edits)
            verdicts.append(tuple(_lift_verdict(verdict, view) for verdict in verdicts_of_view))
        view = next_view
    flags = tuple(Flag(flag.rule, view.full_span(flag.span), flag.note) for flag in cleaned.flags)
    lifted_verdicts = tuple(verdicts) if cleaned.verdicts else ()
    return Cleaned(document, text, tuple(passes), flags, lifted_verdicts, cleaned.doubt, cleaned.kind)


def _lift_verdict(verdict: Verdict, view: View) -> Verdict:
    return msgspec.structs.replace(verdict, span=view.full_span(verdict.span))


def hide(text: str, islands: Sequence[Island], numbers: Iterable[int]) -> tuple[Island, ...]:
    """Hide the lines around some islands: those that a word or mark stands in, those above and below whole lines."""
    spans = [island.span for island in islands if island.kind == "lines"]
    for number in numbers:
        span, is_lines = islands[number].span, islands[number].kind in ("lines", "heading")
        start = text.rfind("\n", 0, max(span.start - is_lines, 0)) + 1
        spans.append(Span(start, text.find("\n", span.stop) + 1 or len(text)))
    lines = merge_lines(text, spans)
    return tuple(sorted((*lines, *outside(lines, (island for island in islands if island.kind != "lines")))))


def outside(lines: Sequence[Island], islands: Iterable[Island]) -> Iterator[Island]:
    """Yield the islands that do not begin in any of some lines, which are sorted."""
    starts = [block.span.start for block in lines]
    for island in islands:
        index = bisect_right(starts, island.span.start) - 1
        if index < 0 or lines[index].span.stop <= island.span.start:
            yield island


def merge_lines(text: str, spans: Iterable[Span]) -> list[Island]:
    """Return spans of whole lines with the blank lines around them as islands, those that meet as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        start, stop = _take_blank_lines(text, span)
        if merged and start <= merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(stop, merged[-1].stop))
        else:
            merged.append(Span(start, stop))
    return [Island(span, "lines") for span in merged]


def _take_blank_lines(text: str, span: Span) -> tuple[int, int]:
    start, stop = span.start, span.stop
    while start and not (above := text[text.rfind("\n", 0, start - 1) + 1 : start]).strip():
        start -= len(above)
    while stop < len(text):
        end = text.find("\n", stop) + 1 or len(text)
        if text[stop:end].strip():
            break
        stop = end
    return start, stop
