"""Hypothesis strategies: texts like scraped pages, options, and edits that fit a text."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from cleaner.model import Edit, Span
from cleaner.options import CleanOptions, Quotes, Script

LINES = st.sampled_from(
    [
        "",
        "　　",
        "首页|新闻|图片|视频|论坛",
        "上一篇:没有了",
        "版权所有 京ICP备12345678号-1",
        "河水退去之后,村里的人开始重新丈量田地。",
        "他说:“明天再看。”",
        "發表回覆",
        "這是一個繁體句子,說明轉換之後還能復原。",
        "鎴戜滑",
        "他說：「這本『異世界転生の物語』不錯。」",
        "「乾」字後面是 https://example.com/臺灣 和`頭髮`。",
        "这里的“头发”干了，被发现后用软件复制。",
        "いつもの國、国際空港の裏",
        "&nbsp;&amp;",
        "１２３ＡＢＣ",
        "1、",
        "2、",
        "广告",
        "A_B_C",
        "C_A_B",
        "code = [x for x in y]",
        "http://example.com/a.html",
        "(责任编辑:张三)",
        "\ufeff",
    ]
)

PAGES = st.lists(LINES | st.text(max_size=12), max_size=14).map("\n".join)
"""Pages made of real kinds of lines and of any characters at all."""

OPTIONS = st.builds(
    CleanOptions,
    script=st.sampled_from(get_args(Script)),
    quotes=st.sampled_from(get_args(Quotes)),
    punctuation=st.sampled_from(["auto", "keep", "cjk", "ascii"]),
    cross=st.booleans(),
    unicode_escapes=st.booleans(),
    percent=st.booleans(),
    pinyin=st.booleans(),
)
"""Options of normalizing."""


@st.composite
def edits_for(draw: st.DrawFn, text: str, rule: str = "test/any") -> tuple[Edit, ...]:
    """Sorted edits of a text that do not overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return tuple(Edit(span, draw(st.text("xyz\n", max_size=3)), rule) for span in spans)
