"""Dates as pages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.metadata import dates

WRITTEN = [
    ("2024-03-05", "2024-03-05"),
    ("2024年3月5日", "2024-03-05"),
    ("2024 年 3 月 5 日 08:27", "2024-03-05T08:27"),
    ("2024年03月05日08时27分", "2024-03-05T08:27"),
    ("2024/3/5 8:27:01", "2024-03-05T08:27:01"),
    ("2024.03.05", "2024-03-05"),
    ("发布时间：2024-03-05 08:27 来源：河湾报", "2024-03-05T08:27"),
    ("民國113年3月5日", "2024-03-05"),
    ("二〇二四年三月五日", "2024-03-05"),
    ("二○二四年十二月二十一日", "2024-12-21"),
    ("March 5, 2024", "2024-03-05"),
    ("5th Mar 2024", "2024-03-05"),
    ("2024-02-30", ""),
    ("1024-03-05", ""),
    ("电话 2024-3055-1", ""),
    ("版本 1.2024.3.5", ""),
    ("3月5日", ""),
]
VALUES = [
    ("2024-03-05T08:27:00+08:00", "2024-03-05T08:27:00+08:00"),
    ("2024-03-05T08:27:00Z", "2024-03-05T08:27:00+00:00"),
    ("20240305", "2024-03-05"),
    ("1709596800", "2024-03-05T00:00:00+00:00"),
    ("1709596800000", "2024-03-05T00:00:00+00:00"),
    ("昨天", ""),
]
ADDRESSES = [
    ("https://example.com/2024/03/05/stone.html", "2024-03-05"),
    ("https://example.com/n1/2024/0305/c100-1.html", "2024-03-05"),
    ("https://example.com/202403/t20240305_1.htm", "2024-03-05"),
    ("https://example.com/2024-03/05/content_1.htm", "2024-03-05"),
    ("https://example.com/id/99992024030599", ""),
    ("https://example.com/stone", ""),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_dates_are_found_in_texts(text: str, expected: str) -> None:
    assert next((date.iso for date in dates.find_dates(text)), "") == expected


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_are_read_as_dates(value: str, expected: str) -> None:
    assert dates.read_date(value) == expected


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_dates_are_found_in_addresses(address: str, expected: str) -> None:
    assert dates.find_in_address(address) == expected


@given(st.dates(min_value=dates.datetime(1991, 1, 1).date(), max_value=dates.datetime(2099, 12, 31).date()))
def test_every_day_comes_back_in_any_form(day: dates.datetime) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%B} {day.day}, {day.year}"):
        assert [date.iso for date in dates.find_dates(text)] == [day.isoformat()]


@given(st.text(alphabet="0123456789年月日-/.:T 民國一十", max_size=30))
def test_any_text_is_read(text: str) -> None:
    for date in dates.find_dates(text):
        dates.datetime.fromisoformat(date.iso)
    dates.read_date(text)
