"""Tell source code from prose, by line and inside a line: punctuation of code is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.lazy_patterns import lazy_pattern

_ADDRESS = r"[!-~]*(?:[\u3400-\u9fff,，;；]{1,40}[&/=][!-~]*)*[#-'*+\-/-9=@-~]"
_ARGUMENTS = r"\((?:[^()\n\u3400-\u9fff]{0,200}|[^()\n\"'=]{0,100}[\"'=][^()\n]{0,200})\)"
_WORD = rf"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:[:：]//{_ADDRESS}|@[A-Za-z0-9.-]+|:\\[!-~]*|{_ARGUMENTS})?"
PROTECTED_TEXT = rf"(?:www\.{_ADDRESS}|{_WORD}|`[^`\n]{{1,200}}`|</?[A-Za-z][^<>\n]{{0,500}}>)"
"""Words, and with them what hangs on them: URLs, mail addresses, paths, calls; quoted code; tags."""

GUARD = r"[@`<(/\\.]"
GUARD_SEQUENCE = lazy_pattern(rf"{GUARD}(?:(?<=[@`<])|(?<=[\w.]\()|(?<=:\\)|(?<=[:：]/)/|(?<=www\.))", re.ASCII)
"""Stands in a line in which `PROTECTED_TEXT` matches more than words; each match begins with a `GUARD`."""

_FENCE = re.compile(r"^\s*(?:```|~~~)")
SIGN = "[A-Za-z_{}<>`~/#*@]"
"""A line without a letter and any of these signs of code is prose, and nothing in it is protected."""

_BEGINS = lazy_pattern(
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


def find_fenced(lines: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of lines in fenced blocks, the fences included."""
    is_inside = False
    for number, line in enumerate(lines):
        is_fence = ("`" in line or "~" in line) and _FENCE.match(line) is not None
        if is_inside or is_fence:
            yield number
        is_inside ^= is_fence


def is_statement(line: str) -> bool:
    """Whether a line begins or ends like a statement."""
    if _BEGINS.match(line) is not None:
        return True
    return (";" in line or "{" in line) and _ENDS.search(line) is not None


def is_comment(line: str) -> bool:
    """Whether a line next to a statement is a comment."""
    return _COMMENT.match(line) is not None
