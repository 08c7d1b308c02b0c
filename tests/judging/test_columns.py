"""Columns say of lines what a reader sees in them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judging import columns
from cleaner.judging.judge import Judge
from cleaner.judging.scores import ScoredLines
from cleaner.packs import registry
from cleaner.text import lines
from helpers.layouts import MENU, PROSE, lay_out_texts

TEXTS = st.lists(st.text(alphabet="的书山水，。:a1| \n", max_size=40), min_size=1, max_size=5)


def score(page: str) -> ScoredLines:
    judge = Judge(registry.load_rules("zh-web"))
    return judge.score(judge.analyze(lines.join([page])))


@given(TEXTS)
def test_columns_are_finite_and_small(texts: list[str]) -> None:
    if not any(map(str.strip, texts)):
        return
    layout = lay_out_texts(*texts)
    categories = {name: np.zeros(len(layout.prose)) for name in columns.CATEGORIES}
    names, values = columns.measure(layout, categories)
    assert values.shape == (len(layout.prose), len(names))
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= 2


def test_markup_becomes_columns_of_their_own() -> None:
    layout = lay_out_texts(PROSE, MENU)
    categories = {name: np.zeros(len(layout.prose)) for name in columns.CATEGORIES}
    names, values = columns.measure(layout, categories, {"links": np.ones(len(layout.prose))})
    assert names[-1] == "hint/links"
    assert (values[:, -1] == 1).all()


def test_a_line_right_above_a_byline_and_near_prose_is_a_title() -> None:
    page = "首页\n新闻\n县里的老戏台修好了\n2021年3月4日 09:12 来源：本报\n字号：大 中 小\n" + "\n".join(
        f"第{n}天，匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去，连一颗钉子也没有用。" for n in "一二三四"
    )
    scored = score(page)
    title = scored.values[:, scored.names.index("place/title")]
    assert title.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_the_line_nearest_above_the_first_long_prose_may_be_its_title() -> None:
    page = (
        "首页 新闻 论坛\n热门推荐\n县里的老戏台终于修好了\n收藏\n"
        + "匠人们把拆下来的木料一根一根编上号，再照着旧图样装回去。" * 2
    )
    scored = score(page)
    assert (scored.values[:, scored.names.index("place/headline")] > 0).tolist() == [False, False, True, False, False]
