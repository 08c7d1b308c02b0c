"""Decode characters written as escapes: entities, and on request JavaScript's and URLs' notations."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from cleaner.lazy_patterns import lazy_pattern
from cleaner.text import codepoints

_LONGEST = 40
"""No entity is longer, in characters: the longest name of HTML 5 has 33 with `&` and `;`."""

_ENTITY = lazy_pattern(
    r"""&(?:
        \#(?:(?P<decimal>[0-9]{1,7})(?![0-9])|[xX](?P<hexadecimal>0{0,2}[0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]))[;；]?
        |(?P<name>[A-Za-z][0-9A-Za-z]{1,31})[;；]
        |(?P<open>nbsp|ensp|emsp|quot|[lr][sd]quo|hellip|mdash|middot)(?![0-9A-Za-z=])
    )""",
    re.VERBOSE,
)
_TAG = lazy_pattern(r"<[A-Za-z/!?]")
_MARKUP = frozenset("<>&\"'")


def entities(text: str) -> str:
    """Decode entities until none is left, also doubly escaped ones (`&amp;nbsp;`). The number of lines stays.

    Named entities of HTML 5 need their semicolon (a full-width one will do), but for a few that pages write without and
    that no query string uses. Numeric ones don't; surrogates written as two of them are joined. U+00A0 stays U+00A0.
    A line break or control character written as an entity becomes a space, as in a browser.

    A line that holds a tag is source: there `&lt; &gt; &amp; &quot; &apos;` stay, so that the source keeps its meaning.

    Warning:
        Wrong for text that explains entities (a tutorial's `&nbsp;` on a line without tags is decoded).
    """
    if _ENTITY.search(text) is None:
        return text
    return "\n".join(_decode_line(line) if "&" in line else line for line in text.split("\n"))


def _decode_line(line: str) -> str:
    """Decode from right to left, so that a decoded entity can begin or end another one, in linear time."""
    markup = _MARKUP if _TAG.search(line) else frozenset[str]()
    tail: list[str] = []  # the text to the right, its last part first
    stop = len(line)
    while (start := line.rfind("&", 0, stop)) >= 0:
        part = line[start:stop]
        while part.startswith("&") and (character := _take_entity(part, tail, markup)) is not None:
            part = character
        tail.append(part)
        stop = start
    tail.append(line[:stop])
    return _WITH_SURROGATES.sub(_join_surrogates, "".join(reversed(tail)))


def _take_entity(part: str, tail: list[str], markup: frozenset[str]) -> str | None:
    """Take an entity that `part` begins with from `part` and `tail`, and return its character; None without one."""
    count = 0
    window = part[:_LONGEST]
    while len(window) < _LONGEST and count < len(tail):
        count += 1
        window += tail[-count][:_LONGEST]
    entity = _ENTITY.match(window)
    character = _decode_entity(entity) if entity else None
    if entity is None or character is None or character in markup:
        return None
    rest, length = part, entity.end()
    while len(rest) < length:
        length -= len(rest)
        rest = tail.pop()
    if rest[length:]:
        tail.append(rest[length:])
    return character


def _decode_entity(entity: re.Match[str]) -> str | None:
    """Return the character of an entity, or None when it is none."""
    if entity["open"]:
        return unescape(f"&{entity['open']};")
    if entity["name"]:
        new = unescape(f"&{entity['name']};")
        # unescape reads `&notit;` as `¬it;`: a name counts only as a whole
        return _blank_control(new) if not new.endswith(";") or entity["name"] == "semi" else None
    code = int(entity["decimal"]) if entity["decimal"] else int(entity["hexadecimal"], 16)
    has_semicolon = entity[0].endswith((";", "；"))
    if code >= codepoints.COUNT or (code < _SPACE and not has_semicolon):
        return None
    return chr(code) if code in codepoints.SURROGATES else _blank_control(unescape(f"&#{code};"))


_SPACE = ord(" ")
"""Code points below are control characters."""


def _blank_control(new: str) -> str:
    return " " if len(new) == 1 and unicodedata.category(new) in ("Cc", "Zl", "Zp") and new != "\t" else new


_WITH_SURROGATES = lazy_pattern("[\ud800-\udfff]+")


def _join_surrogates(run: re.Match[str]) -> str:
    return run[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unicode_escapes(text: str) -> str:
    r"""Decode `\u4e2d` and surrogate pairs `\ud83d\ude00`, as JSON and JavaScript write them. Off by default.

    What could be part of another escape stays written: ASCII letters, digits and backslashes; so do control characters.
    An escaped backslash (`\\u4e2d`) stays.

    Warning:
        Wrong for program text and for Windows paths (`C:\u5b89`).
    """
    return _BACKSLASH_U.sub(_decode_unit, text) if "\\u" in text else text


def percent(text: str) -> str:
    """Decode `%E4%B8%AD` (UTF-8) and `%u4E2D`, as URLs and JavaScript's `escape` write them. Off by default.

    ASCII (`%20`, `%2F`) and bytes that are not UTF-8 stay written.

    Warning:
        Wrong where URLs are to be followed or compared: the address changes its spelling.
    """
    return _PERCENT_U.sub(_decode_unit, _PERCENT_UTF8.sub(_decode_bytes, text)) if "%" in text else text


_UNITS = (
    "{0}(?P<high>[dD][89abAB][0-9A-Fa-f]{{2}}){0}(?P<low>[dD][c-fC-F][0-9A-Fa-f]{{2}})|{0}(?P<unit>[0-9A-Fa-f]{{4}})"
)
_BACKSLASH_U = lazy_pattern(r"(?<!\\)(?:" + _UNITS.format(r"\\u") + ")")
_PERCENT_U = lazy_pattern(_UNITS.format("%u"))
_NEXT = "%[89ABab][0-9A-Fa-f]"
_PERCENT_UTF8 = re.compile(
    f"(?:%[Cc][2-9A-Fa-f]|%[Dd][0-9A-Fa-f]){_NEXT}|%[Ee][0-9A-Fa-f](?:{_NEXT}){{2}}|%[Ff][0-4](?:{_NEXT}){{3}}"
)


def _decode_unit(escape: re.Match[str]) -> str:
    if escape["high"]:
        return bytes.fromhex(escape["high"] + escape["low"]).decode("utf-16-be")
    char = chr(int(escape["unit"], 16))
    return escape[0] if char in "\\%" or (char.isascii() and char.isalnum()) or _is_control(char) else char


def _decode_bytes(escape: re.Match[str]) -> str:
    try:
        char = bytes.fromhex(escape[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return escape[0]
    return escape[0] if _is_control(char) else char


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
