"""Suppressions in the data: a comment in text, Markdown and HTML, a field in records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from cleaner.formats.shared.places import Place
from cleaner.model import Edit, Pass, Span
from cleaner.packs.builtin import RULES

CATEGORY_DEPTH = 2
"""Slashes in the id of a pack's rule: pack, category, name."""

FIELD = "_cleaner_disable"
"""The field of a record, or the column, that names rules: a string as in a comment, or a list of strings."""

_COMMENT = re.compile(r"<!--[ \t]*cleaner:[ \t]*disable[ \t]+([^\n]*?)[ \t]*-->")


class Suppression(Struct, frozen=True):
    """Rules that a comment or a field suppresses at a line (0: in the whole record), and why.

    `span`: the comment in its text.
    """

    rules: tuple[str, ...]
    reason: str
    line: int = 0
    span: Span = Span(0, 0)


def find_comments(text: str) -> list[Suppression]:
    """Find the suppressions of a text. One alone on its line is for the next that is not blank, another for its own."""
    if "<!--" not in text:
        return []
    return [
        Suppression(*_parse(match[1]), _target_line(text, match.start(), match.end()), Span(*match.span()))
        for match in _COMMENT.finditer(text)
    ]


def outside(comments: Iterable[Suppression], spans: Sequence[Span]) -> list[Suppression]:
    """Return the comments that do not stand within spans."""
    return [c for c in comments if not any(span.start <= c.span.start and c.span.stop <= span.stop for span in spans)]


def parse_field(value: object) -> list[Suppression]:
    """Parse the suppressions of a record's field; anything but strings is none."""
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [Suppression(*_parse(text)) for text in values if isinstance(text, str) and text.strip()]


def remove_comments(text: str, comments: Sequence[Suppression]) -> Pass:
    """Return edits that take comments out, those alone on a line with the line, so that they are not judged."""
    return tuple(Edit(_removed_span(text, comment.span), "", "check/comment") for comment in comments)


def matches(rule: str, pattern: str) -> bool:
    """Whether a pattern names a rule: its id, the beginning of it up to a slash, its category, or a glob."""
    is_named = rule == pattern or rule.startswith(f"{pattern.rstrip('/')}/") or category(rule) == pattern
    return is_named or fnmatchcase(rule, pattern)


def find_suppression(suppressions: Sequence[Suppression], rule: str, place: Place) -> tuple[Suppression, str] | None:
    """Find what suppresses a rule at a place of a file, with its pattern; None where nothing does."""
    for suppression in suppressions:
        if suppression.line and not place.line <= suppression.line <= place.end_line:
            continue
        for pattern in suppression.rules:
            if matches(rule, pattern):
                return suppression, pattern
    return None


def category(rule: str) -> str:
    """Return the category of a pack's rule as its id tells, `nav` of `zh-web/nav/bar`; "" for what the code applies."""
    if rule in RULES or rule.count("/") != CATEGORY_DEPTH:
        return ""
    return rule.split("/")[1]


def _parse(text: str) -> tuple[tuple[str, ...], str]:
    rules, _, reason = text.partition("--")
    return tuple(re.split(r"[,\s]+", rules.strip())), reason.strip()


def _target_line(text: str, start: int, stop: int) -> int:
    begin, end = text.rfind("\n", 0, start) + 1, _line_end(text, stop)
    if _COMMENT.sub("", text[begin:end]).strip():
        return text.count("\n", 0, start) + 1
    number = text.count("\n", 0, end) + 1
    for line in _lines_after(text, end):
        number += 1
        if _COMMENT.sub("", line).strip():
            break
    return number


def _lines_after(text: str, line_end: int) -> Iterator[str]:
    while line_end < len(text):
        end = _line_end(text, line_end + 1)
        yield text[line_end + 1 : end]
        line_end = end


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _removed_span(text: str, span: Span) -> Span:
    """Return the span of a comment with its line where it stands alone, else with the blanks before it."""
    begin, end = text.rfind("\n", 0, span.start) + 1, _line_end(text, span.stop)
    if not (text[begin : span.start] + text[span.stop : end]).strip():
        return Span(begin, min(end + 1, len(text)))
    start = span.start
    while start > begin and text[start - 1] in " \t":
        start -= 1
    return Span(start, span.stop)
