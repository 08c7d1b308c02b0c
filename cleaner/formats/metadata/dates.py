"""Dates as pages write them, brought to ISO 8601: years first, with or without the time of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

_TIME = r"(?:\s*[T ,，]?\s*(?P<hour>[01]?\d|2[0-3])[:：时點点](?P<minute>[0-5]\d)(?:[:：分](?P<second>[0-5]\d))?)?"
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s?(?P<mark>[-/.．年])\s?(?P<month>\d{1,2})\s?[-/.．月]\s?(?P<day>\d{1,2})(?!\d)"
    rf"\s?[日号號]?{_TIME}"
)
_MINGUO = re.compile(
    rf"民[國国]\s?(?P<year>\d{{2,3}})\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日{_TIME}"
)
_HAN = re.compile(
    r"(?P<year>[一二][〇○零一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NTH = "(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = (
    re.compile(rf"\b{_MONTH}\s(?P<day>\d{{1,2}}){_NTH},?\s{_YEAR}{_TIME}", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}}){_NTH}[\s-]{_MONTH},?[\s-]{_YEAR}{_TIME}", re.IGNORECASE),
)
_FIRST_MINGUO = 1911
_EARLIEST = 1990
"""The year before which no page was published."""
_DIGITS = {
    character: digit for digit, characters in enumerate(("〇○零", *"一二三四五六七八九")) for character in characters
}
_STAMP = re.compile(r"(1\d{9})(?:\d{3})?")
"""Seconds, or milliseconds, since 1970: of this century and past the year 2001."""


class DateMatch(NamedTuple):
    """A date in a text, as ISO 8601, and where it begins and ends."""

    iso: str
    start: int
    stop: int


def find_dates(text: str) -> Iterator[DateMatch]:
    """Yield the dates of a text in the order of the forms they are written in, the surest form first."""
    for pattern in (_NUMERIC, _MINGUO, *_ENGLISH, _HAN):
        for match in pattern.finditer(text):
            if iso := _iso(match.groupdict(), is_minguo=pattern is _MINGUO):
                yield DateMatch(iso, *match.span())


def read_date(value: str) -> str:
    """Read a value that is a date, as attributes and JSON have it; "" for none."""
    value = value.strip()
    if match := _STAMP.fullmatch(value):
        return datetime.fromtimestamp(int(match[1]), UTC).isoformat()
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return next((date.iso for date in find_dates(value)), "") or find_in_address(value)
    is_day = len(value) <= len("2024-03-05")
    return "" if read.year < _EARLIEST else read.date().isoformat() if is_day else read.isoformat()


def find_in_address(address: str) -> str:
    """Find the date in an address: `/2024/03/05/`, `/2024-03/05/`, `/20240305/`, `t20240305_1.html`; "" for none."""
    match = re.search(r"/(20[0-3]\d)[-/]?(0[1-9]|1[0-2])[-/](0[1-9]|[12]\d|3[01])(?=[/_.-]|$)", address)
    match = match or re.search(r"/(20[0-3]\d)/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)", address)
    match = match or re.search(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)", address)
    return _iso(dict(zip(("year", "month", "day"), match.groups(), strict=True))) if match else ""


def _iso(parts: dict[str, str | None], *, is_minguo: bool = False) -> str:
    """Return a date as ISO 8601; "" where there is no such day."""
    year, month, day = (_number(parts.get(name) or "") for name in ("year", "month", "day"))
    hour, minute, second = (parts.get(name) for name in ("hour", "minute", "second"))
    try:
        date = datetime(
            year + _FIRST_MINGUO * is_minguo, month, day, int(hour or 0), int(minute or 0), int(second or 0)
        )
    except ValueError:
        return ""
    if date.year < _EARLIEST:
        return ""
    return date.isoformat(timespec="seconds" if second else "minutes") if hour else date.date().isoformat()


def _number(text: str) -> int:
    """Read a number in digits, a month by its name, or one of Chinese numerals: 二〇二四, 十二, 二十一."""
    if text.isdecimal():
        return int(text)
    if text[:3].lower() in _MONTHS:
        return _MONTHS.index(text[:3].lower()) + 1
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _DIGITS.get(tens, 1 if not tens else 0) + (_DIGITS.get(ones, 0) if ones else 0)
    return int("".join(str(_DIGITS.get(character, "")) for character in text) or 0)
