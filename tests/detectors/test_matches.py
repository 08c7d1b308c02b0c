"""What each detector finds, beyond the cases that its rule carries in the pack."""

from __future__ import annotations

from typing import Any

import pytest

from cleaner.detectors import DETECTORS
from cleaner.features.line_view import view_lines
from cleaner.model import Edit, Span
from cleaner.text import edits, lines

PROSE = "那年秋天雨水多，河滩上的芦苇一直绿到十一月，放羊的人说，这样的年景他只在小时候见过一次。"
MORE = "后来修了大坝，水位降下去，芦苇滩变成了农田，放羊的人搬进了镇上，再没有人提起那年的事情。"


def hits(name: str, text: str, **params: Any) -> list[str]:
    block = lines.join([text])
    found = DETECTORS[name].find(view_lines(block), **params)
    return [block.text[a:b] for a, b in zip(found.start.tolist(), found.stop.tolist(), strict=True)]


def applied(name: str, text: str) -> str:
    block = lines.join([text])
    found = DETECTORS[name].find(view_lines(block))
    cuts = [Edit(Span(a, b), "", name) for a, b in zip(found.start.tolist(), found.stop.tolist(), strict=True)]
    return edits.apply(text, cuts)


@pytest.mark.parametrize("mark", ["_", "|", " | ", "，", "、", " / ", " - ", "　"])
def test_permuted_keywords_are_found_with_any_mark(mark: str) -> None:
    words = ["河滩露营地", "芦苇荡门票", "候鸟观察站"]
    first, second = mark.join(words), mark.join(reversed(words))
    assert hits("permuted-keywords", f"{first}\n{PROSE}\n{second}\n{MORE}") == [first, second]


def test_permuted_keywords_are_found_in_both_scripts_at_once() -> None:
    text = f"濕地導覽圖_蘆葦蕩門票\n{PROSE}\n芦苇荡门票_湿地导览图\n{MORE}"
    assert len(hits("permuted-keywords", text)) == 2


def test_picks_of_three_from_a_pool_are_found() -> None:
    pool = ["河滩露营地", "芦苇荡门票", "候鸟观察站", "湿地导览图", "水上摩托艇"]
    picks = ["_".join(pool[(start + step) % 5] for step in (0, 1, 3)) for start in range(5)]
    assert hits("permuted-keywords", f"\n{PROSE}\n".join(picks)) == picks


def test_a_keyword_is_cut_at_a_clause_end_and_left_in_a_list() -> None:
    spam = "河滩露营地_芦苇荡门票\n{}\n芦苇荡门票_河滩露营地"
    assert hits("keyword-insertion", spam.format("沿着大堤一路走到尽头芦苇荡门票，天就黑了。")) == ["芦苇荡门票"]
    assert hits("keyword-insertion", spam.format("他问了食宿、车费、芦苇荡门票，都很便宜。")) == []
    assert hits("keyword-insertion", spam.format("买好了芦苇荡门票，天就黑了。")) == []
    assert hits("keyword-insertion", spam.format("芦苇荡门票，三十元一张。")) == []


def test_pages_that_end_a_sentence_stay_lines_of_their_own() -> None:
    half = PROSE[:-8] + MORE + PROSE[:40]
    text = f"1、{half}\n2、{half}\n3、{half}。\n4、{half}\n5、{half}"
    assert applied("page-numbers", text) == f"{half}{half}{half}。\n{half}{half}"


def test_a_number_out_of_sequence_ends_the_pages() -> None:
    half = PROSE[:-8] + MORE + PROSE[:40]
    assert hits("page-numbers", f"1、{half}\n3、{half}\n7、{half}") == []


