from __future__ import annotations

import pytest

from cleaner.features.dates import ends_in_date, first_date


@pytest.mark.parametrize(
    "line", ["桥通车了2021-03-04", "桥通车了 (2021/3/4)", "桥通车了[03-04]", "桥通车了 2021年3月4日 09:12"]
)
def test_a_date_at_the_end_is_seen_with_its_time_and_brackets(line: str) -> None:
    assert ends_in_date(line)


@pytest.mark.parametrize("line", ["桥通车了", "编号 2021-13-44", "比分 12-40-3", "2021-03-04 桥通车了"])
def test_other_numbers_and_dates_elsewhere_end_no_line(line: str) -> None:
    assert not ends_in_date(line)


def test_the_first_date_is_read_as_numbers() -> None:
    assert first_date("[2021-03-04] 桥通车了") == (2021, 3, 4)
    assert first_date("· 03/04 桥通车了") == (3, 4)
    assert first_date("桥通车了 2021-03-04") == ()
