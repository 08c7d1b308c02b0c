"""Running text in the JSON that a page's scripts make the page of."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape, unescape
from itertools import islice
from typing import Any

_STATE = re.compile(r"(?:_STATE|_DATA|__NUXT|initialState)_{0,2}(?:[\"']\])?\s*=\s*(?P<start>\{|JSON\.parse\()")
"""An assignment to what is named a state or data in capitals, as frameworks do: `__INITIAL_STATE__ = {`."""
_UNDEFINED_VALUE = re.compile(r"(?<=[:,\[])\s*undefined(?=\s*[,}\]])")
_LARGEST = 16 << 20
"""Characters of JSON that are read, at most."""
_MOST_STATES = 8
"""States of a script that are read, at most."""
_MOST_NODES = 200_000
"""Values that are looked at, at most."""
_SHORTEST = 20
"""Characters of running text, at least."""
_PAUSE = re.compile(r"[，。！？；,.!?;]")
_ELEMENT = re.compile(r"</?(?:p|div|br|span|h[1-6]|section|article|ul|li|table|img)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:https?:|//|data:|[\w.-]+/[\w./-]+$|[{\[])")
_NO_TEXT = re.compile(
    r"url|src|href|css|style|script|token|hash|sign|schema|base64|cookie|license|copyright", re.IGNORECASE
)
"""Names of fields that hold no text for readers."""


def find_states(script: str) -> Iterator[Any]:
    """Yield the values that a script assigns to the state of its page, where they are JSON."""
    if len(script) > _LARGEST:
        return
    for match in islice(_STATE.finditer(script), _MOST_STATES):
        value = read_json(script[match.start("start") :].removeprefix("JSON.parse("))
        yield read_json(value) if isinstance(value, str) else value


def read_json(text: str) -> Any:
    """Read the value that a text begins with; None where it is none. JavaScript's `undefined` counts as null."""
    if len(text) > _LARGEST:
        return None
    for candidate in (text, _UNDEFINED_VALUE.sub("null", text)) if "undefined" in text else (text,):
        try:
            return json.JSONDecoder(strict=False).raw_decode(candidate.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def write_longest_text(value: Any) -> str:
    """Return as markup the texts of a field, in one object or all objects of a list, that say most; "" for none."""
    groups: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for path, text in _texts(value):
        groups[path][text] = None
    if not groups:
        return ""
    longest = max(groups.values(), key=lambda texts: sum(map(len, texts)))
    return "\n".join(map(_as_markup, longest))


def _texts(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield running texts with the names of the fields that lead to them, in the order of the JSON."""
    pending: list[tuple[tuple[str, ...], Any]] = [((), value)]
    for _ in range(_MOST_NODES):
        if not pending:
            return
        path, inner = pending.pop()
        if isinstance(inner, dict):
            fields = [((*path, str(name)), one) for name, one in inner.items() if not _NO_TEXT.search(str(name))]
            pending += reversed(fields)
        elif isinstance(inner, list):
            pending += [(path, one) for one in reversed(inner)]
        elif isinstance(inner, str) and len(inner) >= _SHORTEST and _PAUSE.search(inner) and not _ADDRESS.match(inner):
            yield path, inner


def _as_markup(text: str) -> str:
    """Return a text as markup: as it is where it is markup, else a paragraph a line."""
    if "<" not in text and "&lt;" in text:
        text = unescape(text)
    if _ELEMENT.search(text):
        return text
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())
