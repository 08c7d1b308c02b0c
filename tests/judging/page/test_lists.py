"""Lists and tables of pages: where most of one is furniture it goes whole; what a writer lists stays whole."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.formats import html
from helpers.elements import page_elements

PROSE = [
    "天还没有亮，豆腐坊里的灯就已经亮了，两口大锅冒着白气。",
    "师傅姓陈，做这一行三十多年，手上的力气比话多，一早上说不了几句。",
    "他说水要用井里的，豆子要用当年的，火候要靠鼻子闻，没有什么秘密。",
    "街坊们提着碗来，放下钱，端走还烫手的豆花，谁也不用排队太久。",
]
TEASERS = [
    ("河堤上的风筝", "风一大，河堤上的人就多起来，孩子们举着线轴跑。"),
    ("修伞的人", "修伞的人每年春天来一次，在桥头坐三天。"),
    ("冬天的菜窖", "菜窖里的白菜要码成一排一排，中间留出过道。"),
    ("山里的邮路", "邮路一共四十里，走一趟要两天。"),
]
OWN_LISTS = {
    "journalist": ["六点：磨豆", "七点：点卤", "八点：出摊", "十点：收工"],
    "poet": ["井水", "豆子", "石磨", "一盏不灭的灯"],
    "programmer": ["pip install tofu", "tofu init", "tofu build --slow", "tofu serve"],
    "lawyer": ["摊位费每月二百元；", "押金两个月；", "水电自理；", "不得转让。"],
    "forum": ["楼上说的井水在哪里？", "城东老街。", "现在还能打吗？", "能，早上五点。"],
    "engineer": ["功率：1.5 kW", "转速：60 r/min", "重量：48 kg", "电压：220 V"],
}
MENU = "".join(f"<li><a href='/{n}'>{word}</a></li>" for n, word in enumerate(["首页", "新闻", "论坛", "登录", "注册"]))
FOOT = "<div class='footer'><p>版权所有 © 2021 某某网</p><p>ICP备00000000号</p></div>"


def page(inside: str = "", below: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in PROSE)
    return (
        f"<html><head><title>豆腐坊</title></head><body><ul class='nav'>{MENU}</ul><div class='article'><h1>豆腐坊</h1>"
        f"{paragraphs}{inside}</div>{below}{FOOT}</body></html>"
    )


def related() -> str:
    """A list of links to other texts, each with its beginning, a date and a link to go on."""
    items = "".join(
        f"<li><a href='/{n}'>{title}</a><p>{teaser}</p><span>2021-03-1{n}</span><a href='/{n}'>阅读全文</a></li>"
        for n, (title, teaser) in enumerate(TEASERS)
    )
    return f"<div><h3>相关阅读</h3><ul>{items}</ul></div>"


def test_links_to_other_texts_go_with_their_teasers() -> None:
    text = cleaner.clean_html(page(below=related())).text
    assert text.split("\n") == ["豆腐坊", *PROSE, ""]


def test_a_careful_judge_takes_no_prose_for_the_list_it_stands_in() -> None:
    text = cleaner.clean_html(page(below=related()), judge="careful").text.split("\n")
    assert all(teaser in text for _, teaser in TEASERS[:3])


@pytest.mark.parametrize("writer", OWN_LISTS)
@pytest.mark.parametrize("markup", ["<ul>{}</ul>", "<ol>{}</ol>", "<table>{}</table>"])
def test_what_a_writer_lists_stays(writer: str, markup: str) -> None:
    row = "<tr><td>{}</td></tr>" if "table" in markup else "<li>{}</li>"
    items = "".join(row.format(item) for item in OWN_LISTS[writer])
    text = cleaner.clean_html(page(inside=markup.format(items))).text
    assert all(item in text for item in OWN_LISTS[writer])
    assert all(line in text for line in PROSE)


def test_a_list_of_which_less_than_half_goes_loses_no_more() -> None:
    items = "".join(
        f"<li>{item}</li>" for item in [*OWN_LISTS["lawyer"], "分享到：微博 微信 QQ空间", "上一篇：河堤上的风筝"]
    )
    text = cleaner.clean_html(page(inside=f"<ul>{items}</ul>")).text
    assert all(item in text for item in OWN_LISTS["lawyer"])


def test_the_nearest_list_of_each_line() -> None:
    markup = (
        "<body><p>一</p><ul><li>二</li><li>三<table><tr><td>四</td></tr></table></li></ul><dl><dt>五</dt></dl></body>"
    )
    read = html.parse_page(markup)
    assert read.hints.elements
    tags = read.hints.elements.tags
    assert [tags[row] if row >= 0 else "" for row in read.hints.lists.tolist()] == ["", "ul", "ul", "tbody", "dl"]


def test_a_list_is_told_by_its_tag() -> None:
    elements = page_elements(["div", "ul", "li", "olive"], [-1, 0, 1, 0], [0, 0, 0, 1], [2, 1, 1, 2], [2, 3])
    assert elements.lists.tolist() == [1, -1]
