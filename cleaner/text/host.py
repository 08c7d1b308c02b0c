"""Find the host that a document is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

from cleaner.text.printable import is_encodable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


HOST_FIELDS = ("host", "url", "source")
"""Fields of a record: one that holds a host, and those that hold an address."""
_URL = regex.compile(r"^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)", regex.IGNORECASE)

_FOLDER = regex.compile(r"(?:^|/)((?:[a-z0-9-]+\.)+[a-z]{2,})/", regex.IGNORECASE)


def find_host(document: str, record: Mapping[str, Any]) -> str:
    """Find the host of a document by its record's host, url or source, else by its id; lower case, "" for none.

    A URL tells it, and so does a folder that is called like a host, as mirrors have it.
    """
    host_field, *address_fields = HOST_FIELDS
    if isinstance(host := record.get(host_field), str) and is_encodable(host):
        return host.lower()
    for value in (*map(record.get, address_fields), document):
        if isinstance(value, str) and "/" in value and (match := _URL.search(value) or _FOLDER.search(value)):
            host_name = str(match[1]).lower()
            return host_name if is_encodable(host_name) else ""
    return ""


def host_of_value(value: Any) -> str:
    """Return the host of a field that holds a host or an address, lower case; "" for any other value."""
    if not isinstance(value, str):
        return ""
    return find_host("", {"url": value}) if "/" in value else find_host("", {"host": value.strip()})


def collect_addresses(values: Iterable[Any]) -> dict[str, str]:
    """Return the values that may tell a host as `find_host` knows them, the first of each kind."""
    addresses: dict[str, str] = {}
    for value in values:
        if isinstance(value, str):
            if "://" in value:
                addresses.setdefault("url", value)
            elif "." in value and "/" not in value:
                addresses.setdefault("host", value)
    return addresses
