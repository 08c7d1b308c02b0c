"""Lines of a page's text back in its markup."""

from __future__ import annotations

import re
from html import unescape

from cleaner.model import Span

_UNSEEN = re.compile(
    r"<(script|style|head|noscript|template|textarea|select|svg)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);?")


class Markup:
    """The characters of a page that show, white space aside, with where each stands in the markup."""

    def __init__(self, markup: str) -> None:
        self._places: list[int] = []
        seen: list[str] = []
        at = 0
        for unseen in _UNSEEN.finditer(markup):
            self._add(markup, at, unseen.start(), seen)
            at = unseen.end()
        self._add(markup, at, len(markup), seen)
        self._seen = "".join(seen)

    def _add(self, markup: str, start: int, stop: int, seen: list[str]) -> None:
        at = start
        for entity in _ENTITY.finditer(markup, start, stop):
            self._plain(markup, at, entity.start(), seen)
            meant = "".join(unescape(entity[0]).split())
            seen.append(meant)
            self._places += [entity.start()] * len(meant)
            at = entity.end()
        self._plain(markup, at, stop, seen)

    def _plain(self, markup: str, start: int, stop: int, seen: list[str]) -> None:
        for at in range(start, stop):
            if not markup[at].isspace():
                seen.append(markup[at])
                self._places.append(at)

    def spans(self, text: str) -> list[Span]:
        """For each line of a page's text where it stands in the markup; where that cannot be told, behind the last."""
        found, at = [], 0
        for line in text.split("\n"):
            inked = "".join(line.split())
            start = self._seen.find(inked, at) if inked else -1
            if start >= 0:
                at = start + len(inked)
                found.append(Span(self._places[start], self._places[at - 1] + 1))
            else:
                place = self._places[at - 1] if at else 0
                found.append(Span(place, place))
        return found
