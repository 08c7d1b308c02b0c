"""Telling source code from prose, line by line and inside a line: punctuation of code is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_URL = r"(?:[A-Za-z][A-Za-z0-9+.-]{1,10}[:：]//|www\.)[!-~]*(?:[\u3400-\u9fff,，;；]{1,40}[&/=][!-~]*)*[#-'*+\-/-9=@-~]"
_MAIL = r"[\w.+-]{1,64}@[A-Za-z0-9.-]+"
_PATH = r"\b[A-Za-z]:\\[!-~]*"
_CALL = r"[A-Za-z_][\w.]{0,60}\((?:[^()\n\u3400-\u9fff]{0,200}|[^()\n\"'=]{0,100}[\"'=][^()\n]{0,200})\)"
_QUOTED = r"`[^`\n]{1,200}`"
_TAG = r"</?[A-Za-z][^<>\n]{0,500}>"
PROTECTED = f"(?:{_URL}|{_MAIL}|{_PATH}|{_CALL}|{_QUOTED}|{_TAG})"
"""URLs, mail addresses, paths, calls, quoted code and tags inside a line of prose."""

GUARDED = re.compile(r"[:：]//|www\.|@|:\\|[\w.]\(|`|<", re.ASCII)
"""What a line holds when anything in it matches `PROTECTED`."""

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_MAYBE = re.compile("[A-Za-z_{}<>`~/#*@]")
_SURE = re.compile(
    r"""
    ^\s*(?://|/\*|\*/|<[A-Za-z!/?]|\#include|\#define|\#!/|@[A-Za-z]+\(|"[\w-]+"\s*:|>>>\s|\$\s+[a-z])
    |^\s*(?:import|from|def|class|return|elif|for|while|try|except|public|private|protected|static|void|int|float
        |double|char|var|let|const|function|func|package|using|namespace|print|printf|echo|if|else|switch|case
        |SELECT|INSERT|UPDATE|DELETE|CREATE|select|insert|update|delete|create)\b\s*["'(\[{$*&A-Za-z_:]
    |[A-Za-z0-9_)\]"'}]\s*[;{]\s*(?://|/\*|\#|$)
    |^\s*[}\])][}\]);,]*\s*$
    |^\s*[A-Za-z_$][\w.$]*(?:\[[^\]\n]{0,40}\])?\s*(?:[-+*/|&.:]?=|=>|<<)\s*["'\[({\w$&*.-]
    |^\s*[A-Za-z_$][\w.$]*\(.*\)[\s;]*(?:(?://|\#).*)?$
    """,
    re.VERBOSE | re.ASCII,
)
_COMMENT = re.compile(r"^\s*(?:#|\*|--\s|;|%)")


def is_plain(line: str) -> bool:
    """Whether a line has no letter and none of the signs of code: it is prose, and nothing in it is protected."""
    return _MAYBE.search(line) is None


def prose(lines: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """The positions of lines that are not source code, and whether they are plain.

    Code are fenced blocks, lines that open or close like a statement, and comment lines next to one.
    """
    fenced = False
    for number, line in enumerate(lines):
        plain = is_plain(line)
        if not plain and _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (plain or not _is_code(lines, number)):
            yield number, plain


def _is_code(lines: Sequence[str], number: int) -> bool:
    if _SURE.search(lines[number]) is not None:
        return True
    beside = (*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2])
    return _COMMENT.match(lines[number]) is not None and any(map(_SURE.search, beside))
