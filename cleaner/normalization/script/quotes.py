"""Quotation marks: the corner brackets of Traditional text, 「」『』, and the curly ones of Simplified, “”‘’."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import UsageError
from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.prefilter import ALWAYS, NEVER, Trigger
from cleaner.normalization.script import classes as script_classes
from cleaner.normalization.script import passages, targets
from cleaner.normalization.script.detect import are_foreign, stretch_starts
from cleaner.normalization.script.exempt import find_exempt
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.normalization.script.passages import ScriptPassage
    from cleaner.normalization.script.targets import QuoteStyle
    from cleaner.options import Quotes, Script

_MARKS: dict[QuoteStyle, tuple[str, str]] = {"corner": ("「」", "『』"), "curly": ("“”", "‘’")}
"""Outer and inner marks of each style."""
_CLOSING = {marks[0]: marks[1] for pairs in _MARKS.values() for marks in pairs}
_MARK_OR_BREAK = lazy_pattern("[「」『』“”‘’\n]")
_HAN = lazy_pattern("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LINK, _NEAR = " ，。、：；！？", 3
"""Marks, so many at most, that may stand between a quotation and the Chinese sentence it belongs to."""


class QuotePair(NamedTuple):
    """Places of an opening and its closing mark, and in how many other pairs they stand."""

    start: int
    stop: int
    depth: int


def convert_quotes(text: str, mode: Quotes, script: Script = "keep") -> str:
    """Write quotation marks in one style.

    Only pairs on one line that hold Han, or stand in a Chinese sentence, change; the outer pair becomes the style's
    outer one. Japanese and Korean lines, addresses, code and characters quoted alone stay.

    Args:
        mode: "corner", "curly", "keep", or "auto": in passages that are going to be converted to `script` that
            script's style, so it comes before `gate.to_script`.

    Raises:
        UsageError: for another mode.
    """
    style = _style(mode, script)
    if style is None or not _may_change(text, style):
        return text
    ranges = _passages(text, script if mode == "auto" else "keep")
    starts = [passage.start for passage in ranges]
    characters = list(text)
    for pair in _pairs(text):
        places = (pair.start, pair.stop)
        is_free = all(ranges[bisect_right(starts, place) - 1].is_source for place in places)
        if is_free and text[pair.start] in _others(style) and _is_chinese(text, pair):
            marks = _MARKS[style][pair.depth % 2]
            characters[pair.start], characters[pair.stop] = marks[0], marks[1]
    return "".join(characters)


def trigger(mode: str, script: str) -> Trigger:
    """Return the characters of which a text holds one if `convert_quotes` changes it; of unknown ones it complains."""
    if mode not in ("auto", "keep", *_MARKS) or (mode == "auto" and script not in (targets.KEEP, *targets.TARGETS)):
        return ALWAYS
    style = _style(mode, script)
    return Trigger(f"[{_others(style)}]") if style else NEVER


def _style(mode: str, script: str) -> QuoteStyle | None:
    if mode == "auto":
        target = targets.find(script)
        return target.quotes if target else None
    if mode == "keep":
        return None
    if mode not in _MARKS:
        raise UsageError(f"quotes {mode!r} are unknown: use auto, keep, {' or '.join(_MARKS)}")
    return mode


def _others(style: QuoteStyle) -> str:
    return "".join(marks[0] for other, pairs in _MARKS.items() if other != style for marks in pairs)


def _may_change(text: str, style: QuoteStyle) -> bool:
    return any(mark in text for mark in _others(style))


def _passages(text: str, script: Script) -> list[ScriptPassage]:
    """Return the passages in which marks may change."""
    if target := targets.find(script):
        return passages.split(text, target.source)
    codes = codepoints.indices(text)
    lines = stretch_starts(codes == codepoints.LINE_FEED)
    is_chinese = ~are_foreign(script_classes.table()[codes], lines)
    edges = [*lines.tolist(), len(text)]
    rows = zip(edges, edges[1:], is_chinese.tolist(), strict=False)
    exempt = find_exempt(text, has_kana=False)
    return passages.cut_out([passages.ScriptPassage(*row) for row in rows], exempt)


def _is_chinese(text: str, pair: QuotePair) -> bool:
    """Tell whether a pair holds Han or stands beside it."""
    if _HAN.search(text, pair.start + 1, pair.stop):
        return True
    before = text[max(0, pair.start - _NEAR) : pair.start].rstrip(_LINK)
    after = text[pair.stop + 1 : pair.stop + 1 + _NEAR].lstrip(_LINK)
    return bool(_HAN.match(before[-1:]) or _HAN.match(after[:1]))


def _pairs(text: str) -> list[QuotePair]:
    """Find the pairs of marks that open and close on one line, by their starts."""
    stack: list[int] = []
    ends: list[tuple[int, int]] = []
    for match in _MARK_OR_BREAK.finditer(text):
        mark, place = match[0], match.start()
        if mark == "\n":
            stack.clear()
        elif mark in _CLOSING:
            stack.append(place)
        elif openings := [index for index, start in enumerate(stack) if _CLOSING[text[start]] == mark]:
            ends.append((stack[openings[-1]], place))
            del stack[openings[-1] :]
    return list(_nest(sorted(ends)))


def _nest(ends: list[tuple[int, int]]) -> Iterator[QuotePair]:
    """Tell of each pair in how many others it stands."""
    around: list[int] = []
    for start, stop in ends:
        while around and around[-1] < start:
            around.pop()
        yield QuotePair(start, stop, len(around))
        around.append(stop)
