"""Which host a document is from, and which repeated passages are a host's templates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleaner.dedup.results import Pair

MANY = 5
"""In so many documents of one host a passage is a template."""
FIELDS = ("host", "url", "source")
_URL = regex.compile(r"^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)", regex.IGNORECASE)
_FOLDER = regex.compile(r"(?:^|/)((?:[a-z0-9-]+\.)+[a-z]{2,})/", regex.IGNORECASE)


def host(document: str, record: Mapping[str, Any]) -> str:
    """The host a document is from, in lower case: by its record's host, url or source, else by its id.

    A URL tells, and so does a folder that is called like a host, as mirrors have it. Empty where nothing tells.
    """
    if isinstance(given := record.get(FIELDS[0]), str):
        return given.lower()
    for value in (record.get(FIELDS[1]), record.get(FIELDS[2]), document):
        if isinstance(value, str) and "/" in value and (found := _URL.search(value) or _FOLDER.search(value)):
            return str(found[1]).lower()
    return ""


def with_templates(pairs: list[Pair], host_of: Callable[[str], str]) -> list[Pair]:
    """Passage pairs, those called templates whose passage stands in at least `MANY` documents of the copy's host."""
    standing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        for document in (pair.copy, pair.keeper):
            if at := host_of(document):
                standing[pair.cluster, at].add(document)
    return [
        msgspec.structs.replace(pair, kind="template")
        if (at := host_of(pair.copy)) and len(standing[pair.cluster, at]) >= MANY
        else pair
        for pair in pairs
    ]
