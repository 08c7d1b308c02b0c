"""Which lines have one key: those that differ in digits, in titles between 《》, in case, width and script alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.line_view import view_lines
from cleaner.learning.line_keys import LONGEST, hash_names, key_lines
from cleaner.text import lines

SAME = [
    ("阅读(12)", "阅读(7)"),
    ("2018年3月5日 来源", "2021年11月30日 来源"),
    ("本站刊登了《灯塔》一文", "本站刊登了《一条很长的河》一文"),
    ("ＡＰＰ下载", "app下载"),
    ("點擊這裡", "点击这里"),
]
DIFFERENT = [
    ("阅读(12)", "阅读12"),
    ("阅读(12)", "阅读(1)2)"),
    ("甲乙", "乙甲"),
    ("第一页", "第二页"),
    ("《灯塔》甲》乙", "《灯》甲》乙"),
    ("《灯塔", "《灯"),
]


def keys(*pages: tuple[str, str]) -> list[list[int]]:
    """Keys of the lines of pages, each given as host and text."""
    batch = lines.join([text for _, text in pages])
    found = key_lines(view_lines(batch), hash_names([host for host, _ in pages]))
    owners = batch.documents[found.rows].tolist()
    return [
        [key for key, owner in zip(found.keys.tolist(), owners, strict=True) if owner == n] for n in range(len(pages))
    ]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_lines_that_vary_have_one_key(one: str, other: str) -> None:
    first, second = keys(("a.com", one), ("a.com", other))
    assert len(first) == 1
    assert first == second


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_lines_have_their_own(one: str, other: str) -> None:
    first, second = keys(("a.com", one), ("a.com", other))
    assert first != second


def test_hosts_tell_lines_apart() -> None:
    first, second = keys(("a.com", "关于我们"), ("b.com", "关于我们"))
    assert first != second


def test_numbers_marks_and_long_lines_have_no_key() -> None:
    assert keys(("a.com", "12\n——\n甲\n2018-01-02\n" + "长" * (LONGEST + 1)), ("a.com", ""))[0] == []


@given(st.lists(st.text(alphabet="甲乙丙a1《》 :\n", max_size=30), min_size=1, max_size=6))
def test_a_page_has_the_same_keys_in_any_batch(texts: list[str]) -> None:
    together = keys(*(("a.com", text) for text in texts))
    assert together == [keys(("a.com", text))[0] for text in texts]
