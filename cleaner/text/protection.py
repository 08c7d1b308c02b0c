"""Edits that leave some spans of a text alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleaner.model import Edit, Pass, Span


def edits_around(text: str, changes: Pass, protected_spans: Iterable[Span]) -> Pass:
    """Return the edits that leave protected spans alone: removals go around them, all others give way."""
    result: list[Edit] = []
    pending = sorted(protected_spans, reverse=True)
    candidates: list[Span] = []
    for edit in changes:
        while pending and pending[-1].start <= edit.span.stop:
            candidates.append(pending.pop())
        candidates = [span for span in candidates if span.stop >= edit.span.start]
        obstacles = [span for span in candidates if _overlaps(span, edit.span)]
        if not obstacles:
            result.append(edit)
        elif not edit.new:
            result += [Edit(span, "", edit.rule) for span in _lines_between(text, edit.span, obstacles)]
    return tuple(result)


def _overlaps(left: Span, right: Span) -> bool:
    """Whether two spans share characters, or touch where one of them is empty."""
    start, stop = max(left.start, right.start), min(left.stop, right.stop)
    return start < stop or (start == stop and (left.start == left.stop or right.start == right.stop))


def _lines_between(text: str, span: Span, obstacles: Sequence[Span]) -> Iterator[Span]:
    """Cut the whole lines of obstacles out of a span; blank lines before each remaining part stay too."""
    start = span.start
    for obstacle in obstacles:
        yield from _without_blank_start(text, start, min(text.rfind("\n", 0, obstacle.start) + 1, span.stop))
        end = text.find("\n", max(obstacle.start, obstacle.stop - 1))
        start = max(start, len(text) if end < 0 else end + 1)
    yield from _without_blank_start(text, start, span.stop)


def _without_blank_start(text: str, start: int, stop: int) -> Iterator[Span]:
    """Yield a range from the first line that is not blank."""
    segment = text[start:stop]
    if segment.strip():
        blank = segment[: len(segment) - len(segment.lstrip())]
        yield Span(start + blank.rfind("\n") + 1, stop)
