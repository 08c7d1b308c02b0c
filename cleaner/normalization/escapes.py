"""Characters written as escapes: entities, and on request JavaScript's and URLs' notations."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

_LONGEST = 40
"""No entity is longer, in characters: the longest name of HTML 5 has 33 with `&` and `;`."""

_ENTITY = re.compile(
    r"""&(?:
        \#(?:(?P<decimal>[0-9]{1,7})(?![0-9])|[xX](?P<hexadecimal>0{0,2}[0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]))[;；]?
        |(?P<name>[A-Za-z][0-9A-Za-z]{1,31})[;；]
        |(?P<open>nbsp|ensp|emsp|quot|[lr][sd]quo|hellip|mdash|middot)(?![0-9A-Za-z=])
    )""",
    re.VERBOSE,
)
_TAG = re.compile(r"<[A-Za-z/!?]")
_MARKUP = frozenset("<>&\"'")


def entities(text: str) -> str:
    """Decode entities until none is left, also doubly escaped ones (`&amp;nbsp;`). The number of lines stays.

    Named entities of HTML 5 need their semicolon (a full-width one will do), but for a few that pages write without and
    that no query string uses. Numeric ones don't; surrogates written as two of them are joined. U+00A0 stays U+00A0.
    A line break or control character written as an entity becomes a space, as in a browser.

    A line that holds a tag is source: there `&lt; &gt; &amp; &quot; &apos;` stay, so that the source keeps its meaning.
    WRONG for text that explains entities (a tutorial's `&nbsp;` on a line without tags is decoded).
    """
    if _ENTITY.search(text) is None:
        return text
    return "\n".join(_decoded(line) if "&" in line else line for line in text.split("\n"))


def _decoded(line: str) -> str:
    """From right to left, so that what an entity decodes to can begin or end another one, in linear time."""
    kept = _MARKUP if _TAG.search(line) else frozenset[str]()
    done: list[str] = []  # what stands to the right, last piece first
    stop = len(line)
    while (start := line.rfind("&", 0, stop)) >= 0:
        piece = line[start:stop]
        while piece.startswith("&") and (found := _first(piece, done, kept)) is not None:
            piece = found
        done.append(piece)
        stop = start
    done.append(line[:stop])
    decoded = "".join(reversed(done))
    return _WITH_SURROGATES.sub(_join, decoded)


def _first(piece: str, done: list[str], kept: frozenset[str]) -> str | None:
    """The character of the entity that `piece` begins with; its other characters are taken from `piece` and `done`."""
    used = 0
    window = piece[:_LONGEST]
    while len(window) < _LONGEST and used < len(done):
        used += 1
        window += done[-used][:_LONGEST]
    hit = _ENTITY.match(window)
    new = _meaning(hit) if hit else None
    if hit is None or new is None or new in kept:
        return None
    rest, length = piece, hit.end()
    while len(rest) < length:
        length -= len(rest)
        rest = done.pop()
    if rest[length:]:
        done.append(rest[length:])
    return new


def _meaning(hit: re.Match[str]) -> str | None:
    """What an entity stands for; None when it is none."""
    if hit["open"]:
        return unescape(f"&{hit['open']};")
    if hit["name"]:
        written = f"&{hit['name']};"
        new = unescape(written)
        # unescape reads `&notit;` as `¬it;`: a name counts only as a whole
        return _visible(new) if not new.endswith(";") or hit["name"] == "semi" else None
    code = int(hit["decimal"]) if hit["decimal"] else int(hit["hexadecimal"], 16)
    closed = hit[0].endswith((";", "；"))
    if code > 0x10FFFF or (code < 32 and not closed):
        return None
    return chr(code) if 0xD800 <= code < 0xE000 else _visible(unescape(f"&#{code};"))


def _visible(new: str) -> str:
    return " " if len(new) == 1 and unicodedata.category(new) in ("Cc", "Zl", "Zp") and new != "\t" else new


_WITH_SURROGATES = re.compile("[\ud800-\udfff]+")


def _join(hit: re.Match[str]) -> str:
    return hit[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unicode_escapes(text: str) -> str:
    r"""Decode `\u4e2d` and surrogate pairs `\ud83d\ude00`, as JSON and JavaScript write them. Off by default.

    What could be part of another escape stays written: ASCII letters, digits and backslashes; so do control characters.
    An escaped backslash (`\\u4e2d`) stays.

    WRONG for program text and for Windows paths (`C:\u5b89`).
    """
    return _BACKSLASH_U.sub(_unit, text) if "\\u" in text else text


def percent(text: str) -> str:
    """Decode `%E4%B8%AD` (UTF-8) and `%u4E2D`, as URLs and JavaScript's `escape` write them. Off by default.

    ASCII (`%20`, `%2F`) and bytes that are not UTF-8 stay written.

    WRONG where URLs are to be followed or compared: the address changes its spelling.
    """
    return _PERCENT_U.sub(_unit, _PERCENT_UTF8.sub(_bytes, text)) if "%" in text else text


_UNITS = (
    "{0}(?P<high>[dD][89abAB][0-9A-Fa-f]{{2}}){0}(?P<low>[dD][c-fC-F][0-9A-Fa-f]{{2}})|{0}(?P<unit>[0-9A-Fa-f]{{4}})"
)
_BACKSLASH_U = re.compile(r"(?<!\\)(?:" + _UNITS.format(r"\\u") + ")")
_PERCENT_U = re.compile(_UNITS.format("%u"))
_NEXT = "%[89ABab][0-9A-Fa-f]"
_PERCENT_UTF8 = re.compile(
    f"(?:%[Cc][2-9A-Fa-f]|%[Dd][0-9A-Fa-f]){_NEXT}|%[Ee][0-9A-Fa-f](?:{_NEXT}){{2}}|%[Ff][0-4](?:{_NEXT}){{3}}"
)


def _unit(hit: re.Match[str]) -> str:
    if hit["high"]:
        return bytes.fromhex(hit["high"] + hit["low"]).decode("utf-16-be")
    char = chr(int(hit["unit"], 16))
    return hit[0] if char in "\\%" or (char.isascii() and char.isalnum()) or _is_control(char) else char


def _bytes(hit: re.Match[str]) -> str:
    try:
        char = bytes.fromhex(hit[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return hit[0]
    return hit[0] if _is_control(char) else char


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
