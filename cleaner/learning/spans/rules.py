"""Make rules of spans that a host glues to its lines: credits and notices in brackets are cut, all else is flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cleaner.learning.cases import choose_keeps, leave_out, limit_cases
from cleaner.learning.decisions import FLAG_SHARE, FRAME_WORDS
from cleaner.learning.list_rules import escape
from cleaner.learning.notes import Note
from cleaner.learning.places import STEADY
from cleaner.learning.spans.forms import CREDIT, LONGEST_NAME
from cleaner.normalization.script.folding import fold
from cleaner.rules.schema import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.learning.spans.counts import SpanCount, SpanCounts
    from cleaner.learning.spans.forms import Side

LAST = 0.8
"""The share of a span's pages on which it must end the text, to be cut."""
MOST_FLAGGED = 6
"""Doubtful spans of a side that are told, those of most pages first."""
CREDITS, NOTICES = "byline/credits", "legal/notices"
_BRACKETS = "([【〔"
_PATTERNS: Mapping[str, str] = {"tail": r"(?<=\S)[ \t]*\L<literals>$", "head": r"^\L<literals>[ \t]*"}
_WHERE: Mapping[str, str] = {"head": "begins", "tail": "ends"}


class LearnedSpan(Struct, frozen=True, order=True):
    """A span that a host glues to lines: texts as they stand there, lines with them, and why it is only flagged."""

    side: Side
    texts: tuple[str, ...]
    lines: tuple[str, ...]
    pages: int
    reason: str = ""

    @property
    def rule_id(self) -> str:
        """The id of the rule that it belongs to."""
        if self.reason:
            return f"widget/{self.side}-spans-doubtful"
        return CREDITS if CREDIT.fullmatch(fold(self.texts[0])) else NOTICES


def find_spans(counts: SpanCounts, pages: Mapping[str, int]) -> Mapping[str, Sequence[LearnedSpan]]:
    """Find the spans of all hosts; `pages`: those of each host."""
    by_host: dict[str, list[LearnedSpan]] = {}
    for count in counts.rows.values():
        if (reason := _doubt(count, pages[count.host])) is not None:
            texts = tuple(dict.fromkeys(sample.text for sample in count.samples))
            found = tuple(dict.fromkeys(sample.line for sample in count.samples))
            by_host.setdefault(count.host, []).append(LearnedSpan(count.side, texts, found, count.pages, reason))
    return {host: _longest(spans) for host, spans in by_host.items()}


def _doubt(count: SpanCount, host_pages: int) -> str | None:
    """Say why a span is only flagged; "" where it is cut, None where nothing is to be said of it."""
    text, share = fold(count.samples[0].text), count.pages / host_pages
    is_last = count.last >= LAST * count.pages
    if count.side == "tail" and CREDIT.fullmatch(text) and is_last:
        return ""
    if share < FLAG_SHARE:
        return None
    if count.side == "head":
        return "begins lines, as datelines and headings do"
    if text[0] not in _BRACKETS:
        return "stands in no brackets"
    if not FRAME_WORDS.search(text):
        return "without a word of frames"
    if share < STEADY:
        return "on few pages"
    return "" if is_last else "not at the end of the text"


def _longest(spans: Sequence[LearnedSpan]) -> list[LearnedSpan]:
    """Leave out spans that nearly always are a part of a longer one."""
    return sorted(
        span
        for span in spans
        if not any(
            other.side == span.side
            and other.texts[0] != span.texts[0]
            and other.texts[0].endswith(span.texts[0])
            and other.pages >= LAST * span.pages
            for other in spans
        )
    )


def build_span_rules(
    spans: Sequence[LearnedSpan], host: str, host_pages: int, bodies: Sequence[str]
) -> Iterator[tuple[Rule, Mapping[str, Note]]]:
    """Yield the rules of a host's spans, each with what is said of each literal."""
    groups: dict[str, list[LearnedSpan]] = {}
    for span in spans:
        groups.setdefault(span.rule_id, []).append(span)
    for name in sorted(groups, key=lambda name: (bool(groups[name][0].reason), name)):
        members = groups[name]
        if members[0].reason:
            members = sorted(members, key=lambda span: (-span.pages, span.texts))[:MOST_FLAGGED]
        rule = _build_rule(name, members, host, host_pages)
        samples = [line for span in members for line in span.lines]
        others = set(leave_out([rule], samples))
        cases = [line for line in samples if line not in others]
        if cases:
            bodies = bodies if members[0].reason else leave_out([rule], bodies)
            notes = {literal: _note(span) for span in members for literal in _literals(span)}
            yield msgspec.structs.replace(rule, drops=limit_cases(cases), keeps=choose_keeps(rule, bodies)), notes


def _build_rule(name: str, spans: Sequence[LearnedSpan], host: str, host_pages: int) -> Rule:
    pages = sorted(span.pages for span in spans)
    count = f"{pages[0]}" if pages[0] == pages[-1] else f"{pages[0]} to {pages[-1]}"
    start = "May be the site's, not the author's" if spans[0].reason else "The site glues it to texts"
    return Rule(
        id=name,
        why=f"{start}: it {_WHERE[spans[0].side]} lines on {count} of {host_pages} pages of {host}.",
        scope="span",
        literals=tuple(sorted({literal for span in spans for literal in _literals(span)})),
        match=_credit_pattern(spans) if name == CREDITS else _PATTERNS[spans[0].side],
        action="flag" if spans[0].reason else "cut",
    )


def _credit_pattern(spans: Sequence[LearnedSpan]) -> str:
    """Write a pattern for credits: the label in its brackets, with any name."""
    patterns = set()
    for span in spans:
        match = CREDIT.fullmatch(fold(span.texts[0]))
        if match:
            opening, label, closing = (escape(match[part].strip()) for part in ("open", "label", "close"))
            name = rf"[^()\[\]【】〔〕。!?…,;:]{{1,{LONGEST_NAME}}}"
            patterns.add(rf"{opening} ?{label} ?: ?{name}{closing}")
    return rf"(?<=\S)[ \t]*(?:{'|'.join(sorted(patterns))})$"


def _literals(span: LearnedSpan) -> tuple[str, ...]:
    match = CREDIT.fullmatch(fold(span.texts[0]))
    return (match["label"],) if match and not span.reason else span.texts


def _note(span: LearnedSpan) -> Note:
    return Note(span.pages, remark=span.reason)
