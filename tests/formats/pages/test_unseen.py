"""Text that a page holds and does not show is read where it shows none, from wherever it is."""

from __future__ import annotations

import json
import time
from html import escape

import pytest

import cleaner
from cleaner.errors import DecodeError
from cleaner.formats import html

FIRST = "河水退去之后，村里的人开始重新丈量田地，老人们说，三十年前的界石还在，只是被草盖住了，要一块一块地找。"
SECOND = "账本上的字迹很淡，可是每一笔都记得清楚：谁借了粮，谁又在秋天还了回来，一年一年，没有断过。"
MARKUP = f"<p>{FIRST}</p><p>{SECOND}</p>"
SHELL = "<html><head><title>河边的账本</title>{}</head><body><div id=root>加载中</div>{}</body></html>"
NEXT = {"props": {"page": {"title": "河边的账本", "cover": "https://example.com/a,b.png", "content": MARKUP}}}
BLOCKS = {"post": {"blocks": [{"type": "p", "text": FIRST}, {"type": "img"}, {"type": "p", "text": SECOND}]}}
ARTICLE = {"@type": "NewsArticle", "headline": "河边的账本", "articleBody": f"{FIRST}\n{SECOND}"}


def script(code: str, attributes: str = "") -> str:
    return f"<script {attributes}>{code}</script>"


HOLDERS = {
    "Next.js": SHELL.format("", script(json.dumps(NEXT), 'id="__NEXT_DATA__" type="application/json"')),
    "initial state": SHELL.format("", script(f"window.__INITIAL_STATE__ = {json.dumps(NEXT)};(function(){{}})()")),
    "a state of another name": SHELL.format("", script(f"window['__PAGE_DATA__'] = {json.dumps(NEXT)}")),
    "blocks": SHELL.format("", script(f"window.__INITIAL_STATE__={json.dumps(BLOCKS)}")),
    "undefined": SHELL.format("", script(f"window.__NUXT__={json.dumps(BLOCKS)[:-1]},user:undefined}}".replace("user", '"user"'))),
    "a string of JSON": SHELL.format("", script(f"window.__INITIAL_STATE__=JSON.parse({json.dumps(json.dumps(NEXT))})")),
    "entities": SHELL.format("", script(f"window.__INITIAL_STATE__={json.dumps({'content': escape(MARKUP)})}")),
    "JSON-LD": SHELL.format(script(json.dumps(ARTICLE), 'type="application/ld+json"'), ""),
    "noscript": SHELL.format("", f"<noscript>{MARKUP}</noscript>"),
    "noframes": f"<title>河边的账本</title><frameset><frame src=x><noframes><body>{MARKUP}</body></noframes></frameset>",
    "template": SHELL.format("", f"<template>{MARKUP}</template>"),
    "lazy text": SHELL.format("", f'<textarea class="lazyload">{escape(MARKUP)}</textarea>'),
    "script as template": SHELL.format("", script(MARKUP, 'type="text/template"')),
    "a page within": SHELL.format("", f'<iframe srcdoc="{escape(MARKUP)}"></iframe>'),
    "a comment": SHELL.format("", f"<code><!-- <div>{MARKUP}</div> --></code>"),
}  # fmt: skip


@pytest.mark.parametrize("markup", HOLDERS.values(), ids=HOLDERS)
def test_text_that_does_not_show_is_read(markup: str) -> None:
    assert html.parse_page(markup).text.split("\n")[-3:-1] == [FIRST, SECOND]
    assert cleaner.clean_html(markup).text.endswith(f"{FIRST}\n{SECOND}\n")


@pytest.mark.parametrize("markup", HOLDERS.values(), ids=HOLDERS)
def test_a_page_that_shows_its_text_is_read_as_it_shows(markup: str) -> None:
    shown = "<p>他们在渡口等了一整夜，天亮时才看见那条船从雾里慢慢出来，船头挂着一盏灯。</p>" * 6
    page = markup.replace("加载中", shown).replace("<frameset>", f"<body>{shown}<frameset>")
    assert FIRST not in html.parse_page(page).text


@pytest.mark.parametrize(
    "inner",
    [
        "<noscript>We're sorry, but this page does not work properly without JavaScript enabled. Please enable it, then go on.</noscript>",
        "<textarea>一行用户写的字，没有标记，也没有段落。</textarea>" * 9,
        script(f"window.__INITIAL_STATE__={json.dumps({'css': MARKUP, 'url': MARKUP})}"),
        script(f"window.__INITIAL_STATE__={json.dumps(NEXT)[:-9]}"),
        script("window.__INITIAL_STATE__=" + '{"a":' * 100_000),
        "<!--[if IE]>" + MARKUP + "<![endif]-->",
    ],
)  # fmt: skip
def test_what_is_no_text_stays_unseen(inner: str) -> None:
    assert html.parse_page(SHELL.format("", inner)).text == "加载中\n"


ODD = {
    "two ends": (f"<p>{FIRST}</p></body></html><p>{SECOND}</p></html>", [FIRST, SECOND]),
    "two pages": (f"<html><body><p>{FIRST}</p></body></html><html><body><p>{SECOND}</p></body></html>", [FIRST, SECOND]),
    "entities": ("<p>&ldquo;春&#22825;&rdquo;&nbsp;A&amp;B &river; &#x1F600;</p>", ["“春天”\xa0A&B &river; 😀"]),
    "ruby": ("<p><ruby><rb>河</rb><rp>(</rp><rt>hé</rt><rp>)</rp><rtc><rt>river</rt></rtc></ruby>水</p>", ["河水"]),
    "NUL": ("<p>河\0水</p>", ["河水"]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "lines"), ODD.values(), ids=ODD)
def test_odd_markup_is_read_as_browsers_do(markup: str, lines: list[str]) -> None:
    assert html.parse_page(markup).text.split("\n")[:-1] == lines


def test_gbk_that_says_it_is_utf_8_is_read_as_gbk() -> None:
    page = f'<html><head><meta charset="utf-8"></head><body>{MARKUP}</body></html>'
    assert html.read_page(page.encode("gb18030"), charset="utf-8").text == f"{FIRST}\n{SECOND}\n"


BOMBS = {
    "nested": "<div>" * 1_000_000,
    "nested by turns": "<div><span>" * 500_000,
    "styles that nothing closes": "".join(f"<p><b id={number}>" for number in range(15_000)),
    "entities": "<p>" + "&amp;" * 1_000_000,
    "comments": "<!--" * 300_000,
    "states": "<script>" + "window.__INITIAL_STATE__={" * 20_000 + "</script>",
    "templates": "<template>" * 15_000,
    "holders": "<body>" + "<noscript>一，二。" * 15_000,
    "unclosed tags": "<" * 1_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("markup", BOMBS.values(), ids=BOMBS)
def test_hostile_markup_takes_seconds_at_most(markup: str) -> None:
    start = time.process_time()
    try:
        html.parse_page(markup)
    except DecodeError as error:
        assert "elements open at once" in str(error)  # noqa: PT017 - either is right
    assert time.process_time() - start < 5
