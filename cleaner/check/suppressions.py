"""Suppressions that stand in the data: a comment in text, Markdown and HTML, a field in records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from cleaner.model import Edit, Pass, Span

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


def comments(text: str) -> list[Suppression]:
    """The suppressions of a text. One alone on its line is for the next line that is not blank, another for its own."""
    if "<!--" not in text:
        return []
    return [
        Suppression(*_parsed(found[1]), _target(text, found.start(), found.end()), Span(*found.span()))
        for found in _COMMENT.finditer(text)
    ]


def field(value: object) -> list[Suppression]:
    """The suppressions of a record's field; anything but strings is none."""
    said = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [Suppression(*_parsed(part)) for part in said if isinstance(part, str) and part.strip()]


def stripped(text: str, found: Sequence[Suppression]) -> Pass:
    """Edits that take the comments out, those alone on a line with the line, so that they have no part in judging."""
    return tuple(Edit(_whole(text, item.span), "", "check/comment") for item in found)


def matches(rule: str, pattern: str) -> bool:
    """Whether a pattern names a rule: its id, the beginning of it up to a slash, or a glob."""
    return rule == pattern or rule.startswith(f"{pattern.rstrip('/')}/") or fnmatchcase(rule, pattern)


def _parsed(said: str) -> tuple[tuple[str, ...], str]:
    rules, _, reason = said.partition("--")
    return tuple(re.split(r"[,\s]+", rules.strip())), reason.strip()


def _target(text: str, start: int, stop: int) -> int:
    begin, end = text.rfind("\n", 0, start) + 1, _line_end(text, stop)
    if _COMMENT.sub("", text[begin:end]).strip():
        return text.count("\n", 0, start) + 1
    number = text.count("\n", 0, end) + 1
    for line in _following(text, end):
        number += 1
        if _COMMENT.sub("", line).strip():
            break
    return number


def _following(text: str, at: int) -> Iterator[str]:
    while at < len(text):
        end = _line_end(text, at + 1)
        yield text[at + 1 : end]
        at = end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _whole(text: str, span: Span) -> Span:
    """A comment with its line where it stands alone, else with the blanks before it."""
    begin, end = text.rfind("\n", 0, span.start) + 1, _line_end(text, span.stop)
    if not (text[begin : span.start] + text[span.stop : end]).strip():
        return Span(begin, min(end + 1, len(text)))
    start = span.start
    while start > begin and text[start - 1] in " \t":
        start -= 1
    return Span(start, span.stop)
