"""What pages say of themselves, and where they say so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.formats import html

BODY = "<p>河水退去之后，村里的人开始重新丈量田地，老人们说，三十年前的界石还在。</p>"


def page(head: str = "", body: str = "") -> str:
    return f"<html lang=zh-CN><head>{head}</head><body>{body}{BODY}</body></html>"


def json_ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields, ensure_ascii=False)}</script>'


PAGES: dict[str, tuple[str, dict[str, tuple[Any, str]]]] = {
    "OpenGraph": (
        page(
            '<meta property="og:title" content="河边的账本"><meta property="og:site_name" content="河湾报">'
            '<meta property="og:url" content="https://example.com/1"><meta property="article:author" content="周禾">'
            '<meta property="article:published_time" content="2024-03-05T08:27:00+08:00">'
            '<meta property="article:tag" content="土地"><meta property="article:tag" content="账本">'
        ),
        {
            "title": ("河边的账本", "og:title"),
            "author": ("周禾", "article:author"),
            "date": ("2024-03-05T08:27:00+08:00", "article:published_time"),
            "site_name": ("河湾报", "og:site_name"),
            "language": ("zh-CN", "html:lang"),
            "url": ("https://example.com/1", "og:url"),
            "tags": (("土地", "账本"), "article:tag"),
        },
    ),
    "JSON-LD": (
        page(
            json_ld(
                **{
                    "@graph": [
                        {"@type": "Organization", "name": "不是这个"},
                        {
                            "@type": ["NewsArticle"],
                            "headline": "河边的账本",
                            "author": [{"@type": "Person", "name": "周禾"}, {"name": "林岸"}],
                            "datePublished": "2024-03-05",
                            "publisher": {"name": "河湾报"},
                            "keywords": ["土地", "账本"],
                        },
                    ]
                }
            )
        ),
        {
            "title": ("河边的账本", "json-ld:headline"),
            "author": ("周禾、林岸", "json-ld:author"),
            "date": ("2024-03-05", "json-ld:datePublished"),
            "site_name": ("河湾报", "json-ld:publisher"),
            "language": ("zh-CN", "html:lang"),
            "tags": (("土地", "账本"), "json-ld:keywords"),
        },
    ),
    "meta of a government": (
        page(
            "<title>河边的账本_河湾县人民政府</title>"
            '<meta name="PubDate" content="2024-03-05 08:27"><meta name="ContentSource" content="河湾县农业局">'
            '<meta name="SiteName" content="河湾县人民政府"><meta name="keywords" content="土地,账本；土地">'
        ),
        {
            "title": ("河边的账本", "title"),
            "date": ("2024-03-05T08:27:00", "meta:pubdate"),
            "site_name": ("河湾县人民政府", "meta:sitename"),
            "source": ("河湾县农业局", "meta:contentsource"),
            "language": ("zh-CN", "html:lang"),
            "tags": (("土地", "账本"), "meta:keywords"),
        },
    ),
    "byline": (
        page(
            "<title>河边的账本 - 河湾网</title>",
            "<div>2020-01-01 今天是</div><h1>河边的账本</h1>"
            "<div>2024年3月5日08:27　来源：河湾日报　作者：周禾　责任编辑：林岸</div>",
        ),
        {
            "title": ("河边的账本", "h1"),
            "author": ("周禾", "byline"),
            "date": ("2024-03-05T08:27", "byline"),
            "site_name": ("河湾网", "title"),
            "source": ("河湾日报", "byline"),
            "language": ("zh-CN", "html:lang"),
        },
    ),
    "time": (
        page("", "<h1>河边的账本</h1><time datetime='2024-03-05'>三天前</time>"),
        {"title": ("河边的账本", "h1"), "date": ("2024-03-05", "time"), "language": ("zh-CN", "html:lang")},
    ),
    "prose and lists are no byline": (
        page(
            "<title>河边的账本</title>",
            "<h1>河边的账本</h1><p>合同于2005年2月9日发布，由县里的两个部门一起管理。</p>"
            "<li>甲 2021-03-05</li><li>乙 2021-04-05</li><li>丙 2021-05-05</li>",
        ),
        {"title": ("河边的账本", "h1"), "language": ("zh-CN", "html:lang")},
    ),
    "related pages below": (
        page("<title>河边的账本</title>", "<h1>河边的账本</h1><p>河湾报2017-04-19 08:48:00</p>")
        + "<p>另一篇</p><p>2018-04-06 23:45</p>",
        {"title": ("河边的账本", "h1"), "date": ("2017-04-19T08:48:00", "byline"), "language": ("zh-CN", "html:lang")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), PAGES.values(), ids=PAGES)
def test_metadata_is_read_with_its_origin(markup: str, expected: dict[str, tuple[Any, str]]) -> None:
    assert html.read_metadata(markup) == expected


def test_the_address_of_a_page_tells_its_date_last() -> None:
    address = "https://example.com/2024/03/05/stone.html"
    assert html.read_metadata(page(), address)["date"] == ("2024-03-05", "address")
    assert html.read_metadata(page("<meta name=pubdate content=2024-03-04>"), address)["date"][0] == "2024-03-04"


def test_python_gets_it_with_the_document() -> None:
    markup, _ = PAGES["OpenGraph"]
    meta = cleaner.clean_html(markup, metadata=True).document.meta
    assert meta["title"] == "河边的账本"
    assert meta["from"]["title"] == "og:title"
    assert not cleaner.clean_html(markup).document.meta


PIECES = ["<meta name=author content='", "<meta property=og:title content='", "<script type='application/ld+json'>", '{"@type":"Article","headline":["x",{}],"author":', "[[[", "</script>", "<h1>", "作者：", "2024-03-05", "<title>", "</title>", "来源：", "'>", "\\ud800", "|"]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30))
def test_any_markup_is_read(parts: list[str]) -> None:
    for value, origin in html.read_metadata("".join(parts)).values():
        assert value
        assert origin
