"""Columns say of lines what a reader sees in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judging import columns
from cleaner.judging.evidence import LineEvidence
from cleaner.judging.judge import Judge
from cleaner.packs import registry
from cleaner.text import lines
from helpers.layouts import MENU, PROSE, lay_out_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout

TEXTS = st.lists(st.text(alphabet="的书山水，。:a1| \n", max_size=40), min_size=1, max_size=5)


def measure_page(page: str) -> dict[str, NDArray[Any]]:
    judge = Judge(registry.load_rules("zh-web"))
    analysis = judge.analyze(lines.join([page]))
    evidence = judge.rules.weigh_lines(judge.rules.find_in_zones(analysis), len(analysis.batch.starts))
    return columns.measure(analysis.layout, evidence, np.zeros(len(analysis.batch.starts)))


def measure(layout: Layout, markup: dict[str, NDArray[np.float64]] | None = None) -> dict[str, NDArray[Any]]:
    nothing = np.zeros(len(layout.prose))
    evidence = LineEvidence(nothing, nothing, dict.fromkeys(columns.CATEGORIES, nothing), nothing > 0)
    return columns.measure(layout, evidence, nothing, markup)


@given(TEXTS)
def test_columns_are_finite_and_one_value_a_line(texts: list[str]) -> None:
    if not any(map(str.strip, texts)):
        return
    layout = lay_out_texts(*texts)
    for column in measure(layout).values():
        assert np.shape(column) == (len(layout.prose),)
        assert np.isfinite(column).all()


def test_markup_becomes_columns_of_their_own() -> None:
    layout = lay_out_texts(PROSE, MENU)
    assert (measure(layout, {"links": np.ones(len(layout.prose))})["hint/links"] == 1).all()


def test_phrases_of_neighbours_stay_within_their_document() -> None:
    layout = lay_out_texts("一\n二", "三")
    phrases = columns.measure_phrases(layout, np.array([1.0, 2.0, 4.0]))
    assert phrases["phrase/below-1"].tolist() == [2, 0, 0]
    assert phrases["phrase/above"].tolist() == [0, 1, 0]


def test_a_line_right_above_a_byline_and_near_prose_is_a_title() -> None:
    page = "首页\n新闻\n县里的老戏台修好了\n2021年3月4日 09:12 来源：本报\n字号：大 中 小\n" + "\n".join(
        f"第{n}天，匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去，连一颗钉子也没有用。" for n in "一二三四"
    )
    assert measure_page(page)["place/title"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_the_line_nearest_above_the_first_long_prose_may_be_its_title() -> None:
    page = (
        "首页 新闻 论坛\n热门推荐\n县里的老戏台终于修好了\n收藏\n"
        + "匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去。" * 2
    )
    assert (measure_page(page)["place/headline"] > 0).tolist() == [False, False, True, False, False]
