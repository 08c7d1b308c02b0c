"""Compile patterns: folded like the text they are tried on, with the `regex` module."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import regex

from cleaner.errors import PackError
from cleaner.lazy_patterns import lazy_pattern
from cleaner.normalization.script.folding import fold
from cleaner.rules.schema import DROP_SCORE, Rule, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

TIME_LIMIT = 0.5
"""Seconds one pattern may take on one line or document before it is given up there."""

_WHOLE_LINE = r"^[\W\d_]*+(?:\L<literals>[\W\d_]*+)++$"
_ANYWHERE = r"\L<literals>"
_ANY_LINE = "^.+$"
_QUOTATION = lazy_pattern(
    r"""
    “[^“”]*” | ‘[^‘’]*’ | 「[^「」]*」 | 『[^『』]*』 | 《(?:[^《》]|《[^《》]*》)*+》 | "[^"]*"
    | `[^`]+` | \[(?:[^\[\]]|\[[^\[\]]*\])*+\]\([^()\s]*\) | <([a-z]\w*)[^<>]*>[^<>]*</\1>
    """,
    re.VERBOSE,
)
_SOURCE = lazy_pattern(r"""`|\]\(|</|^["']|^\|.*\|$""")
_REMARK = lazy_pattern(r"(?:——|,) ?[这那](?:.{0,2}[行句字]|话)")
_WORD = regex.compile(r"\w")
_MARKS = re.compile(r"""[“‘「『《"`\[<'|\]]""")
"""Marks one of which stands in every quotation and in all code."""
_SPECIAL = frozenset("\\.^$*+?{}[]|()-&~#")


def fold_pattern(pattern: str) -> str:
    """Fold the non-ASCII characters of a pattern, and escape those that become signs of the pattern language."""
    characters, is_escape = [], False
    for char in pattern:
        plain = char if char.isascii() else fold(char)
        if not char.isascii() and plain in _SPECIAL and not is_escape:
            plain = "\\" + plain
        is_escape = char == "\\" and not is_escape
        characters.append(plain)
    return "".join(characters)


def literals_of(rule: Rule) -> tuple[str, ...]:
    """Fold the rule's literals, without doubles, in their order."""
    return tuple(dict.fromkeys(fold(literal) for literal in rule.literals))


def is_whole_line(rule: Rule) -> bool:
    """Tell whether the rule matches lines made of its literals and separators alone."""
    return not rule.match and rule.scope == "line" and not rule.elements


def compile_match(rule: Rule) -> Any:
    """Compile the `match` of a rule, or what stands for it when there is none.

    Raises:
        regex.error: the pattern is wrong.
    """
    pattern = rule.match or (_WHOLE_LINE if is_whole_line(rule) else _ANY_LINE if rule.elements else _ANYWHERE)
    return _compile(pattern, literals_of(rule) if r"\L<literals>" in pattern else (), rule.scope)


def compile_unless(rule: Rule) -> tuple[Any, ...]:
    """Compile the exceptions of a rule."""
    return tuple(_compile(pattern, (), rule.scope) for pattern in rule.unless)


@lru_cache(maxsize=4096)
def _compile(pattern: str, literals: tuple[str, ...], scope: str) -> Any:
    flags = regex.IGNORECASE | regex.VERSION0
    if scope in ("block", "document"):
        flags |= regex.MULTILINE
    words = {"literals": list(literals)} if literals else {}
    return regex.compile(fold_pattern(pattern), flags, cache_pattern=False, **words)


def check_pattern(rule: Rule, source: str) -> None:
    """Raise PackError when a pattern does not compile or a literal can never lead to a match."""
    place = f"{source or 'pack'}: rule {rule.id}"
    for key, pattern in (("match", rule.match), *(("unless", pattern) for pattern in rule.unless)):
        try:
            _compile(pattern, literals_of(rule) if r"\L<literals>" in pattern else (), rule.scope)
        except (regex.error, KeyError) as error:
            raise PackError(f"{place}: {key}: {error} in {pattern!r}") from None
    if rule.detector or rule.elements:
        return
    for literal in rule.literals:
        if not literal.strip() or ("\n" in literal and rule.scope in ("line", "span")):
            raise PackError(f"{place}: literals: {literal!r} can never stand in one line")
    for case in rule.matching_cases:
        text = fold(text_of(case))
        if not any(literal in text for literal in literals_of(rule)):
            raise PackError(f"{place}: literals: none occurs in the case {text!r}, so its pattern is never tried")


_SEEDS = (*"([【a一1 |。>:、\u3000", "1 ", "一 ", "(a", "1-", "评论 ", "((")
"""What is repeated to make lines on which a careless pattern goes back again and again."""


def slow_on(rule: Rule, limit: float = 0.3) -> str:
    """Find a hostile text as long as the rule takes on which a pattern needs more than `limit` seconds, or ""."""
    length = rule.longest if rule.scope == "line" else 20_000
    words = literals_of(rule) or ("",)
    cases = [fold(text_of(case)) for case in rule.matching_cases[:1]]
    own = dict.fromkeys(_WORD.findall(fold(rule.match) + "".join(cases)))  # what the pattern may repeat
    for seed in (*_SEEDS, words[0], words[-1], *cases, *own):
        text: str = (words[0] + seed * length)[: length - 1] + "\x01"
        try:
            for pattern in (compile_match(rule), *compile_unless(rule)):
                pattern.search(text, timeout=limit)
        except TimeoutError:
            return text
    return ""


def check_linear(rule: Rule, source: str) -> None:
    """Raise PackError for a rule that says `linear` and is not."""
    if rule.linear and (text := slow_on(rule)):
        raise PackError(
            f"{source or 'pack'}: rule {rule.id}: linear: its pattern takes too long on {text[:20]!r}… of {len(text)}"
            " characters; bound its repetitions, or leave `linear` out: it then runs under a time limit"
        )


def triggers(rule: Rule) -> tuple[str, ...]:
    """List the literals to look for: where they only call the pattern, none that holds another one."""
    words = literals_of(rule)
    if is_whole_line(rule):
        return words
    all_words = "\0".join(words)
    inner = [word for word in words if all_words.count(word) > 1]
    return tuple(word for word in words if not any(other != word and other in word for other in inner))


def is_quoted(text: str, literals: tuple[str, ...]) -> bool:
    """Tell whether a folded line holds literals only between quotation marks or in code, or has a remark on them.

    A line that is a literal from end to end quotes nothing.
    """
    if text in literals:
        return False
    if ("这" in text or "那" in text) and _REMARK.search(text):
        return True
    if _MARKS.search(text) is None:
        return False
    outside = _QUOTATION.sub(" ", text)
    if _SOURCE.search(text) is None and (outside == text or _WORD.search(outside) is None):
        return False
    is_row = text[0] == "|"
    return is_row or not any(literal in outside for literal in literals)


class Pattern:
    """One rule's pattern with its exceptions. `spans` finds in a text the first match, or all of them.

    A rule that decides alone finds nothing in a line that only quotes it: what a reporter, a programmer or a manual put
    between quotation marks or into code is theirs.

    TimeoutError past TIME_LIMIT. The pattern of whole-line rules never goes back, so it runs without a limit as those
    do that are known to be linear.
    """

    def __init__(self, rule: Rule) -> None:
        limit: Callable[[Any], Any] = _without_limit if rule.linear or is_whole_line(rule) else _with_limit
        pattern = compile_match(rule)
        self._search, self._all = limit(pattern.search), limit(pattern.finditer)
        self._unless = [limit(other.search) for other in compile_unless(rule)]
        self._quotable = literals_of(rule) if rule.scope == "line" and rule.weight >= DROP_SCORE else ()
        self.spans = self._first if rule.scope in ("line", "document") else self._every

    def _first(self, text: str) -> list[tuple[int, int]]:
        match = self._search(text)
        return [] if match is None or self._is_exception(text) else [match.span()]

    def _every(self, text: str) -> list[tuple[int, int]]:
        spans = [match.span() for match in self._all(text) if match.end() > match.start()]
        return [] if spans and self._is_exception(text) else spans

    def _is_exception(self, text: str) -> bool:
        for search in self._unless:
            if search(text):
                return True
        return bool(self._quotable) and is_quoted(text, self._quotable)


def _with_limit(run: Any) -> Any:
    return partial(run, timeout=TIME_LIMIT)


def _without_limit(run: Any) -> Any:
    return run
