"""Where a text may be cut: after sentences and at line ends, nowhere inside words, numbers, URLs, quotations, markup."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cleaner.dedup.spans.cuts import cut_spans
from cleaner.dedup.spans.sentences import sentence_bounds
from cleaner.model import Edit, Span
from cleaner.text import edits


@pytest.mark.parametrize(
    "marked",
    [
        "|雨停了。|天晴了！|走吗？|好。|",
        "|他说：“雨停了。天晴了。”|她点头。|",
        "|“走吧。”，他说。|",
        "|他说“好”就走了。|",
        "|我……不知道。|",
        "|天黑了……|\n|灯亮了。|",
        "|雨停了？！|天晴了。。|好。|",
        "|雨停了.|天晴了!|好吗?|好.|",
        "|圆周率是3.14，版本是v2.0。|",
        "|见 https://example.org/a?b=1.5&c=2。|好。|",
        '|见<a href="x" title="雨。晴">雨停了。天晴</a>了。|好。|',
        "|见[雨停了。天晴](http://a.b)了。|好。|",
        "|用`雨。晴`表示。|好。|",
        "|公式$a。b$成立。|好。|",
        "|The rain stopped.| The sun came out.| Mr. Li left.|",
        '|他说:"雨停了.天晴了."|她点头.|',
        "|第一行|\n|第二行|",
        "|（雨停了。天晴了。）|好。|",
        "|他说：“雨停了。|天晴了。|",
        "|| ",
    ],
)
def test_sentences_end_where_a_bar_stands(marked: str) -> None:
    if marked == "|| ":
        assert sentence_bounds("").tolist() == [0]
        return
    text = marked.replace("|", "")
    places = sentence_bounds(text).tolist()
    parts = [text[start:stop] for start, stop in pairwise(places)]
    assert "|" + "|".join(parts) + "|" == marked.replace("||", "|")


def test_a_fenced_block_is_one_part() -> None:
    text = "前言。\n```text\n雨停了。\n天晴了。\n```\n好。"
    places = sentence_bounds(text).tolist()
    inside = range(text.index("```") + 1, text.rindex("```") + 3)
    assert not set(places) & set(inside)


def cut(text: str) -> str:
    """Cut what stands between ⟦ and ⟧."""
    start, stop = text.index("⟦"), text.index("⟧") - 1
    plain = text.replace("⟦", "").replace("⟧", "")
    return edits.apply(plain, [Edit(span, "", "x/y") for span in cut_spans([Span(start, stop)], plain)])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("甲在。⟦乙在。⟧丙在。", "甲在。丙在。"),
        ("甲在。乙⟦在。丙在。丁⟧在。", "甲在。乙在。丁在。"),
        ("甲在。\n⟦乙在。\n丙在。⟧\n丁在。", "甲在。\n丁在。"),
        ("甲在。\n\n⟦乙在。⟧\n\n丙在。", "甲在。\n\n丙在。"),
        ("甲在。⟦乙在。\n\n丙在。⟧丁在。", "甲在。\n\n丁在。"),
        ("甲在。⟦乙在。⟧\n丙在。", "甲在。\n丙在。"),
        ("甲在。\n　　⟦乙在。⟧丙在。", "甲在。\n丙在。"),
        ("⟦甲在。⟧\n\n乙在。", "乙在。"),
        ("甲在。\n\n⟦乙在。⟧", "甲在。\n\n"),
        ("甲乙⟦丙丁⟧戊己。", "甲乙丙丁戊己。"),
        ("One here. ⟦Two there.⟧ Three gone.", "One here. Three gone."),
        ("⟦甲在。⟧", ""),
    ],
)
def test_a_cut_takes_whole_sentences_and_joins_nothing(text: str, rest: str) -> None:
    assert cut(text) == rest


def test_spans_that_touch_are_cut_as_one() -> None:
    text = "甲在此处。乙在彼处。丙也在。"
    assert cut_spans([Span(0, 7), Span(7, 10)], text) == [Span(0, 10)]
    assert cut_spans([Span(0, 7)], text) == [Span(0, 5)]
    assert cut_spans([], text) == []
