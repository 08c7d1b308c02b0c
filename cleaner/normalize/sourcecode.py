"""Telling source code from prose, line by line and inside a line: punctuation of code is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_ADDRESS = r"[!-~]*(?:[\u3400-\u9fff,，;；]{1,40}[&/=][!-~]*)*[#-'*+\-/-9=@-~]"
_ARGUMENTS = r"\((?:[^()\n\u3400-\u9fff]{0,200}|[^()\n\"'=]{0,100}[\"'=][^()\n]{0,200})\)"
_WORD = rf"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:[:：]//{_ADDRESS}|@[A-Za-z0-9.-]+|:\\[!-~]*|{_ARGUMENTS})?"
PROTECTED = rf"(?:www\.{_ADDRESS}|{_WORD}|`[^`\n]{{1,200}}`|</?[A-Za-z][^<>\n]{{0,500}}>)"
"""Words, and with them what hangs on them: URLs, mail addresses, paths, calls; quoted code; tags."""

GUARDED = re.compile(r"[:：]//|www\.|@|:\\|[\w.]\(|`|<", re.ASCII)
"""What a line holds when `PROTECTED` matches more than words in it."""

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_MAYBE = re.compile("[A-Za-z_{}<>`~/#*@]")
_BEGINS = re.compile(
    r"""
    \s*(?://|/\*|\*/|<[A-Za-z!/?]|\#include|\#define|\#!/|@[A-Za-z]+\(|"[\w-]+"\s*:|>>>\s|\$\s+[a-z])
    |\s*(?:import|from|def|class|return|elif|for|while|try|except|public|private|protected|static|void|int|float
        |double|char|var|let|const|function|func|package|using|namespace|print|printf|echo|if|else|switch|case
        |SELECT|INSERT|UPDATE|DELETE|CREATE|select|insert|update|delete|create)\b\s*["'(\[{$*&A-Za-z_:]
    |\s*[}\])][}\]);,]*\s*$
    |\s*[A-Za-z_$][\w.$]*(?:\[[^\]\n]{0,40}\])?\s*(?:[-+*/|&.:]?=|=>|<<)\s*["'\[({\w$&*.-]
    |\s*[A-Za-z_$][\w.$]*\(.*\)[\s;]*(?:(?://|\#).*)?$
    """,
    re.VERBOSE | re.ASCII,
)
_ENDS = re.compile(r"[;{](?<=[A-Za-z0-9_)\]\"'} ].)\s*(?://|/\*|#|$)")
_COMMENT = re.compile(r"^\s*(?:#|\*|--\s|;|%)")


def is_plain(line: str) -> bool:
    """Whether a line has no letter and none of the signs of code: it is prose, and nothing in it is protected."""
    return _MAYBE.search(line) is None


def unfenced(lines: Sequence[str]) -> Iterator[int]:
    """The positions of lines outside fenced blocks, the fences excluded."""
    fenced = False
    for number, line in enumerate(lines):
        if ("`" in line or "~" in line) and _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number


def is_code(lines: Sequence[str], number: int) -> bool:
    """Whether a line begins or ends like a statement, or is a comment next to one."""
    if _is_statement(lines[number]):
        return True
    beside = (*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2])
    return _COMMENT.match(lines[number]) is not None and any(map(_is_statement, beside))


def _is_statement(line: str) -> bool:
    return _BEGINS.match(line) is not None or _ENDS.search(line) is not None
