"""Character frequencies: what common and odd texts score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import char_frequency


@pytest.mark.parametrize("text", ["我们今天去公园散步。", "我們今天去公園散步。", "人民法院公告"])
def test_common_text_of_both_scripts_scores_above_minus_eight(text: str) -> None:
    assert char_frequency.score(text) > -8


@pytest.mark.parametrize("text", ["鎴戜滑", "淼焱垚喆翀甯曌", "\ue000\ue001", "ÎÒÃÇ"])
def test_odd_text_scores_below_minus_nine(text: str) -> None:
    assert char_frequency.score(text) < -9


@pytest.mark.parametrize("text", ["", "plain ASCII, 123\n"])
def test_text_of_ascii_alone_scores_zero(text: str) -> None:
    assert char_frequency.score(text) == 0.0


def test_ascii_does_not_change_the_score() -> None:
    assert char_frequency.score("北京 abc 2023") == char_frequency.score("北京")


@given(st.text(min_size=1, max_size=40))
def test_long_texts_score_like_short_ones(text: str) -> None:
    assert char_frequency.score(text * 50) == pytest.approx(char_frequency.score(text))


def test_the_table_holds_8000_han_and_the_marks() -> None:
    table = char_frequency.costs()
    assert len(table) == 0x10000
    assert sum(table[code] < 140 for code in range(0x4E00, 0xA000)) > 7500
    assert all(table[ord(mark)] < 80 for mark in "，。、“”：；！？《》（）")
