"""Metadata of a page: from JSON-LD, meta elements, OpenGraph, the markup and the byline, the surest first."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cleaner.formats.metadata.byline import read_byline
from cleaner.formats.metadata.dates import find_in_address, read_date
from cleaner.formats.metadata.json_ld import read_json_ld
from cleaner.formats.metadata.model import Value, first_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from selectolax.lexbor import LexborHTMLParser

    from cleaner.formats.metadata.model import Metadata

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "articletitle"),
    "author": ("author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "byl"),
    "date": (
        "article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "publish_date",
        "publishtime", "publish-date", "og:release_date", "weibo:article:create_at", "apub:time", "date", "dc.date",
        "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date",
    ),
    "site_name": ("og:site_name", "application-name", "sitename", "apple-mobile-web-app-title"),
    "source": ("contentsource", "source", "mediaid"),
    "language": ("og:locale", "content-language", "dc.language", "language"),
    "url": ("og:url",),
}  # fmt: skip
"""Names of meta elements, the surest first; sites of China's government have `PubDate`, `ContentSource`."""
_NO_AUTHOR = re.compile(r"://|@|Discuz|phpwind|DedeCMS|WordPress", re.IGNORECASE)
"""Addresses, and the programs of forums and sites, which name themselves as authors."""
_TAG_META = ("article:tag", "og:article:tag", "news_keywords", "keywords")
_BETWEEN_TAGS = re.compile(r"[,，;；、|\n]+")
_LONGEST_TAG, _MOST_TAGS = 30, 20
_LEAST_TITLE = 6
"""Characters of a line that the window's title begins with, at least."""
_BEFORE_SITE = re.compile(r"\s*(?:[_|｜–—]+|\s[-·•»]\s)\s*")
"""What stands between the title of a page and the name of its site in the title of the window."""


def read_metadata(tree: LexborHTMLParser, lines: Sequence[str], address: str = "") -> Metadata:
    """Read what a page says of itself.

    Args:
        tree: the page.
        lines: its text, one block a line.
        address: where it is from, where that is known.
    """
    meta = _read_meta(tree)
    values = first_values([*read_json_ld(tree), *_of_meta(meta), *_of_links(tree)])
    titles = list(_of_titles(tree, lines, values))
    title = str(values["title"].value) if "title" in values else str(titles[0][1].value) if titles else ""
    date_elements = list(_of_time(tree))
    address = address or str(values["url"].value if "url" in values else "")
    of_address = ("date", Value(find_in_address(address), "address"))
    rest = [*titles, *date_elements[:1], *read_byline(lines, title), *date_elements, of_address]
    return first_values([*values.items(), *rest])


def _read_meta(tree: LexborHTMLParser) -> Mapping[str, list[str]]:
    """Return the contents of meta elements by name, in small letters."""
    contents: defaultdict[str, list[str]] = defaultdict(list)
    for element in tree.css("meta[content]"):
        attributes = element.attributes
        content = " ".join((attributes.get("content") or "").split())
        names = (attributes.get(name) for name in ("property", "name", "itemprop", "http-equiv"))
        for name in {name.strip().lower() for name in names if name}:
            if content:
                contents[name].append(content)
    return contents


def _of_meta(meta: Mapping[str, list[str]]) -> Iterator[tuple[str, Value]]:
    for field, names in _META.items():
        for name in names:
            for content in meta.get(name, ())[:1]:
                text = read_date(content) if field == "date" else content
                if field != "author" or not _NO_AUTHOR.search(text):
                    yield field, Value(text.replace("_", "-") if field == "language" else text, _origin(name))
    for name in _TAG_META:
        tags = (tag.strip() for content in meta.get(name, ()) for tag in _BETWEEN_TAGS.split(content))
        unique = tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= _LONGEST_TAG))
        yield "tags", Value(unique[:_MOST_TAGS], _origin(name))


def _origin(name: str) -> str:
    return name if ":" in name else f"meta:{name}"


def _of_links(tree: LexborHTMLParser) -> Iterator[tuple[str, Value]]:
    html, canonical = tree.css_first("html[lang]"), tree.css_first("link[rel='canonical'][href]")
    if html:
        yield "language", Value((html.attributes.get("lang") or "").strip(), "html:lang")
    if canonical:
        yield "url", Value((canonical.attributes.get("href") or "").strip(), "link:canonical")


def _of_titles(tree: LexborHTMLParser, lines: Sequence[str], values: Metadata) -> Iterator[tuple[str, Value]]:
    """Yield the title of the page: a heading or line that the window's title holds, or that without the site's name."""
    title = tree.css_first("title")
    window = " ".join(title.text().split()) if title else ""
    for heading in tree.css("h1"):
        text = " ".join(heading.text().split())
        if text and (text in window or not window):
            yield "title", Value(text, "h1")
    beginnings = [line for line in lines if len(line) >= _LEAST_TITLE and window.startswith(line)]
    if beginnings:
        yield "title", Value(max(beginnings, key=len), "title")
    first, *others = _BEFORE_SITE.split(window) if window else ("",)
    site = str(values["site_name"].value) if "site_name" in values else ""
    if site and window.endswith(site):
        first = window.removesuffix(site).rstrip(" _|｜-–—·")
    yield "title", Value(first or window, "title")
    if others and not site:
        yield "site_name", Value(others[-1].strip(), "title")


def _of_time(tree: LexborHTMLParser) -> Iterator[tuple[str, Value]]:
    """Yield the dates of elements that hold one, those that say that it is the page's first."""
    for selector, origin in (
        ("[itemprop='datePublished']", "itemprop:datePublished"),
        ("time[pubdate]", "time:pubdate"),
        ("time[datetime]", "time"),
    ):
        for element in tree.css(selector)[:1]:
            attributes = element.attributes
            value = attributes.get("datetime") or attributes.get("content") or element.text()
            yield "date", Value(read_date(value), origin)
