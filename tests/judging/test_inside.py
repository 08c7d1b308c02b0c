"""How much may be taken from a document: what stands between lines that stay is not taken in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.judging.bars import INSIDE, LIKELY, SETTINGS, set_bars
from cleaner.judging.judge import Judge
from cleaner.packs import registry
from cleaner.text import lines

MENU = "首页|新闻|财经|体育|娱乐|汽车|房产"
COURSES = ("木工基础", "水彩写生", "古琴入门", "竹编", "修表", "茶艺", "刻字", "旧书修补")
FOOT = "版权所有 © 2019 某某网 All Rights Reserved"


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(registry.load_rules("zh-web"))


def bars_of(judge: Judge, odds: list[float]) -> np.ndarray:
    """Bars of courses in a page, whose menu and foot a rule decides on."""
    analysis = judge.analyze(lines.join(["\n".join([MENU, *COURSES, FOOT])]))
    evidence = judge.rules.weigh_lines(judge.rules.find_in_zones(analysis), len(COURSES) + 2)
    assert evidence.total[1:-1].tolist() == [0] * len(COURSES)
    return set_bars(analysis.layout, np.array([4.0, *odds, 4.0]), evidence, SETTINGS["normal"], None)[1:-1]


@given(st.integers(1, len(COURSES) - 2), st.floats(LIKELY, INSIDE + 2))
def test_one_line_of_a_list_goes_only_where_it_is_clear(judge: Judge, row: int, odds: float) -> None:
    bars = bars_of(judge, [odds if number == row else -2.0 for number in range(len(COURSES))])
    assert (odds >= bars[row]) == (odds >= INSIDE)


def test_a_list_is_not_taken_in_pieces(judge: Judge) -> None:
    odds = [-1.0, -1.0, 2.0, -1.0, 2.5, -1.0, 2.9, -1.0]
    assert (np.array(odds) < bars_of(judge, odds)).all()


def test_what_stands_below_all_that_stays_goes_as_before(judge: Judge) -> None:
    odds = [-2.0, -2.0, -2.0, -2.0, 1.0, 2.0, 1.0, 2.0]
    assert (np.array(odds) >= bars_of(judge, odds)).tolist() == [False] * 4 + [True] * 4


ROSTER = [
    "2020年度优秀护林员名单公示",
    "经各林场推荐，现将2020年度优秀护林员名单公示如下，公示期七天：",
    "韩小松 李大柏 王春杨 赵明柳 钱一桦",
    "孙晓槐 周立楠 吴建榆 郑海桐 冯玉梅",
    "公示期内如有不同意见，请以书面形式向林业站反映。",
    "青松林业站",
    "2020年12月1日",
]


def test_a_notice_of_names_stays_between_a_menu_and_a_foot() -> None:
    frame = [MENU, "当前位置：首页 > 公告 > 正文"], ["【打印本页】【关闭窗口】", "相关阅读", FOOT]
    text = cleaner.clean("\n".join([*frame[0], *ROSTER, *frame[1], ""])).text.split("\n")
    assert [line for line in ROSTER if line not in text] == []
    assert not {MENU, FOOT, "相关阅读"} & set(text)
