"""Read the arrays of a pack file: their elements as they are written, with comments, and groups of them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{},\n]"
    r"|[^\s\"'#\[\]{},]+"
    r"|[^\S\n]+",
    re.DOTALL,
)
"""A string, a comment, a sign of structure, another value, or white space."""
GROUP_HEAD = re.compile(r"#[ \t]*\d+(?: to \d+)? (?:pages|hosts)\b.*")
"""The remark above literals that were learned: on how many pages they stand. They share lines up to the next one."""


class Element(NamedTuple):
    """An element of an array as it is written, with the comments before it and behind it, and the head of its group."""

    source: str
    comments: tuple[str, ...] = ()
    note: str = ""
    head: str = ""

    @property
    def value(self) -> object:
        """The element's value."""
        return tomllib.loads(f"value = {self.source}")["value"]


def sort_groups(elements: Sequence[Element]) -> list[Element]:
    """Sort elements in their groups, those of none first; each value once, groups in the order of their heads."""
    heads = list(dict.fromkeys(["", *(element.head for element in elements)]))
    unique = {str(element.value): element for element in reversed(elements)}.values()
    return sorted(unique, key=lambda element: (heads.index(element.head), str(element.value)))


def split_groups(elements: Iterable[Element]) -> Iterator[tuple[str, list[Element]]]:
    """Yield the head of each group, "" of none, and its elements."""
    for head, group in groupby(elements, key=lambda element: element.head):
        yield head, list(group)


def count_columns(text: str) -> int:
    """Count the columns that a text takes on a screen: two for a wide character."""
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def read_elements(array: str) -> Iterator[Element]:
    """Yield the elements of an array, with which the text begins."""
    depth, source, head = 0, "", ""
    comments: list[str] = []
    element: Element | None = None  # the last one, which a comment behind it may follow
    for token in (match[0] for match in TOKEN.finditer(array)):
        if depth == 1 and token.startswith("#") and not source.strip():
            if GROUP_HEAD.fullmatch(token) and not (element and "\n" not in source):
                head = token
            elif element and "\n" not in source:
                element = element._replace(note=token)
            else:
                comments.append(token)
            continue
        depth += (token in "[{") - (token in "]}")
        if (depth == 1 and token == ",") or not depth:
            if element:
                yield element
            element = Element(source.strip(), tuple(comments), head=head) if source.strip() else None
            comments, source = [], ""
        elif depth > 1 or token != "[":
            source += token
        if not depth:
            break
    if element:
        yield element
