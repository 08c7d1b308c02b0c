"""A parsed page as lines: one block-level element a line, with what the markup says about each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.rules.hints import KINDS
from cleaner.rules.markup import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

SKIPPED = frozenset((
    "applet", "audio", "canvas", "datalist", "embed", "frameset", "head", "iframe", "map", "noembed", "noframes",
    "noscript", "object", "optgroup", "option", "rp", "rt", "script", "select", "style", "svg", "template",
    "textarea", "title", "video",
))  # fmt: skip
"""Elements that show no text of the page, or only what a reader may choose or type."""

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p",
    "plaintext", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "xmp",
))  # fmt: skip
"""Elements that begin and end a line, as the HTML standard's suggested style sheet has them; buttons too."""

VERBATIM = frozenset(("listing", "plaintext", "pre", "xmp"))
CELLS = frozenset(("td", "th"))

_KIND_OF_TAG = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), KINDS.index("heading")),
    "p": KINDS.index("paragraph"),
    **dict.fromkeys(("li", "dt", "dd"), KINDS.index("item")),
    **dict.fromkeys(CELLS, KINDS.index("cell")),
    **dict.fromkeys(VERBATIM, KINDS.index("pre")),
    "blockquote": KINDS.index("quote"),
}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")

CELL = 80
"""Cells of a row that hold one line of at most this many characters each become one line; longer ones are layout."""


class Frame:
    """An open element and what lines inside it inherit. `node`: number of the innermost block element, -1 for none."""

    __slots__ = ("block", "cells", "children", "inline", "kind", "link", "node", "tag", "verbatim")

    def __init__(self, tag: str, element: LexborNode, above: Frame | None) -> None:
        self.tag, self.block = tag, tag in BLOCKS
        self.children: Iterator[LexborNode] = element.iter(include_text=True)
        self.cells: list[int] | None = [] if tag == "tr" else None
        self.inline, self.kind, self.link, self.node, self.verbatim = 0, 0, False, -1, False
        if above:
            self.inline, self.kind, self.link = above.inline, above.kind, above.link
            self.node, self.verbatim = above.node, above.verbatim


class Lines:
    """Lines as they are found. The columns `links`, `kinds`, `inline`, `owners` have one entry a line; `parents`,
    `places`, `firsts`, `stops` one a block element: the block element around it, what its names say, and the range of
    lines inside it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.links: list[int] = []
        self.kinds: list[int] = []
        self.inline: list[int] = []
        self.owners: list[int] = []
        self.parents: list[int] = []
        self.places: list[int] = []
        self.firsts: list[int] = []
        self.stops: list[int] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._inline = 0

    def say(self, text: str, frame: Frame) -> None:
        """Add a text node to the line; inside preformatted text its line breaks hold."""
        if frame.verbatim and "\n" in text:
            *whole, text = text.split("\n")
            for line in whole:
                self._pieces.append(line)
                self.end(frame)
        elif not self._pieces and text.isspace() and not frame.verbatim:
            return
        self._pieces.append(text)
        self._inline |= frame.inline
        if frame.link:
            self._linked += len("".join(text.split()))

    def end(self, frame: Frame) -> None:
        """End the line that stands in `frame`, if there is one."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        text = text.rstrip() if frame.verbatim else _flowing(text)
        if text and not text.isspace():
            self.texts.append(text)
            self.links.append(self._linked)
            self.kinds.append(frame.kind)
            self.inline.append(self._inline)
            self.owners.append(frame.node)
        self._linked = self._inline = 0

    def open(self, frame: Frame, place: int) -> None:
        """A block element begins; `place` is what its names say."""
        self.parents.append(frame.node)
        self.places.append(place)
        self.firsts.append(len(self.texts))
        self.stops.append(len(self.texts))
        frame.node = len(self.parents) - 1

    def close(self, frame: Frame) -> None:
        """A block element ends; a table row of short cells becomes one line."""
        if frame.cells and _is_row(self.texts, frame.cells):
            first = frame.cells[0]
            self.texts[first:] = ["\t".join(self.texts[first:])]
            self.links[first:] = [sum(self.links[first:])]
            for column in (self.kinds, self.inline, self.owners):
                del column[first + 1 :]
            self.owners[first] = frame.node
            for node in range(frame.node + 1, len(self.stops)):
                self.firsts[node], self.stops[node] = first, first + 1
        self.stops[frame.node] = len(self.texts)


def _flowing(text: str) -> str:
    """White space as browsers show it; a line break between two wide characters is none (CSS Text 3, 4.1.3)."""
    return _SPACE.sub(" ", _WRAP.sub("", text) if "\n" in text or "\r" in text else text).strip()


def _is_row(texts: list[str], cells: list[int]) -> bool:
    """Whether each cell of a row holds at most one line, and a short one. `cells`: the line each cell begins with."""
    first = cells[0]
    one = sorted(set(cells)) == list(range(first, first + len(set(cells)))) and len(texts) - cells[-1] <= 1
    return one and len(texts) - first > 1 and max(map(len, texts[first:])) <= CELL


def read(body: LexborNode) -> Lines:
    """The lines of an element and all inside it, depth first; no limit on depth."""
    out = Lines()
    frames = [_opened(out, body, body.tag or "", None)]
    while frames:
        frame = frames[-1]
        for child in frame.children:
            tag = child.tag
            if tag == "-text":
                out.say(child.text_content or "", frame)
            elif tag == "br":
                out.end(frame)
            elif tag and tag not in SKIPPED and tag[0] != "-":
                if tag in BLOCKS:
                    out.end(frame)
                frames.append(_opened(out, child, tag, frame))
                break
        else:
            _closed(out, frames)
    return out


def _opened(out: Lines, element: LexborNode, tag: str, above: Frame | None) -> Frame:
    frame = Frame(tag, element, above)
    attributes = element.attributes
    place = places_of(tag, attributes) if attributes or frame.block else 0
    if not frame.block:
        frame.link = frame.link or (tag == "a" and ("href" in attributes or "onclick" in attributes))
        frame.inline |= place
        return frame
    if above and above.cells is not None and tag in CELLS:
        above.cells.append(len(out.texts))
    frame.kind = _KIND_OF_TAG.get(tag, frame.kind)
    frame.verbatim = frame.verbatim or tag in VERBATIM
    out.open(frame, place)
    return frame


def _closed(out: Lines, frames: list[Frame]) -> None:
    frame = frames.pop()
    if frame.block:
        out.end(frame)
        out.close(frame)
