from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.normalization import pinyin

REMOVED = [
    ("現(xiàn)在", "現在"),
    ("烟(yan)台市(shi)", "烟台市"),
    ("饕餮（tāo tiè）是传说中的兽", "饕餮是传说中的兽"),
    ("烟台(yāntái)", "烟台"),
    ("烟台(Yāntái)和烟台(yan1tai2)", "烟台和烟台"),
    ("西安(xī'ān)", "西安"),
    ("女(nǚ)儿绿(lv4)色旅(lü)行", "女儿绿色旅行"),
    ("分解的调号(dia\u0300o ha\u0300o)", "分解的调号"),
    ("重(chóng)(zhòng)", "重"),
    ("行(háng)业", "行业"),
]

STAYS = [
    "",
    "不读(zhòng)",
    "世界卫生组织(WHO)",
    "函数f(x)和g(y)",
    "苹果(apple)",
    "重(chòng)新",
    "重(chóng新",
    "你好(ni)",
    "(shi)",
    "x(shi)",
    "人工智能(AI)",
]


@pytest.mark.parametrize(("text", "expected"), REMOVED)
def test_a_reading_of_the_characters_before_is_removed(text: str, expected: str) -> None:
    assert pinyin.remove(text) == expected


@pytest.mark.parametrize("text", STAYS)
def test_brackets_without_a_reading_stay(text: str) -> None:
    assert pinyin.remove(text) == text


@given(st.lists(st.sampled_from("重烟台市(（)）chóngzhòng yāntái12'安x")).map("".join))
def test_removing_twice_changes_nothing_more(text: str) -> None:
    once = pinyin.remove(text)
    assert pinyin.remove(once) == once
