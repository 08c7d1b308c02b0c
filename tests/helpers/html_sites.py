"""Pages of invented sites in HTML, whose boxes hold what authors wrote, or lists of other pages that differ on each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.site_pages import NAMES, THINGS

COUNT = 12
HEAD = (
    '<div class="top"><ul class="menu"><li><a href="/">示例书屋</a></li><li><a href="/new">最近更新</a></li></ul></div>'
)
FOOT = '<div class="foot"><p>联系管理员</p><p>示例书屋 版权所有</p></div>'


class HtmlPage(NamedTuple):
    """A page: its markup, the lines that its author wrote, and those of lists that only this page has."""

    markup: str
    content: list[str]
    lists: list[str]


def prose(number: int, count: int = 2) -> list[str]:
    """Write paragraphs that only one page has."""
    return [
        f"{NAMES[(number + part) % 10]}在第{number * 7 + part}天走到{THINGS[(number + part * 3) % 10]}前，"
        f"他记得父亲说过的{number + part}句话，却想不起父亲的样子，也想不起那座桥的名字。"
        for part in range(count)
    ]


def titles(number: int, count: int = 6) -> list[str]:
    """Write titles of other pages, other ones for each number."""
    return [
        f"{THINGS[(number + part) % 10]}旁的{NAMES[(number * 3 + part) % 10]}和{number * 11 + part}个不眠的夜晚"
        for part in range(count)
    ]


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def links(texts: Sequence[str]) -> str:
    return "".join(f'<li><a href="/{number}">{text}</a></li>' for number, text in enumerate(texts))


def build(main: str, side: str, content: Sequence[str], lists: Sequence[str] = ()) -> HtmlPage:
    body = f'<div class="main"><div class="text">{main}</div></div><div class="side">{side}</div>'
    markup = f"<html><head><title>示例</title></head><body>{HEAD}{body}{FOOT}</body></html>"
    return HtmlPage(markup, list(content), list(lists))


def glossary(number: int) -> HtmlPage:
    """A side column of definitions, other ones on each page, each term a link."""
    text = prose(number)
    terms = [f"{THINGS[(number + part) % 10]}门" for part in range(4)]
    meanings = [f"指{THINGS[(number * 3 + part) % 10]}上第{number + part}级台阶" for part in range(4)]
    pairs = zip(terms, meanings, strict=True)
    side = "".join(f'<dt><a href="/{term}">{term}</a></dt><dd>{meaning}</dd>' for term, meaning in pairs)
    return build(paragraphs(text), f'<dl class="terms">{side}</dl>', [*text, *terms, *meanings])


def footnotes(number: int) -> HtmlPage:
    """An article's own notes in an aside, each with a link back."""
    text = prose(number)
    notes = [
        f"{part + 1} {NAMES[(number + part) % 10]}：《{THINGS[part]}志》，第{number * 9 + part}页" for part in range(3)
    ]
    aside = "".join(f'<p><a href="#r">{note[0]}</a>{note[1:]}</p>' for note in notes)
    return build(f'{paragraphs(text)}<aside class="notes">{aside}</aside>', "", [*text, *notes])


def recipes(number: int) -> HtmlPage:
    """A side box that holds other titles on most pages, and a recipe's ingredients on some."""
    text = prose(number)
    if number % 3:
        return build(paragraphs(text), f'<ul class="box">{links(titles(number))}</ul>', text, titles(number))
    ingredients = [f"{THINGS[(number + part) % 10]}粉 {number + part}克" for part in range(5)]
    side = "".join(f"<li>{line}</li>" for line in ingredients)
    return build(paragraphs(text), f'<ul class="box">{side}</ul>', [*text, *ingredients])


def ingredients(number: int) -> HtmlPage:
    """A side box with a recipe's ingredients on all pages, each name a link."""
    text = prose(number)
    names = [f"{THINGS[(number + part) % 10]}淀粉" for part in range(5)]
    side = "".join(f'<li><a href="/{name}">{name}</a> {number + 2}克</li>' for name in names)
    return build(
        paragraphs(text), f'<ul class="amounts">{side}</ul>', [*text, *(f"{name} {number + 2}克" for name in names)]
    )


def forum(number: int) -> HtmlPage:
    """Posts as like containers, some of them short, in each the link of who wrote it."""
    posts = [*prose(number, 2), f"同意{number}楼的看法", f"我家在{THINGS[number % 10]}边第{number}户"]
    main = "".join(
        f'<div class="post"><div class="who"><a href="/u{part}">{NAMES[part]}</a></div><div class="words">{post}</div>'
        "</div>"
        for part, post in enumerate(posts)
    )
    return build(main, "", posts)


def contents(number: int) -> HtmlPage:
    """A book with what it is about, and the list of its chapters."""
    text = prose(number)
    chapters = [f"第{part + 1}章 {THINGS[(number + part) % 10]}上的第{number}个黄昏" for part in range(6)]
    return build(f'{paragraphs(text)}<ul class="chapters">{links(chapters)}</ul>', "", [*text, *chapters])


def indexes(number: int) -> HtmlPage:
    """Articles with a list of others beside them; one page in ten is a list itself, at the place of those."""
    if number % 10 == 0:
        return build("", f'<ul class="more">{links(titles(number, 12))}</ul>', titles(number, 12))
    return build(
        paragraphs(prose(number)), f'<ul class="more">{links(titles(number))}</ul>', prose(number), titles(number)
    )


def tables(number: int) -> HtmlPage:
    """A table of courses, with values that stand in all tables, several times each."""
    rows = [
        [f"{NAMES[(number + row) % 10]}的课", "选修" if row % 2 else "必修", "文学院", "".join(prose(number * 6 + row))]
        for row in range(6)
    ]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return build(f"<table>{cells}</table>", "", [cell for row in rows for cell in row])


def digests(number: int) -> HtmlPage:
    """A text that lists links to what it is about, among its paragraphs."""
    first, last = prose(number)
    inner = f'<div class="picks"><ul class="list">{links(titles(number))}</ul></div>'
    return build(f"<p>{first}</p>{inner}<p>{last}</p>", "", [first, *titles(number), last])


HTML_SITES = {
    "glossary": glossary,
    "footnotes": footnotes,
    "recipes": recipes,
    "ingredients": ingredients,
    "forum": forum,
    "contents": contents,
    "indexes": indexes,
    "tables": tables,
    "digests": digests,
}
"""What makes the page of a number of each site, by its name."""


def write_html(folder: Path, count: int = COUNT) -> Path:
    """Write the pages of all invented sites, a folder for each."""
    for name, make in HTML_SITES.items():
        site = folder / "pages" / name
        site.mkdir(parents=True)
        for number in range(count):
            (site / f"{name}-{number}.html").write_text(make(number).markup, encoding="utf-8")
    return folder / "pages"
