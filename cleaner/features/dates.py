"""Dates at the beginning or the end of a line of a list."""

from __future__ import annotations

import re

from cleaner.lazy_patterns import lazy_pattern

_MONTH, _NUMBER = r"(?:1[0-2]|0?[1-9])", r"(?:[12]\d|3[01]|0?[1-9])"
_DAY = rf"(?:(?:(?:19|20)\d\d[-/.年])?{_MONTH}[-/月]{_NUMBER}日?|(?:19|20)\d\d\.{_MONTH}\.{_NUMBER})"
_TIME = r"(?:[ t]*\d{1,2}:\d\d(?::\d\d)?)?"
_FIRST = lazy_pattern(rf"[-·•*]? ?[(\[]?({_DAY}){_TIME}[)\]]? *(?![-/.\d])")

# the same read backwards: whether a line ends in a date then shows at its first character, without a search
_YEAR_BACK, _MONTH_BACK, _NUMBER_BACK = r"\d\d(?:91|02)", r"(?:[0-2]1|[1-9]0?)", r"(?:\d[12]|[01]3|[1-9]0?)"
_DAY_BACK = (
    rf"(?:日?{_NUMBER_BACK}[-/月]{_MONTH_BACK}(?:[-/.年]{_YEAR_BACK})?|{_NUMBER_BACK}\.{_MONTH_BACK}\.{_YEAR_BACK})"
)
_LAST_BACK = lazy_pattern(rf"[)\]]?(?:(?:\d\d:)?\d\d:\d{{1,2}}[ t]*)?{_DAY_BACK}[(\[]?(?![-/.\d])")
_LONGEST = 22
"""Characters of the longest date with time and brackets."""


def ends_in_date(line: str) -> bool:
    """Tell whether a line ends in a date, with or without a time and brackets."""
    return _LAST_BACK.match(line[: -_LONGEST - 1 : -1]) is not None


def first_date(line: str) -> tuple[int, ...]:
    """Read the date that a line begins with, as its numbers in their order; () where there is none."""
    match = _FIRST.match(line)
    return tuple(int(number) for number in re.findall(r"\d+", match[1])) if match else ()
