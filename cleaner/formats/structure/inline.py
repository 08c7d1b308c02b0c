"""What stands within a line of Markdown: links, code, formulas, emphasis, and backslashes before characters."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin

from cleaner.formats.structure import escapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.formats.structure.page import InlineRun

_MARK = {"strong": "**", "emphasis": "*"}
_LITERAL = ("code", "formula")
_UNSAFE = re.compile(r"[\s<>()\\|`\"\x00-\x1f]")
_ENTITY_SIGN = re.compile(r"&(?=#?\w+;)")
_BAD_TARGETS = ("#", "javascript:", "data:", "about:", "vbscript:")
_TICKS = re.compile("`+")
_UNCLEAR_FORMULA = re.compile(r"(?<!\\)\$|\\$|^\s|\s$")
"""A formula that would end early, or that no parser takes for one."""


class LineContext(NamedTuple):
    """What a text within a line stands in. `base`: the address that targets of links are seen from."""

    links: bool = False
    base: str = ""
    in_table: bool = False
    is_heading: bool = False


class Insertions:
    """Strings to insert into a text by position: what closes first, then what opens, then backslashes."""

    def __init__(self) -> None:
        self._closers: defaultdict[int, list[str]] = defaultdict(list)
        self._openers: defaultdict[int, list[str]] = defaultdict(list)
        self._escapes: set[int] = set()

    def wrap(self, start: int, stop: int, opener: str, closer: str) -> None:
        """Put marks around a range; ranges come outermost first."""
        self._openers[start].append(opener)
        self._closers[stop].insert(0, closer)

    def escape(self, positions: Iterable[int]) -> None:
        """Put backslashes before characters."""
        self._escapes.update(positions)

    def is_marked(self, position: int) -> bool:
        """Whether something opens or closes there."""
        return position in self._openers or position in self._closers

    def strings(self) -> dict[int, str]:
        """Return what to insert at each position."""
        places = sorted({*self._closers, *self._openers, *self._escapes})
        return {
            place: "".join((*self._closers.get(place, ()), *self._openers.get(place, ())))
            + ("\\" if place in self._escapes else "")
            for place in places
        }


def mark(text: str, start: int, stop: int, runs: Sequence[InlineRun], context: LineContext) -> Insertions:
    """Find what to insert into a part of a text that is a line or a cell; `runs` have positions of the text."""
    out = Insertions()
    runs = _readable(text, start, stop, runs, context)
    literals = _mark_literals(text, [run for run in runs if run.kind in _LITERAL], context, out)
    links = [run for run in runs if run.kind == "link"]
    for run in links:
        out.wrap(run.start, run.stop, "[", f"]({write_target(run.value, context.base)})")
        is_after_literal = any(one.stop == run.start for one in literals)
        if run.start > start and text[run.start - 1] in "!^" and not is_after_literal:
            out.escape([run.start - 1])
    _mark_emphasis(text, (start, stop), [run for run in runs if run.kind in _MARK], literals, out)
    for first, last, is_linked in _segments(start, stop, literals, links):
        marks = escapes.find_marks(text[start:stop], first - start, last - start, is_linked, context.in_table)
        out.escape(start + place for place in marks)
        scores = (place for place in range(first, last) if text[place] == "_")
        out.escape(place for place in scores if out.is_marked(place) or out.is_marked(place + 1))
    return out


def write_target(target: str, base: str) -> str:
    """Write the target of a link as Markdown takes it; "" for one that leads nowhere."""
    target = target.strip()
    if not target or target.lower().startswith(_BAD_TARGETS):
        return ""
    try:
        target = urljoin(base, target) if base else target
    except ValueError:  # an address such as http://[
        return ""
    target = _UNSAFE.sub(lambda match: quote(match[0]), target)
    return _ENTITY_SIGN.sub("&amp;", target)


def longest_ticks(text: str) -> int:
    """Return the length of the longest run of ticks."""
    return max(map(len, _TICKS.findall(text)), default=0)


def _readable(text: str, start: int, stop: int, runs: Sequence[InlineRun], context: LineContext) -> list[InlineRun]:
    """Cut runs to a range and to what shows, join neighbours of one kind, leave out what says nothing there."""
    readable_runs: list[InlineRun] = []
    for run in runs:
        first, last = max(run.start, start), min(run.stop, stop)
        content = text[first:last]
        if first >= last or not content.strip():
            continue
        first, last = first + len(content) - len(content.lstrip()), last - len(content) + len(content.rstrip())
        if run.kind == "link" and not (context.links and write_target(run.value, context.base)):
            continue
        if run.kind in _MARK and context.is_heading:
            continue
        before = readable_runs[-1] if readable_runs else None
        is_next = before and (before.kind, before.value, before.stop) == (run.kind, run.value, first)
        if before and is_next and run.kind != "formula":
            readable_runs[-1] = before._replace(stop=last)
        else:
            readable_runs.append(run._replace(start=first, stop=last))
    return sorted(readable_runs, key=lambda run: (run.start, -run.stop, run.number))


def _mark_literals(text: str, runs: Sequence[InlineRun], context: LineContext, out: Insertions) -> list[InlineRun]:
    """Mark code and formulas; return those that are marked."""
    literals: list[InlineRun] = []
    for run in runs:
        content = text[run.start : run.stop]
        if literals and run.start < literals[-1].stop:
            continue
        if run.kind == "code":
            fence = "`" * (longest_ticks(content) + 1)
            pad = " " if content.startswith("`") or content.endswith("`") else ""
            out.wrap(run.start, run.stop, fence + pad, pad + fence)
        elif _UNCLEAR_FORMULA.search(content):
            continue
        else:
            before, after = text[run.start - 1 : run.start], text[run.stop : run.stop + 1]
            is_next = bool(literals) and literals[-1].stop == run.start
            opener, closer = " $" if is_next or before.isdecimal() else "$", "$ " if after.isdecimal() else "$"
            out.wrap(run.start, run.stop, opener, closer)
        if context.in_table:
            out.escape(run.start + place for place, character in enumerate(content) if character == "|")
        literals.append(run)
    return literals


def _mark_emphasis(
    text: str, line: tuple[int, int], runs: Sequence[InlineRun], literals: Sequence[InlineRun], out: Insertions
) -> None:
    """Mark emphasis where parsers read it: what would touch other marks or stand within a word wrongly is left out."""
    marked_runs: list[InlineRun] = []
    for run in runs:
        start, stop = _trim_punctuation(text, run)
        if start >= stop or any(not (stop <= one.start or start >= one.stop) for one in literals):
            continue
        if (
            out.is_marked(start)
            or out.is_marked(stop)
            or any(one.start < stop and start < one.stop for one in marked_runs)
        ):
            continue
        before = text[start - 1 : start] if start > line[0] else ""
        after = text[stop : stop + 1] if stop < line[1] else ""
        if _opens(before, text[start]) and _opens(after, text[stop - 1]):
            out.wrap(start, stop, _MARK[run.kind], _MARK[run.kind])
            marked_runs.append(run)


def _trim_punctuation(text: str, run: InlineRun) -> tuple[int, int]:
    """Leave punctuation at the ends of emphasis outside, where Markdown would not read it as emphasis: `**注：**请`."""
    start, stop = run.start, run.stop
    while start < stop and escapes.is_mark(text[start], symbols=True):
        start += 1
    while start < stop and escapes.is_mark(text[stop - 1], symbols=True):
        stop -= 1
    return start, stop


def _opens(outer: str, inner: str) -> bool:
    """Whether a mark between two characters can open, seen from its outer side (CommonMark 6.2)."""
    if escapes.is_space(inner):
        return False
    return not escapes.is_mark(inner, symbols=True) or escapes.is_space(outer) or escapes.is_mark(outer, symbols=False)


def _segments(
    start: int, stop: int, literals: Sequence[InlineRun], links: Sequence[InlineRun]
) -> Iterable[tuple[int, int, bool]]:
    """Cut a range into what is neither code nor formula, within links or not."""
    edges = sorted({start, stop, *(edge for run in (*literals, *links) for edge in (run.start, run.stop))})
    for first, last in pairwise(edges):
        if not any(run.start <= first < run.stop for run in literals):
            yield first, last, any(run.start <= first < run.stop for run in links)
