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

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_MAYBE = re.compile(r"[A-Za-z_{}<>]|//")
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
_COMMENT = re.compile(r"^\s*(?:#|--|\*|;|%)")


def prose(lines: Sequence[str]) -> Iterator[int]:
    """The positions of lines that are not source code.

    Code are fenced blocks, lines that open or close like a statement, and comment lines next to one.
    """
    fenced = False
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        elif not (fenced or _is_code(line) or (_COMMENT.match(line) and _beside_code(lines, number))):
            yield number


def _is_code(line: str) -> bool:
    return _MAYBE.search(line) is not None and _SURE.search(line) is not None


def _beside_code(lines: Sequence[str], number: int) -> bool:
    return any(_is_code(line) for line in (*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2]))
