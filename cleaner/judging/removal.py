"""Turn verdicts into edits: which characters go with a dropped line, so that the rest reads on."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.model import Edit, Pass, Span, Verdict


def plan_edits(text: str, verdicts: Iterable[Verdict]) -> Pass:
    """Plan the edits that carry out sorted verdicts: `drop` takes whole lines, every other action its span.

    Where a dropped line stood after a blank line (or at the start), the blank lines behind it go with it, so that a
    paragraph break is neither lost nor doubled.
    """
    edits: list[Edit] = []
    end = -1  # of the last edit
    is_gap = True  # whether the text that stays ends with a blank line or has not begun
    for verdict in verdicts:
        start, stop = verdict.span.start, verdict.span.stop
        if verdict.action == "flag" or start < end:
            continue
        if verdict.action == "drop":
            # the whole lines of the range, with the break behind them
            start, stop = text.rfind("\n", 0, start) + 1, text.find("\n", stop) + 1 or len(text)
            if start != end:
                is_gap = _is_blank_before(text, start)
            stop = _skip_blank_lines(text, stop) if is_gap else stop
        if verdict.new != text[start:stop]:
            edits.append(Edit(Span(start, stop), verdict.new, verdict.rule))
            end = stop
    return tuple(_trim_tail(text, edits))


def _is_blank_before(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start].strip() if start else True


def _skip_blank_lines(text: str, start: int) -> int:
    """Skip the blank lines that begin at a line start."""
    while start < len(text) and text[start].isspace():
        end = text.find("\n", start) + 1 or len(text)
        if text[start:end].strip():
            break
        start = end
    return start


def _trim_tail(text: str, edits: list[Edit]) -> list[Edit]:
    """Remove the blank lines in front of a removal that reaches the end, with it."""
    first = len(edits)
    while (
        first
        and not edits[first - 1].new
        and edits[first - 1].span.stop == (edits[first].span.start if first < len(edits) else len(text))
    ):
        first -= 1
    if first < len(edits):
        start = edits[first].span.start
        floor = max(len(text[:start].rstrip()), edits[first - 1].span.stop if first else 0)
        newline = text.find("\n", floor, start)
        if newline >= 0 and newline + 1 < start:
            edits[first] = Edit(Span(newline + 1, edits[first].span.stop), "", edits[first].rule)
    return edits
