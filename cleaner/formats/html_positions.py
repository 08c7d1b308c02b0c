"""Positions in a page's markup of the lines of its text."""

from __future__ import annotations

import re
from html import unescape

from cleaner.model import Span

_INVISIBLE = re.compile(
    r"<(script|style|head|noscript|template|textarea|select|svg)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);?")


class VisibleText:
    """The characters of a page that show, white space aside, with the position of each in the markup."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._positions: list[int] = []
        self._strings: list[str] = []
        start = 0
        for invisible in _INVISIBLE.finditer(markup):
            self._add(start, invisible.start())
            start = invisible.end()
        self._add(start, len(markup))
        self._text = "".join(self._strings)

    def _add(self, start: int, stop: int) -> None:
        for entity in _ENTITY.finditer(self._markup, start, stop):
            self._add_plain(start, entity.start())
            characters = "".join(unescape(entity[0]).split())
            self._strings.append(characters)
            self._positions += [entity.start()] * len(characters)
            start = entity.end()
        self._add_plain(start, stop)

    def _add_plain(self, start: int, stop: int) -> None:
        for position in range(start, stop):
            if not self._markup[position].isspace():
                self._strings.append(self._markup[position])
                self._positions.append(position)

    def line_spans(self, text: str) -> list[Span]:
        """Find each line of a page's text in the markup; a line that is not found is put behind the last."""
        spans, stop = [], 0
        for line in text.split("\n"):
            characters = "".join(line.split())
            start = self._text.find(characters, stop) if characters else -1
            if start >= 0:
                stop = start + len(characters)
                spans.append(Span(self._positions[start], self._positions[stop - 1] + 1))
            else:
                position = self._positions[stop - 1] if stop else 0
                spans.append(Span(position, position))
        return spans
