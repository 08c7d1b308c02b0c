"""Pages as Markdown: every structure is kept, as a CommonMark parser reads it, and the plain lines stay what they are."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import ledger
from cleaner.formats import html
from cleaner.model import Cleaned, Document
from cleaner.options import Links, PageOptions
from cleaner.packs.builtin import MARKDOWN
from cleaner.text import edits
from helpers.page_structure import Block, Inline, merge_texts, read_markdown, write_page

PROSE = [
    "河水退去之后，村里的人开始重新丈量田地，老人们说，三十年前的界石还在。",
    "他们在渡口等了一整夜，天亮时才看见那条船从雾里慢慢出来，船头挂着一盏灯。",
    "账本上的字迹很淡，可是每一笔都记得清楚：谁借了粮，谁又在秋天还了回来。",
    "那年冬天雪下得早，学校提前放了假，孩子们把书包顶在头上跑过了石桥。",
]


def text(sentence: str) -> Block:
    return ("paragraph", [("text", sentence)])


FRAGMENTS: dict[str, list[Block]] = {
    "headings": [("heading", 2, "丈量的办法"), text(PROSE[1]), ("heading", 3, "C# 与 1. 两种写法")],
    "items": [("list", None, [[text("先找到北边的界石，再往南量三十步。")], [text("把绳子拉直，在尽头打一根木桩。")]])],
    "steps": [("list", 3, [[text("第三步，把多出来的地分给住在坡上的人家。")], [text("第四步，把数字写进账本里。")]])],
    "nested": [
        (
            "list",
            None,
            [
                [
                    text("坡上的地土薄，适合种豆子。"),
                    ("list", 1, [[text("春天先翻一遍土。")], [text("夏天把草拔干净。")]]),
                ],
                [text("河边的地土厚，适合种稻子。")],
            ],
        )
    ],
    "table": [("table", [["地块", "面积（亩）", "人家"], ["北坡", "3.5", "张家"], ["河湾|东", "12", "李家*"]])],
    "holes": [("table", [["年份", "收成", "备注"], ["1998", "", "大水"], ["1999", "四百斤", ""]])],
    "code": [("code", "python", 'def area(a, b):\n    """面积"""\n\n    return a * b  # ```')],
    "quote": [("quote", [text("界石不能动，动了界石就是动了祖宗。"), text("这句话他记了一辈子，也说了一辈子。")])],
    "deep": [
        (
            "quote",
            [
                text("信里是这样写的，一共三条。"),
                ("list", None, [[text("地契在箱子里，钥匙在梁上。"), ("code", "", "a  b\n  c")]]),
            ],
        )
    ],
    "links": [
        (
            "paragraph",
            [
                ("text", "详情见"),
                ("link", "https://example.com/a?b=1&c=2", "村里的[公告]"),
                ("text", "，那里有完整的名单和每一块地的尺寸。"),
            ],
        )
    ],
    "marks": [
        (
            "paragraph",
            [
                ("text", "记住"),
                ("strong", "界石"),
                ("text", "的位置，函数 "),
                ("code", "max(a|b)"),
                ("text", " 会算出"),
                ("emphasis", "最大"),
                ("text", "的那一块，价格 * 数量 = 总价 <b>。"),
            ],
        )
    ],
    "formula": [("paragraph", [("text", "面积等于"), ("formula", "a_1 \\times b"), ("text", "，这是他唯一记得的公式。")])],
    "poem": [("paragraph", [("text", "河水退了，"), ("break",), ("text", "界石还在，"), ("break",), ("text", "人已经老了。")])],
}  # fmt: skip
PAGES = [*combinations(FRAGMENTS, 2)][:: len([*combinations(FRAGMENTS, 2)]) // 60 + 1] + [*combinations(FRAGMENTS, 3)][
    ::9
]
PAGES = PAGES[:60]


def page_of(names: tuple[str, ...]) -> list[Block]:
    """A page of prose with some fragments between."""
    blocks: list[Block] = [("heading", 1, "河水退去之后的田地"), text(PROSE[0])]
    for number, name in enumerate(names):
        blocks += [*FRAGMENTS[name], text(PROSE[1 + number])]
    return blocks


def test_there_are_sixty_pages_with_every_structure() -> None:
    assert len(set(PAGES)) == 60
    assert {name for names in PAGES for name in names} == set(FRAGMENTS)


@pytest.mark.parametrize("names", PAGES, ids="-".join)
def test_every_structure_is_kept(names: tuple[str, ...]) -> None:
    blocks = page_of(names)
    cleaned = cleaner.clean_html(
        write_page(blocks, "河水退去之后的田地"), text_format="markdown", links="inline", judge="off"
    )
    assert read_markdown(cleaned.text) == blocks


@pytest.mark.parametrize("names", PAGES[::6], ids="-".join)
def test_judging_is_the_same_in_both_formats(names: tuple[str, ...]) -> None:
    page = write_page(page_of(names), "河水退去之后的田地") + "<div><a href=/>首页</a> <a href=/b>下一篇</a></div>"
    plain, cleaned = cleaner.clean_html(page), cleaner.clean_html(page, text_format="markdown")
    *passes, markdown = cleaned.passes
    assert tuple(passes) == plain.passes
    assert {edit.rule for edit in markdown} == {MARKDOWN}
    assert edits.apply(plain.text, markdown) == cleaned.text


MARKS = "\\`*_[](){}<>&$|!^#+-.~:=\"'/0123 中文，。a"
TEXTS = st.text(alphabet=MARKS, min_size=1, max_size=12).map(lambda value: " ".join(value.split())).filter(bool)
WORDS = st.text(alphabet="中文字ab", min_size=1, max_size=4)
INLINES = st.one_of(
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("code"), TEXTS),
    st.tuples(st.just("link"), st.sampled_from(["/a", "http://x.example/a?b=1&c=2", "a.html"]), TEXTS),
    st.tuples(st.sampled_from(["strong", "emphasis"]), WORDS),
)
CODE = st.lists(st.text(alphabet=MARKS, max_size=8).map(str.rstrip), max_size=4)
LEAVES = st.one_of(
    st.tuples(st.just("paragraph"), st.lists(INLINES, min_size=1, max_size=4)),
    st.tuples(st.just("heading"), st.integers(1, 6), TEXTS),
    st.tuples(st.just("code"), st.sampled_from(["", "python", "c++"]), CODE.map(lambda code: "\n".join(["x", *code, "y"]))),
    st.integers(2, 3).flatmap(
        lambda width: st.tuples(
            st.just("table"), st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=2, max_size=3)
        )
    ),
)  # fmt: skip
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("quote"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(
            st.just("list"),
            st.sampled_from([None, 0, 1, 7]),
            st.lists(st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=3),
        ),
    ),
    max_leaves=6,
)


def as_markdown(markup: str, links: Links = "inline") -> str:
    """A page as Markdown, of which nothing is cleaned; its plain lines come back."""
    page = html.parse_page(markup, with_structure=True)
    plain = Cleaned(Document("", page.text), page.text)
    cleaned = html.write_page(plain, page.hints, PageOptions(text_format="markdown", links=links))
    assert ledger.undo(cleaned.text, tuple(ledger.list_changes(page.text, cleaned.passes))) == page.text
    return cleaned.text


def without_emphasis(block: Block) -> Block:
    """A block as it reads where emphasis is text: marks of it that touch others are left out."""
    match block:
        case ("paragraph", inlines):
            plain: list[Inline] = [("text", one[1]) if one[0] in ("strong", "emphasis") else one for one in inlines]
            return ("paragraph", merge_texts(plain))
        case ("quote", blocks):
            return ("quote", [without_emphasis(inner) for inner in blocks])
        case ("list", first, items):
            return ("list", first, [[without_emphasis(inner) for inner in item] for item in items])
    return block


@given(st.lists(BLOCKS, min_size=1, max_size=4))
@settings(max_examples=60)
def test_no_character_of_a_text_becomes_a_mark(blocks: list[Block]) -> None:
    markdown = as_markdown(write_page(blocks))
    assert [without_emphasis(block) for block in read_markdown(markdown)] == [
        without_emphasis(block) for block in blocks
    ]


TAGS = ["p", "div", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", "h2", "b", "a href=x", "code", "br", "dl", "dt", "x-formula"]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS]), st.text(alphabet="一二\n\t |*x", max_size=4)), max_size=40))  # fmt: skip
@settings(max_examples=100)
def test_any_markup_keeps_its_lines(parts: list[str]) -> None:
    markup = "".join(parts)
    page = html.parse_page(markup, with_structure=True)
    assert page.text == html.parse_page(markup).text
    markdown = as_markdown(markup, "off")
    assert [c for c in page.text if c in "一二x"] == [c for c in markdown if c in "一二x"]
