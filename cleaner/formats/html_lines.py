"""A parsed page as lines: one block-level element a line, with what the markup says about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.features.elements import PageElements
from cleaner.features.markup import KINDS
from cleaner.features.markup_words import places_of
from cleaner.lazy_patterns import lazy_pattern

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from cleaner.features.markup import Hints

INVISIBLE_TAGS = frozenset((
    "applet", "area", "audio", "base", "canvas", "col", "datalist", "embed", "frameset", "head", "iframe", "img",
    "input", "link", "map", "meta", "noembed", "noframes", "noscript", "object", "optgroup", "option", "param",
    "rp", "rt", "rtc", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track", "video",
    "wbr",
))  # fmt: skip
"""Elements that show no text of the page, or only text that a reader may choose or type."""

BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p",
    "plaintext", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "xmp",
))  # fmt: skip
"""Elements that begin and end a line, as the HTML standard's suggested style sheet has them; buttons too."""

VERBATIM_TAGS = frozenset(("listing", "plaintext", "pre", "xmp"))
CELL_TAGS = frozenset(("td", "th"))

_KIND_OF_TAG = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), KINDS.index("heading")),
    "p": KINDS.index("paragraph"),
    **dict.fromkeys(("li", "dt", "dd"), KINDS.index("item")),
    **dict.fromkeys(CELL_TAGS, KINDS.index("cell")),
    **dict.fromkeys(VERBATIM_TAGS, KINDS.index("pre")),
    "blockquote": KINDS.index("quote"),
}
_SPACE = lazy_pattern(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_WRAP = lazy_pattern(rf"(?<=[{_WIDE}])[ \t]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")

_NO_NAMES = (None, None)
"""Of an element without an id or classes."""

CELL_WIDTH = 80
"""Cells of a row that hold one line of at most this many characters each become one line; longer ones are layout."""


class Style:
    """Properties that a line inherits from the elements around it.

    `kind`: an index of KINDS. `inline`: bits of the places that inline elements name. `link`: whether it is in one.
    `verbatim`: whether its white space stands as it is.
    """

    __slots__ = ("inline", "kind", "link", "verbatim")

    def __init__(self, kind: int = 0, inline: int = 0, link: bool = False, verbatim: bool = False) -> None:
        self.kind, self.inline, self.link, self.verbatim = kind, inline, link, verbatim


class PageLines:
    """Collects lines. The columns `links`, `kinds`, `inline`, `owners` have one entry a line; `tags`, `names`,
    `parents`, `places`, `firsts`, `stops` one a block element: its name, its id and classes, the block element around
    it, what its names say, and the range of lines inside it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.links: list[int] = []
        self.kinds: list[int] = []
        self.inline: list[int] = []
        self.owners: list[int] = []
        self.parents: list[int] = []
        self.tags: list[str] = []
        self.names: list[tuple[str | None, str | None]] = []
        self.places: list[int] = []
        self.firsts: list[int] = []
        self.stops: list[int] = []
        self._element = -1  # the innermost open block element
        self._rows: dict[int, list[int]] = {}  # open table rows: the line each of their cells begins with
        self.strings: list[str] = []
        self._link_characters = 0
        self._inline = 0

    def add_text(self, text: str, style: Style) -> None:
        """Add a text node to the line; inside preformatted text its line breaks hold."""
        if style.verbatim:
            *lines, text = text.split("\n")
            for line in lines:
                self.strings.append(line)
                self.end_line(style)
        self.strings.append(text)
        self._inline |= style.inline
        if style.link:
            self._link_characters += len(text.strip())

    def end_line(self, style: Style) -> None:
        """End the line that stands in `style`, if there is one."""
        if not self.strings:
            return
        text = "".join(self.strings)
        self.strings.clear()
        text = text.rstrip() if style.verbatim else _collapse_spaces(text)
        if text:
            self.texts.append(text)
            self.links.append(self._link_characters)
            self.kinds.append(style.kind)
            self.inline.append(self._inline)
            self.owners.append(self._element)
        elif style.verbatim and self.owners and self.owners[-1] == self._element:
            self.texts[-1] += "\n"
        self._link_characters = self._inline = 0

    def open_block(self, tag: str, place: int, outer: Style) -> Style:
        """Begin a block element; `place`: bits of its names. Returns the style inside."""
        if tag in CELL_TAGS and self._element in self._rows:
            self._rows[self._element].append(len(self.texts))
        self.parents.append(self._element)
        self.tags.append(tag)
        self.names.append(_NO_NAMES)
        self.places.append(place)
        self.firsts.append(len(self.texts))
        self.stops.append(0)
        self._element = len(self.parents) - 1
        if tag == "tr":
            self._rows[self._element] = []
        if tag not in _KIND_OF_TAG:
            return outer
        return Style(_KIND_OF_TAG[tag], outer.inline, outer.link, outer.verbatim or tag in VERBATIM_TAGS)

    def complete(self, hints: Hints) -> Hints:
        """Return the hints for the lines with all else that was read."""
        return hints

    def open_element(self, node: LexborNode, outer: Style) -> Style:
        """Begin the block element of a node. Returns the style inside."""
        tag = node.tag or ""
        attributes = node.attributes
        style = self.open_block(tag, places_of(tag, attributes), outer)
        if attributes:
            self.names[-1] = (attributes.get("id"), attributes.get("class"))
        return style

    @property
    def elements(self) -> PageElements:
        """The block elements that were read."""
        return PageElements(
            tags=self.tags,
            names=self.names,
            parents=self.parents,
            firsts=self.firsts,
            stops=self.stops,
            owners=self.owners,
            texts=self.texts,
            links=self.links,
        )

    def inline_style(self, node: LexborNode, outer: Style) -> Style:
        """Return the style inside an inline element."""
        attributes = node.attributes
        if not attributes:
            return outer
        tag = node.tag or ""
        place = places_of(tag, attributes)
        link = tag == "a" and ("href" in attributes or "onclick" in attributes)
        if not place and not link:
            return outer
        return Style(outer.kind, outer.inline | place, outer.link or link, outer.verbatim)

    def break_line(self, style: Style) -> None:
        """End the line that stands in `style` where the page breaks it within its element."""
        self.end_line(style)

    def close_block(self, style: Style) -> None:
        """End the innermost block element, with `style` inside; a table row of short cells becomes one line."""
        self.end_line(style)
        element = self._element
        if style.verbatim and self.texts:
            self.texts[-1] = self.texts[-1].rstrip("\n")
        cells = self._rows.pop(element, None) if self._rows else None
        if cells and _is_row(self.texts, cells):
            self._join(element, cells[0])
        self.stops[element] = len(self.texts)
        self._element = self.parents[element]

    def _join(self, row: int, first: int) -> None:
        self.texts[first:] = ["\t".join(self.texts[first:])]
        self.links[first:] = [sum(self.links[first:])]
        for column in (self.kinds, self.inline, self.owners):
            del column[first + 1 :]
        self.owners[first] = row
        for inner in range(row + 1, len(self.stops)):
            self.firsts[inner], self.stops[inner] = first, first + 1


def _collapse_spaces(text: str) -> str:
    """Collapse white space as browsers do; a line break between two wide characters is none (CSS Text 3, 4.1.3)."""
    text = text.strip()
    if len(text.split()) <= 1:
        return text
    return _SPACE.sub(" ", _WRAP.sub("", text) if "\n" in text or "\r" in text else text)


def _is_row(texts: list[str], cells: list[int]) -> bool:
    """Whether each cell of a row holds at most one line, and a short one. `cells`: the line each cell begins with."""
    first = cells[0]
    one = sorted(set(cells)) == list(range(first, first + len(set(cells)))) and len(texts) - cells[-1] <= 1
    return one and len(texts) - first > 1 and max(map(len, texts[first:])) <= CELL_WIDTH


def read_lines(body: LexborNode, out: PageLines) -> None:
    """Read the lines of an element and all inside it, depth first; no limit on depth. `out` collects them."""
    style = out.open_block("body", 0, Style())
    open_elements: list[tuple[LexborNode, Style, bool]] = []
    node, strings = body.first_child, out.strings
    while node is not None or open_elements:
        if node is None:
            node, outer, is_block = open_elements.pop()
            if is_block:
                out.close_block(style)
            style = outer
        else:
            tag = node.tag
            if tag == "-text":
                text = node.text_content or ""
                if strings or style.verbatim or not text.isspace():
                    out.add_text(text, style)
            elif tag == "br":
                out.break_line(style)
            elif tag and tag not in INVISIBLE_TAGS and tag[0] != "-":
                is_block, inner = tag in BLOCK_TAGS, node.first_child
                if is_block:
                    out.end_line(style)
                if inner is not None:
                    open_elements.append((node, style, is_block))
                    style = out.open_element(node, style) if is_block else out.inline_style(node, style)
                    node = inner
                    continue
        node = node.next
    out.close_block(style)
