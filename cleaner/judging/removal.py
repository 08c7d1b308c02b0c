"""Verdicts into edits: which characters go when a line falls, so that what stays reads on."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.model import Edit, Pass, Span, Verdict


def edits_of(text: str, verdicts: Iterable[Verdict]) -> Pass:
    """Edits that carry out sorted verdicts. `drop` takes whole lines, every other action replaces its span by `new`.

    Where a dropped line stood after a blank line (or at the start), the blank lines behind it go with it, so that a
    paragraph break is neither lost nor doubled.
    """
    made: list[Edit] = []
    last = -1  # where the last edit ends
    gap = True  # whether the text that stays ends with a blank line or has not begun
    for verdict in verdicts:
        start, stop = verdict.span.start, verdict.span.stop
        if verdict.action == "flag" or start < last:
            continue
        if verdict.action == "drop":
            # the whole lines a range lies in, with the break behind them
            start, stop = text.rfind("\n", 0, start) + 1, text.find("\n", stop) + 1 or len(text)
            if start != last:
                gap = _blank_before(text, start)
            stop = _past_blank(text, stop) if gap else stop
        if verdict.new != text[start:stop]:
            made.append(Edit(Span(start, stop), verdict.new, verdict.rule))
            last = stop
    return tuple(_without_tail(text, made))


def _blank_before(text: str, begin: int) -> bool:
    return not text[text.rfind("\n", 0, max(begin - 1, 0)) + 1 : begin].strip() if begin else True


def _past_blank(text: str, at: int) -> int:
    """Past the blank lines that begin at a line start."""
    while at < len(text) and text[at].isspace():
        end = text.find("\n", at) + 1 or len(text)
        if text[at:end].strip():
            break
        at = end
    return at


def _without_tail(text: str, made: list[Edit]) -> list[Edit]:
    """Blank lines in front of a removal that reaches the end go with it."""
    first = len(made)
    while (
        first
        and not made[first - 1].new
        and made[first - 1].span.stop == (made[first].span.start if first < len(made) else len(text))
    ):
        first -= 1
    if first < len(made):
        start = made[first].span.start
        kept = text[:start].rstrip()
        floor = max(len(kept), made[first - 1].span.stop if first else 0)
        back = text.find("\n", floor, start)
        if back >= 0 and back + 1 < start:
            made[first] = Edit(Span(back + 1, made[first].span.stop), "", made[first].rule)
    return made
