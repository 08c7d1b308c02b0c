"""Articles in JSON-LD, as schema.org describes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cleaner.formats.metadata.dates import read_date
from cleaner.formats.metadata.model import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_ARTICLE_ENDS = ("Article", "Posting", "WebPage", "Report", "QAPage", "Question", "Recipe", "Product")
"""Ends of the names of types that are about the page itself."""
_LARGEST = 1 << 20
"""Characters of JSON that are read, at most."""
_DEEPEST = 6
"""Levels of lists and objects that are looked into."""


def read_json_ld(tree: LexborHTMLParser) -> Iterator[tuple[str, Value]]:
    """Yield what the page's JSON-LD says of it, articles first."""
    objects = list(find_objects(tree))
    for thing in sorted(objects, key=_rank):
        if _rank(thing) < len(_ARTICLE_ENDS):
            yield from _read(thing)


def find_objects(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield the objects of all blocks of JSON-LD that can be read."""
    for script in tree.css("script[type='application/ld+json']"):
        text = script.text()
        if len(text) <= _LARGEST:
            try:
                yield from _objects(json.loads(text.strip().rstrip(";"), strict=False), _DEEPEST)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth:
        for inner in value:
            yield from _objects(inner, depth - 1)
    elif isinstance(value, dict):
        yield value
        if depth:
            for name in ("@graph", "mainEntity"):
                yield from _objects(value.get(name), depth - 1)


def _rank(thing: dict[str, Any]) -> int:
    types = thing.get("@type")
    names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    ranks = [rank for rank, end in enumerate(_ARTICLE_ENDS) for name in names if name.endswith(end)]
    return min(ranks, default=len(_ARTICLE_ENDS))


def _read(thing: dict[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, key in (("title", "headline"), ("title", "name"), ("language", "inLanguage"), ("url", "url")):
        if isinstance(text := thing.get(key), str):
            yield name, Value(" ".join(text.split()), f"json-ld:{key}")
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if isinstance(text := thing.get(key), str):
            yield "date", Value(read_date(text), f"json-ld:{key}")
    yield "author", Value("、".join(_names(thing.get("author") or thing.get("creator"))), "json-ld:author")
    yield "site_name", Value("、".join(_names(thing.get("publisher"))), "json-ld:publisher")
    words = thing.get("keywords")
    if isinstance(words, str):
        words = words.split(",")
    if isinstance(words, list):
        tags = tuple(dict.fromkeys(word.strip() for word in words if isinstance(word, str) and word.strip()))
        yield "tags", Value(tags, "json-ld:keywords")


def _names(value: Any) -> list[str]:
    """Return the names of persons or organizations."""
    people = value if isinstance(value, list) else [value]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    return list(dict.fromkeys(" ".join(name.split()) for name in names if isinstance(name, str) and "://" not in name))
