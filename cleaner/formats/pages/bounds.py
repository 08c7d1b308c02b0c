"""Markup that would take a parser too much time or memory, told before it is parsed."""

from __future__ import annotations

import re
from itertools import accumulate

from cleaner.errors import DecodeError

DEEPEST = 20_000
"""Elements open at once; parsing takes time in their square (half a second here), and browsers stop at 512."""
MOST_STYLES = 500
"""Elements of style that nothing closes and that all differ: each block that follows opens all of them anew (HTML
13.2.4.3), so that memory grows with their number times that of blocks."""

_NESTING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|hr|img|input|li|link|meta|option|p|param|source|t[bdfhr]\w*|wbr)\b)[a-zA-Z]"
)
_STYLE = re.compile(r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b([^<>]*)", re.IGNORECASE)


def refuse_depth(markup: str) -> None:
    """Raise DecodeError for a page with more elements open at once than are read."""
    closing_tags = markup.count("</")
    surplus = markup.count("<") - 2 * closing_tags
    if surplus > DEEPEST:
        deepest = max(accumulate(-1 if tag[1] else 1 for tag in _NESTING.finditer(markup)), default=0)
        if deepest > DEEPEST:
            _refuse(deepest, DEEPEST)
    if surplus > MOST_STYLES:
        styles = [(tag[1], tag[2]) for tag in _STYLE.finditer(markup)]
        different = len({attributes for closes, attributes in styles if not closes})
        open_count = sum(-1 if closes else 1 for closes, _ in styles)
        if min(different, open_count) > MOST_STYLES:
            _refuse(open_count, MOST_STYLES)


def _refuse(count: int, limit: int) -> None:
    raise DecodeError(f"{count} elements open at once, {limit} are read: not a page, or one with broken tags")