def test_a_frame_above_the_first_page_stays() -> None:
    half = PROSE[:-8] + MORE + PROSE[:40]
    text = f"《防汛方案》由会员分享\n1、{half}\n2、{half}\n3、{half}"
    assert applied("page-numbers", text) == f"《防汛方案》由会员分享\n{half}{half}{half}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"河滩上的芦苇与人家\n河滩上的芦苇与人家\n{PROSE}", 1),
        (f"河滩上的芦苇与人家 - 湿地之声\n导航\n河滩上的芦苇与人家\n{PROSE}", 1),
        (f"河灘上的蘆葦與人家|副刊|日報\n河灘上的蘆葦與人家\n{PROSE}", 1),
        (f"河滩上的芦苇与人家\n{PROSE}\n{MORE}\n{PROSE[3:]}\n推荐阅读\n河滩上的芦苇与人家", 1),
        (f"河滩上的芦苇与人家\n{PROSE}", 0),
    ],
)
def test_one_title_stays(text: str, expected: int) -> None:
    assert len(hits("repeated-title", text)) == expected


def test_the_last_of_several_distant_titles_stays() -> None:
    text = f"河滩上的芦苇与人家\n首页\n新闻\n副刊\n论坛\n河滩上的芦苇与人家\n{PROSE}\n{MORE}"
    block = lines.join([text])
    assert DETECTORS["repeated-title"].find(view_lines(block)).line.tolist() == [0]


@pytest.mark.parametrize(
    "abstract",
    [
        f"本文摘要：{PROSE}",
        PROSE,
        PROSE[:30] + "...",
        "摘要:" + PROSE[:42],
    ],
)
def test_an_abstract_of_the_first_paragraph_goes(abstract: str) -> None:
    assert hits("abstract-copy", f"河滩\n{abstract}\n{PROSE}{MORE}\n{MORE}") == [abstract]


def test_an_abstract_taken_from_inside_the_text_goes() -> None:
    assert hits("abstract-copy", f"河滩\n{MORE}\n{PROSE}{MORE}\n{PROSE[5:]}") == [MORE]


@pytest.mark.parametrize("mark", ["...", "…"])
def test_teasers_with_an_omission_mark_are_found(mark: str) -> None:
    cut = [PROSE[at : at + 24] + mark for at in (0, 4, 8)]
    assert hits("cut-lines", "\n题目在上面\n".join(cut)) == cut


def test_teasers_cut_without_a_mark_are_found_between_their_titles() -> None:
    source = (PROSE + MORE) * 2
    cut = [source[at : at + 78] for at in (3, 9, 14, 20)]
    text = "芦苇滩的四季\n" + "\n放羊人的故事\n".join(cut)
    assert hits("cut-lines", text) == cut


def test_a_book_with_pages_of_one_length_is_no_list_of_teasers() -> None:
    source = (PROSE + MORE) * 12
    pages = [source[at : at + 90] for at in range(3, 900, 90)]
    assert hits("cut-lines", "\n".join(pages)) == []


@pytest.mark.parametrize("date", ["2023-10-07", "(2023/10/7)", "[10-07]", "2023年10月7日", "2023-10-07 08:30", "10/07"])
def test_dates_behind_titles_make_a_list(date: str) -> None:
    titles = [f"湿地公园又添新鸟种{date}", f"芦苇收割本周开始 {date}", f"大坝观景台暂停开放{date}"]
    assert hits("dated-links", "\n".join(titles)) == titles


def test_two_dated_titles_are_no_list_yet() -> None:
    assert hits("dated-links", "湿地公园又添新鸟种2023-10-07\n芦苇收割本周开始2023-10-07") == []


def test_windows_drawn_from_the_same_texts_are_a_scramble() -> None:
    sentences = [f"第{n}位老人说，他记得那年的洪水漫过了门槛，{n}只鸡站在屋顶上。" for n in "一二三四五六七八九"]
    windows = ["".join(sentences[at : at + 4]) for at in range(0, 6)]
    block = lines.join(["\n".join(windows), "\n".join(sentences)])
    found = DETECTORS["scramble"].find(view_lines(block))
    assert found.line.tolist() == [-1]
    assert found.start.tolist() == [0]


def test_params_of_a_rule_are_used() -> None:
    text = f"河滩_芦苇\n{PROSE}\n芦苇_河滩"
    assert hits("permuted-keywords", text) == []
    assert len(hits("permuted-keywords", text, mean=2)) == 2
