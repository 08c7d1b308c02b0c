"""Which host a document is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from collections.abc import Mapping


HOST_FIELDS = ("host", "url", "source")


_URL = regex.compile(r"^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)", regex.IGNORECASE)


_FOLDER = regex.compile(r"(?:^|/)((?:[a-z0-9-]+\.)+[a-z]{2,})/", regex.IGNORECASE)


def find_host(document: str, record: Mapping[str, Any]) -> str:
    """The host a document is from, in lower case: by its record's host, url or source, else by its id.

    A URL tells, and so does a folder that is called like a host, as mirrors have it. Empty where nothing tells.
    """
    if isinstance(given := record.get(HOST_FIELDS[0]), str):
        return given.lower()
    for value in (record.get(HOST_FIELDS[1]), record.get(HOST_FIELDS[2]), document):
        if isinstance(value, str) and "/" in value and (found := _URL.search(value) or _FOLDER.search(value)):
            return str(found[1]).lower()
    return ""
