"""HTML pages: bytes to lines, with what the markup says about each line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from cleaner import decode
from cleaner.errors import DecodeError, UsageError
from cleaner.features.markup import Hints, Marks, measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from selectolax.lexbor import LexborHTMLParser

    from cleaner.decode import DecodedText
    from cleaner.formats.html_lines import Lines

DEEPEST = 20_000
"""Elements open at once; parsing takes time in their square (half a second here), and browsers stop at 512."""

_NESTING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|hr|img|input|li|link|meta|option|p|param|source|t[bdfhr]\w*|wbr)\b)[a-zA-Z]"
)


@dataclass(frozen=True)
class Page:
    """A page as text: one block-level element a line. `hints` has a row for each non-blank line of `text`."""

    text: str
    title: str
    hints: Hints
    decoded: DecodedText | None = None


def read_page(data: bytes, declared: str | None = None, encoding: str | None = None) -> Page:
    """Read a page's bytes.

    `declared`: the charset HTTP names; the page's own declaration is looked for without it. `encoding`: decode with
    this and nothing else. Raises DecodeError as `cleaner.decode.decode` does, UsageError where the extra `html` is
    missing.
    """
    decoded = decode.decode(data, declaration=declared, encoding=encoding)
    page = parse_page(decoded.text)
    return Page(page.text, page.title, page.hints, decoded)


def parse_page(markup: str) -> Page:
    """Read a page that is decoded already. Broken markup is read as browsers do.

    DecodeError where more than DEEPEST elements are open at once.
    """
    from cleaner.formats import html_lines

    _refuse_depth(markup)

    tree = _parsed(markup)
    title = tree.css_first("title")
    named = " ".join(title.text().split()) if title else ""
    read = html_lines.read(tree.body) if tree.body else html_lines.Lines()
    return Page("\n".join((*read.texts, "")), named, measure(read.texts, _marks(read, named)))


def _refuse_depth(markup: str) -> None:
    closed = markup.count("</")
    if markup.count("<") - 2 * closed > DEEPEST:
        deepest = max(accumulate(-1 if tag[1] else 1 for tag in _NESTING.finditer(markup)), default=0)
        if deepest > DEEPEST:
            raise DecodeError(
                f"{deepest} elements open at once, {DEEPEST} are read: not a page, or one with broken tags"
            )


def _parsed(markup: str) -> LexborHTMLParser:
    try:
        from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser
    except ImportError as error:
        raise UsageError("reading HTML needs selectolax: install webtext-cleaner[html]") from error
    return LexborHTMLParser(markup.encode("utf-8", "replace"), options=LexborDocumentOptions.WO_EVENTS)


def _marks(read: Lines, title: str) -> Marks:
    import numpy as np

    def array(column: list[int]) -> NDArray[np.int64]:
        return np.array(column, dtype=np.int64)

    return Marks(
        links=array(read.links),
        kinds=array(read.kinds),
        inline=array(read.inline),
        owners=array(read.owners),
        parents=array(read.parents),
        places=array(read.places),
        firsts=array(read.firsts),
        stops=array(read.stops),
        title=title,
    )
