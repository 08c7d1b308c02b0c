"""Invent what stands around a text on a page: menus, logins, shares, related titles, forms, widgets, footers.

Labelled pages are of few hundred sites, and each site has its own words for the same things. Here every kind of
furniture is said in many ways, put together of words of our own (furniture.toml). benchmarks/derive/judge_model.py
learns phrases from these lines and sets them around bodies of labelled pages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

Lines = list[str]

WORDS = tomllib.loads((Path(__file__).parent / "furniture.toml").read_text(encoding="utf-8"))


def fill(draw: Random, pattern: str) -> str:
    """Fill the slots of a pattern."""
    number = "".join(draw.choice("0123456789") for _ in range(draw.randint(6, 11)))
    slots = {
        "t": draw.choice(WORDS["topics"]),
        "u": draw.choice(WORDS["topics"]),
        "n": str(draw.randint(2, 60)),
        "q": number,
        "y": str(draw.randint(2006, 2025)),
        "s": site(draw),
        "h": host(draw),
        "m": f"{draw.choice(('kefu', 'service', 'admin', 'info'))}@{host(draw)}",
        "p": f"{draw.choice(('400', '0571', '010', '021', '0755', '12345'))}-{number[:7]}",
        "c": draw.choice(WORDS["cities"]),
        "d": draw.choice(WORDS["streets"]),
        "z": number[:6],
        "i": f"{draw.choice('京沪粤浙苏鄂川鲁')}ICP备{number[:8]}号",
    }
    if "{a}" in pattern:
        slots |= {"a": title(draw), "b": title(draw)}
    return pattern.format(**slots)


def site(draw: Random) -> str:
    """Invent the name of a site."""
    return draw.choice(WORDS["names"]) + draw.choice(WORDS["kinds_of_site"])


def host(draw: Random) -> str:
    """Invent a host."""
    name = "".join(
        draw.choice(("qing", "yun", "bai", "xin", "lan", "shi", "mai", "da", "you", "hao", "zhi", "le", "51", "8", "e"))
        for _ in range(2)
    )
    return f"www.{name}.{draw.choice(WORDS['domains'])}"


def title(draw: Random) -> str:
    """Invent the title of another page."""
    return fill(draw, draw.choice(WORDS["titles"]))


def nav(draw: Random) -> Lines:
    """Invent a menu: an entry a line, or all in one."""
    entries = draw.choice(list(WORDS["menus"].values()))
    chosen = (
        entries[: draw.randint(5, len(entries))] if draw.random() < 0.6 else draw.sample(entries, min(len(entries), 8))
    )
    style = draw.random()
    if style < 0.5:
        return chosen
    return [draw.choice((" ", " | ", "|", "  ", " · ", " - ", "　", "/")).join(chosen)]


def crumbs(draw: Random) -> Lines:
    """Invent the path to a page."""
    entries = draw.choice(list(WORDS["menus"].values()))
    path = [
        draw.choice(("首页", site(draw), "主页")),
        draw.choice(entries),
        draw.choice((draw.choice(entries), "正文", "内容", title(draw))),
    ]
    return [draw.choice(WORDS["paths"]) + draw.choice((" > ", ">", " >> ", "»", " / ", "-", " › ")).join(path)]


def titles(draw: Random) -> Lines:
    """Invent a list of other pages with its head."""
    count, style = draw.randint(3, 12), draw.random()
    entries = [title(draw) for _ in range(count)]
    day = f"{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    if style < 0.15:
        entries = [f"{number}{draw.choice(('', '.', '、', ' '))}{entry}" for number, entry in enumerate(entries, 1)]
    elif style < 0.3:
        mark = draw.choice(("·", "• ", "- ", "> ", "[图]", "◆"))
        entries = [mark + entry for entry in entries]
    elif style < 0.45:
        entries = [f"{entry} {day}" if draw.random() < 0.5 else f"{day} {entry}" for entry in entries]
    elif style < 0.65:
        entries = [draw.choice((" ", "  ", " | ")).join(entries)]
    head = [draw.choice(WORDS["heads"])] if draw.random() < 0.8 else []
    return [*head, *entries, *([draw.choice(("更多>>", "查看更多", "换一批"))] if draw.random() < 0.2 else [])]


def some(name: str, low: int, high: int) -> Callable[[Random], Lines]:
    """Make a kind of some lines of one of the lists, now and then in one line."""

    def kind(draw: Random) -> Lines:
        chosen = [fill(draw, draw.choice(WORDS[name])) for _ in range(draw.randint(low, high))]
        return [" ".join(chosen)] if draw.random() < 0.15 else chosen

    return kind


def banner(draw: Random) -> Lines:
    """Invent a line that a site puts in again and again."""
    line = fill(
        draw,
        draw.choice(
            (
                "{s}欢迎你!",
                "欢迎光临{s},祝您浏览愉快",
                "{s}:{h}",
                "{s} - {h}",
                "来源:{s} {h}",
                "{s}({h})提供",
                "更多精彩尽在{s}",
                "本文来自{s}",
            )
        ),
    )
    return [line] * draw.choice((1, 1, 2, 3))


ABOVE = (
    nav,
    nav,
    nav,
    crumbs,
    crumbs,
    some("logins", 1, 6),
    some("shares", 1, 4),
    banner,
    some("widgets", 1, 5),
    some("ads", 1, 3),
    titles,
)
BELOW = (
    titles,
    titles,
    titles,
    titles,
    nav,
    banner,
    some("shares", 1, 8),
    some("comments", 1, 8),
    some("pagers", 1, 4),
    some("footers", 2, 10),
    some("footers", 2, 10),
    some("disclaimers", 1, 3),
    some("ads", 1, 8),
    some("widgets", 1, 8),
    some("logins", 1, 6),
)


def invent_frame(draw: Random) -> tuple[Lines, Lines]:
    """Invent what stands above a text and what stands below it; either may be empty."""
    above = [line for kind in draw.sample(ABOVE, draw.choice((0, 0, 1, 2, 3, 4))) for line in kind(draw)]
    below = [line for kind in draw.sample(BELOW, draw.choice((0, 1, 1, 2, 3, 5))) for line in kind(draw)]
    if not above and not below:
        below = draw.choice(BELOW)(draw)
    return above, below
