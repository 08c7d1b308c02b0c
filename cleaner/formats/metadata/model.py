"""What a page says of itself, each with where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

FIELDS = ("title", "author", "date", "site_name", "source", "language", "url", "tags")
"""Names of what can be known, in the order in which it is written. `source`: whom the page has its text from."""
_LONGEST, _MOST_VALUES = 500, 50
"""Characters of a value and values of a field, at most."""
PREFIX = "page_"
"""Before the names of fields of records, which may have a `date` and a `url` of their own."""
ORIGINS = "page_metadata_from"
"""The field that tells of each value where in the page it stood."""


class Value(NamedTuple):
    """A value with where it stood: `og:title`, `json-ld:author`, `byline`."""

    value: str | tuple[str, ...]
    origin: str


Metadata = Mapping[str, Value]


def first_values(candidates: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Take for each field the first value that says something, in the order of FIELDS."""
    values: dict[str, Value] = {}
    for name, value in candidates:
        if value.value and name not in values:
            values[name] = value._replace(value=_shorten(value.value))
    return {name: values[name] for name in FIELDS if name in values}


def _shorten(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return a value at the length that metadata can have, without half surrogates."""
    if isinstance(value, tuple):
        return tuple(str(_shorten(one)) for one in value[:_MOST_VALUES])
    return value[:_LONGEST].encode("utf-8", "replace").decode()


def as_fields(metadata: Metadata) -> dict[str, Any]:
    """Return fields of a record; none where nothing is known."""
    if not metadata:
        return {}
    fields: dict[str, Any] = {f"{PREFIX}{name}": _plain(value) for name, value in metadata.items()}
    return {**fields, ORIGINS: {name: value.origin for name, value in metadata.items()}}


def _plain(value: Value) -> str | Sequence[str]:
    return value.value if isinstance(value.value, str) else list(value.value)


def as_plain(metadata: Metadata) -> dict[str, Any]:
    """Return the values by name, and under `from` where each stood."""
    if not metadata:
        return {}
    values: dict[str, Any] = {name: _plain(value) for name, value in metadata.items()}
    return {**values, "from": {name: value.origin for name, value in metadata.items()}}
