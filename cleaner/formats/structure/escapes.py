r"""Characters of a text that Markdown would take for marks, which a backslash makes characters again."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CANDIDATE = re.compile(r"[\\`*_\[\]<&$|!^]")
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_MARK = re.compile(r"#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|~{3}|[-=_*|:][-=_*|:\s]*$")
"""What begins a heading, a quote, an item or code, is a rule, or underlines a heading or the head of a table."""
_NUMBER_MARK = re.compile(r"\d{1,9}([.)])(?=\s|$)")
_CLOSING_MARK = re.compile(r"(?:^|(?<=\s))(#)#*$")
_ALWAYS = frozenset("\\`$")


def find_marks(text: str, first: int, last: int, in_link: bool, in_table: bool) -> Iterator[int]:
    """Yield the positions of characters that need a backslash in a range of a line."""
    for match in _CANDIDATE.finditer(text, first, last):
        start, mark = match.start(), match[0]
        if mark in _ALWAYS or _is_mark(text, start, mark, in_link=in_link, in_table=in_table):
            yield start


def find_line_marks(text: str) -> Iterator[int]:
    """Yield the positions of characters that need a backslash where a line begins with `text`."""
    if match := _LINE_MARK.match(text):
        yield match.start()
    elif match := _NUMBER_MARK.match(text):
        yield match.start(1)


def find_closing_marks(text: str) -> Iterator[int]:
    """Yield the positions of characters that need a backslash where a heading ends with `text`."""
    if match := _CLOSING_MARK.search(text):
        yield match.start(1)


def is_space(character: str) -> bool:
    """Whether a character, or the end of a line as "", counts as white space beside a mark."""
    return not character or character.isspace()


def is_mark(character: str, *, symbols: bool) -> bool:
    """Whether a character counts as punctuation; of symbols parsers think differently."""
    return unicodedata.category(character)[0] in ("PS" if symbols else "P") if character else False


def _is_mark(text: str, start: int, mark: str, *, in_link: bool, in_table: bool) -> bool:
    before, after = text[start - 1 : start], text[start + 1 : start + 2]
    if mark == "*":
        return not (is_space(before) and is_space(after))
    if mark == "_":
        return not (before.isalnum() and after.isalnum()) and not (is_space(before) and is_space(after))
    if mark in "[]" and in_link:
        return True
    if mark == "]":
        return after in ("(", "[", ":")
    if mark in "!^":
        return after == "["
    if mark == "<":
        return _MARKUP.match(text, start) is not None
    if mark == "&":
        return _ENTITY.match(text, start) is not None
    return mark == "|" and in_table
