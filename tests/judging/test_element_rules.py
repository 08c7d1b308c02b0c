"""Rules that name elements act on the lines inside, and on no page that is a list."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.errors import PackError
from cleaner.formats import html
from cleaner.packs import loader, testing
from cleaner.pipeline import Pack

PACK = """
schema = 1
[pack]
id = "mine"
version = "1"
title = "Mine"
[[rule]]
id = "related/box"
why = "The box lists other pages."
elements = [{elements}]
drops = ["div.side > ul.box > li a: 别的文章"]
keeps = ["div.text > p: 他走到桥前。"]
{more}
"""
PAGE = """
<div class="wide main"><div class="text"><p>他在早上走到桥前，想起了父亲说过的话，没有再往前走。</p></div></div>
<div id="right"><ul class="box"><li>3<a href="/1">别的文章和它的题目</a></li><li><a href="/2">盐</a> 两克</li></ul>
<ul class="box b123456"><li><a href="/3">另一篇文章的题目</a></li></ul></div>
"""


def load(elements: str, more: str = "") -> Pack:
    return Pack(loader.check_pack(loader.parse_pack(PACK.format(elements=elements, more=more), "mine.toml")))


def lines_after(elements: str, page: str = PAGE, more: str = "") -> list[str]:
    return cleaner.clean_html(f"<html><body>{page}</body></html>", pack=load(elements, more)).text.split("\n")[:-1]


PROSE = "他在早上走到桥前，想起了父亲说过的话，没有再往前走。"


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ('"ul.box a"', [PROSE, "盐 两克"]),
        ('"ul.box"', [PROSE]),
        ('"div#right > ul.box a"', [PROSE, "盐 两克"]),
        ('"body > div#right > ul.box > li a"', [PROSE, "盐 两克"]),
        ('"div > ul.box a"', [PROSE, "3别的文章和它的题目", "盐 两克", "另一篇文章的题目"]),
        ('"div.main"', [PROSE, "3别的文章和它的题目", "盐 两克", "另一篇文章的题目"]),
        ('"div.main.wide"', [PROSE, "3别的文章和它的题目", "盐 两克", "另一篇文章的题目"]),
    ],
)
def test_lines_inside_elements_go_where_sentences_stand_outside(elements: str, expected: list[str]) -> None:
    assert lines_after(elements) == expected


def test_a_pattern_and_its_exceptions_say_which_lines_go() -> None:
    assert lines_after('"ul.box"', more="match = '题目$'\nunless = ['^另']") == [PROSE, "盐 两克", "另一篇文章的题目"]


def test_a_page_that_is_a_list_and_a_text_keep_it() -> None:
    page = PAGE.replace(PROSE, "桥")
    assert lines_after('"ul.box a"', page) == lines_after('"ul.other a"', page)
    assert load('"ul.box a"').clean(html.parse_page(PAGE).text).text == html.parse_page(PAGE).text


def test_cases_are_lines_behind_their_path() -> None:
    assert testing.run_cases(load('"ul.box a"').data) == ()
    failures = testing.run_cases(load('"ul.other a", "div.text > p"').data)
    assert [(failure.key, failure.rule) for failure in failures] == [
        ("drops", "mine/related/box"),
        ("keeps", "mine/related/box"),
    ]


@pytest.mark.parametrize(
    ("elements", "more", "expected"),
    [
        ('"ul.box a"', 'literals = ["甲"]', "elements: they stand in the place of literals"),
        ('"ul.box a"', 'scope = "span"', "elements: they stand in the place of literals"),
        ('"ul[class=box]"', "", "elements"),
        ("", "", "literals: one must occur"),
    ],
)
def test_what_elements_cannot_be_is_said(elements: str, more: str, expected: str) -> None:
    with pytest.raises(PackError, match="related/box") as error:
        load(elements, more)
    assert expected in str(error.value)
