"""Text that a page holds but does not show until a script runs, for pages that show none."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from cleaner.errors import DecodeError
from cleaner.formats.pages import json_texts
from cleaner.formats.pages.bounds import refuse_depth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LITTLE = 200
"""Characters of running text from which a page shows its text."""
_LEAST = 60
"""Characters of text that a page must hold unseen, at least."""
_LINE = 20
"""Characters of a line of running text, at least."""
_PAUSE = re.compile(r"[，。！？；,.!?;]")
_SIGNS = (
    "__NEXT_DATA__", "_STATE", "_DATA", "initialState", "__NUXT__", "articleBody", "<noscript", "<noframes",
    "<template", "<textarea", "text/template", "text/html", "srcdoc", "<!--",
)  # fmt: skip
"""What the markup of a page with such text holds one of."""
_HOLDERS = (
    "noscript, noframes, template, textarea[class*='lazy' i], textarea[style*='none'], script[type='text/template'], "
    "script[type='text/html']"
)
_MOST_HOLDERS = 20
"""Elements of these that are looked at, at most: they can stand within each other."""
_BODIES = ("articleBody", "text", "reviewBody")
_TAG = re.compile(r"<[^<>]*>")
_TEMPLATE = re.compile(r"</?template\b[^<>]*>", re.IGNORECASE)
_REQUEST = re.compile(
    r"(?:enable|turn on|requires?|without|启用|开启|打开|支持|啟用|開啟).{0,40}?(?:java\s?script|脚本|腳本)"
    r"|(?:java\s?script|脚本).{0,20}?(?:enable|disabled|启用|开启|打开|支持|禁用)",
    re.IGNORECASE,
)
"""A request to let scripts run."""
_LONGEST_REQUEST = 400
_PARAGRAPH = re.compile(r"<(?:p|div|br|article|section|h[1-6])\b", re.IGNORECASE)


def show_unseen(tree: LexborHTMLParser, markup: str, lines: Sequence[str]) -> str:
    """Write a page that shows next to no text with the text that it holds; "" for one that shows its own.

    Looked at are, the surest first: bodies of articles in JSON-LD; the state of Next.js, Nuxt, Redux and the like;
    elements without scripts or frames, of templates, of text areas that load late; pages within; comments.

    Args:
        tree: the page.
        markup: the same, as it came.
        lines: what it shows.
    """
    shown_size = 0
    for line in lines:
        if len(line) >= _LINE and _PAUSE.search(line):
            shown_size += len(line)
            if shown_size >= _LITTLE:
                return ""
    if not any(sign in markup for sign in _SIGNS):
        return ""
    for candidate in _candidates(tree, markup):
        if _weigh(candidate) >= max(_LEAST, 2 * shown_size):
            title = tree.css_first("title")
            body = tree.body.inner_html if tree.body else ""
            page = f"<head>{title.html if title else ''}</head><body>{body}<article>{candidate}</article></body>"
            with suppress(DecodeError):
                refuse_depth(page)
                return page
    return ""


def _candidates(tree: LexborHTMLParser, markup: str) -> Iterator[str]:
    yield "\n".join(_bodies(tree))
    for script in tree.css("script"):
        code = script.text()
        if script.attributes.get("id") == "__NEXT_DATA__":
            yield json_texts.write_longest_text(json_texts.read_json(code))
        for state in json_texts.find_states(code):
            yield json_texts.write_longest_text(state)
    yield max(map(_inner, tree.css(_HOLDERS)[:_MOST_HOLDERS]), key=_weigh, default="")
    yield from (frame.attributes.get("srcdoc") or "" for frame in tree.css("iframe[srcdoc]"))
    yield max((text for text in _comments(markup) if _PARAGRAPH.search(text)), key=_weigh, default="")


def _bodies(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield the bodies of articles and answers in JSON-LD."""
    from cleaner.formats.metadata.json_ld import find_objects

    for thing in find_objects(tree):
        text = next((thing[name] for name in _BODIES if isinstance(thing.get(name), str)), "")
        if text:
            yield json_texts.write_longest_text([text])


def _comments(markup: str) -> Iterator[str]:
    """Yield the comments of a page, but for conditions of old browsers."""
    stop = 0
    while (start := markup.find("<!--", stop)) >= 0 and (stop := markup.find("-->", start)) >= 0:
        text = markup[start + len("<!--") : stop]
        if not text.startswith("["):
            yield text


def _inner(element: LexborNode) -> str:
    """Return the markup that an element holds; "" for an area of plain text, and for what asks for a script."""
    markup = {"template": element.html, "noscript": element.inner_html}.get(element.tag or "", element.text()) or ""
    if element.tag == "textarea" and not _PARAGRAPH.search(markup):
        return ""
    text = _TAG.sub("", markup)
    return "" if len(text) < _LONGEST_REQUEST and _REQUEST.search(text) else _TEMPLATE.sub("", markup)


def _weigh(markup: str) -> int:
    """Return the characters of running text."""
    return sum(len(text) for text in map(str.strip, _TAG.split(markup)) if len(text) >= _LINE and _PAUSE.search(text))
