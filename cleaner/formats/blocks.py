"""A parsed page as lines: one block-level element a line, with what the markup says about each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.rules.hints import KINDS
from cleaner.rules.markup import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


class Style:
    """What a line inherits from the elements around it.

    `kind`: index of KINDS. `inline`: bits of places named by inline elements. `node`: number of the innermost block
    element, -1 for none. `cells`: in a table row, the line each cell begins with.
    """

    __slots__ = ("cells", "inline", "kind", "link", "node", "verbatim")

    def __init__(
        self, kind: int = 0, inline: int = 0, node: int = -1, link: bool = False, verbatim: bool = False
    ) -> None:
        self.kind, self.inline, self.node, self.link, self.verbatim = kind, inline, node, link, verbatim
        self.cells: list[int] | None = None


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

    def say(self, text: str, style: Style) -> None:
        """Add a text node to the line; inside preformatted text its line breaks hold."""
        if style.verbatim:
            *whole, text = text.split("\n")
            for line in whole:
                self._pieces.append(line)
                self.end(style)
        elif not self._pieces and text.isspace():
            return
        self._pieces.append(text)
        self._inline |= style.inline
        if style.link:
            self._linked += len("".join(text.split()))

    def end(self, style: Style) -> None:
        """End the line that stands in `style`, if there is one."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        text = text.rstrip() if style.verbatim else _flowing(text)
        if text and not text.isspace():
            self.texts.append(text)
            self.links.append(self._linked)
            self.kinds.append(style.kind)
            self.inline.append(self._inline)
            self.owners.append(style.node)
        elif style.verbatim and self.owners and self.owners[-1] == style.node:
            self.texts[-1] += "\n"
        self._linked = self._inline = 0

    def open(self, tag: str, place: int, above: Style) -> Style:
        """A block element begins; `place` is what its names say."""
        if above.cells is not None and tag in CELLS:
            above.cells.append(len(self.texts))
        style = Style(_KIND_OF_TAG.get(tag, above.kind), above.inline, len(self.parents), above.link)
        style.verbatim = above.verbatim or tag in VERBATIM
        if tag == "tr":
            style.cells = []
        self.parents.append(above.node)
        self.places.append(place)
        self.firsts.append(len(self.texts))
        self.stops.append(0)
        return style

    def close(self, style: Style) -> None:
        """A block element ends; a table row of short cells becomes one line."""
        self.end(style)
        if style.verbatim and self.texts:
            self.texts[-1] = self.texts[-1].rstrip("\n")
        if style.cells and _is_row(self.texts, style.cells):
            self._join(style)
        self.stops[style.node] = len(self.texts)

    def _join(self, row: Style) -> None:
        first = row.cells[0] if row.cells else 0
        self.texts[first:] = ["\t".join(self.texts[first:])]
        self.links[first:] = [sum(self.links[first:])]
        for column in (self.kinds, self.inline, self.owners):
            del column[first + 1 :]
        self.owners[first] = row.node
        for node in range(row.node + 1, len(self.stops)):
            self.firsts[node], self.stops[node] = first, first + 1


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
    style = out.open("body", 0, Style())
    open_elements: list[tuple[Iterator[LexborNode], Style, bool]] = [(body.iter(include_text=True), style, True)]
    while open_elements:
        children, style, is_block = open_elements[-1]
        for child in children:
            tag = child.tag
            if tag == "-text":
                out.say(child.text_content or "", style)
            elif tag == "br":
                out.end(style)
            elif tag and tag not in SKIPPED and tag[0] != "-":
                inner = tag in BLOCKS
                if inner:
                    out.end(style)
                    style = out.open(tag, places_of(tag, child.attributes), style)
                else:
                    style = _inside(tag, child.attributes, style)
                open_elements.append((child.iter(include_text=True), style, inner))
                break
        else:
            open_elements.pop()
            if is_block:
                out.close(style)
    return out


def _inside(tag: str, attributes: Mapping[str, str | None], above: Style) -> Style:
    """The style inside an inline element."""
    if not attributes:
        return above
    place = places_of(tag, attributes)
    link = tag == "a" and ("href" in attributes or "onclick" in attributes)
    if not place and not link:
        return above
    return Style(above.kind, above.inline | place, above.node, above.link or link, above.verbatim)
