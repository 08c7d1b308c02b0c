"""The language of a block of code, as highlighters write it into classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_NAME = r"([A-Za-z][\w+#.-]{0,19})"
_PREFIXED_NAME = re.compile(rf"(?:^|\s)(?:language|lang|brush:|highlight-source|highlight|sourceCode)[-:\s]\s*{_NAME}")
"""`language-py` (HTML standard, Prism, highlight.js), `lang-py`, `brush: py` (SyntaxHighlighter), `highlight-source-py`
(GitHub), `highlight py` (Hexo), `sourceCode python` (Pandoc)."""
_ATTRIBUTES = ("data-lang", "data-language", "lang")
_NO_LANGUAGE = frozenset(("default", "plain", "plaintext", "text", "txt", "none", "nohighlight", "code", "notranslate"))
_OUTER = 2
"""Elements around the code that are asked, too."""
_SPEECH = re.compile(r"(?:zh|en|ja|ko|de|fr|es|ru)(?:-\w+)?\Z", re.IGNORECASE)
"""Languages that people speak: `lang` says so of any element."""


def find_language(node: LexborNode) -> str:
    """Return the language of a preformatted element; "" where nothing tells it."""
    for element in _elements(node):
        attributes = element.attributes
        names = [attributes.get(name) or "" for name in _ATTRIBUTES]
        if match := _PREFIXED_NAME.search(attributes.get("class") or ""):
            names.append(match[1])
        for name in names:
            if re.fullmatch(_NAME, name) and not _SPEECH.match(name) and name.lower() not in _NO_LANGUAGE:
                return name.lower()
    return ""


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the element, the code inside and what is around, the surest first."""
    child = node.first_child
    while child is not None and child.tag != "code":
        child = child.next
    if child is not None:
        yield child
    yield node
    outer = node.parent
    for _ in range(_OUTER):
        if outer is None or outer.tag in (None, "body"):
            return
        yield outer
        outer = outer.parent
