from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.normalization import escapes

STAYS = [
    "",
    "AT&T 与 R&D；a&b;c",
    "http://example.com/?a=1&copy=2&lt=3&nbsp=4&amp=5",
    "&notaname; &noti &#; &#x; &#99999999;",
    "&#1 & 其他",
    "if (a < b && c > d) x &= y;",
    '<a title="1 &lt; 2">A &amp; B</a>',
]

CHANGES = [
    ("&#20013;&#25991;", "中文"),
    ("A&amp;B&nbsp;公司&ldquo;中文&rdquo;", "A&B\xa0公司“中文”"),
    ("&#20013&#25991", "中文"),
    ("&#x4e2d&#X6587;", "中文"),
    ("若 a < b，则&nbsp;c &amp; d", "若 a < b，则\xa0c & d"),
    ("<p>他说&ldquo;好&rdquo;&nbsp;&amp;</p>", "<p>他说“好”\xa0&amp;</p>"),
    ("段首&nbsp&nbsp文字&hellip", "段首\xa0\xa0文字…"),
    ("&nbsp；&#8220；", "\xa0“"),
    ("&amp;nbsp;&amp;amp;lt;", "\xa0<"),
    ("&#38;#20013;", "中"),
    ("&#&#54;5;", "A"),
    ("&#55357;&#56832;", "😀"),
    ("&#55357;", "\ufffd"),
    ("&#128;&#147;", "€“"),
    ("一&#10;二&#13;", "一 二 "),
    ("don&#39t", "don't"),
    ("&lt;p&gt;", "<p>"),
    ("&semi;", ";"),
]


@pytest.mark.parametrize("text", STAYS)
def test_text_without_entities_stays_as_it_is(text: str) -> None:
    assert escapes.entities(text) == text


@pytest.mark.parametrize(("text", "expected"), CHANGES)
def test_entities_are_decoded(text: str, expected: str) -> None:
    assert escapes.entities(text) == expected


FRAGMENTS = st.sampled_from(
    [
        *"&#;；<>5x a中",
        "&amp;",
        "&lt;",
        "&nbsp",
        "&#",
        "&#38;",
        "&#x",
        "amp;",
        "lt",
        "quo;",
        "&#55357;",
        "&#56832;",
        "&#10;",
        "\n",
        "<b>",
    ]
)


@given(st.lists(FRAGMENTS).map("".join))
def test_decoding_entities_leaves_none(text: str) -> None:
    once = escapes.entities(text)
    assert escapes.entities(once) == once
    assert once.count("\n") == text.count("\n")


def test_escapes_of_javascript_are_decoded_on_request() -> None:
    assert escapes.unicode_escapes(r"\u4e2d\u6587\ud83d\ude00\u003cb\u003e") == "中文😀<b>"
    kept = r"\\u4e2d \u0041 \u005c \ud83d \u12 \u000a C:\users"
    assert escapes.unicode_escapes(kept) == kept


def test_percent_escapes_are_decoded_on_request() -> None:
    assert escapes.percent("%E4%B8%AD%e6%96%87%20%2F%u4E2D%u6587%uD83D%uDE00") == "中文%20%2F中文😀"
    kept = "100%的 %D6%D0 %E4%B8 %u0041 %C2%85 %ED%A0%80"
    assert escapes.percent(kept) == kept


@given(st.text(st.sampled_from("\\u%4e2dDEF8B0cC9A ")))
def test_decoding_on_request_is_idempotent(text: str) -> None:
    for step in (escapes.unicode_escapes, escapes.percent):
        once = step(text)
        assert step(once) == once


@pytest.mark.parametrize("fragment", ["&", "&#", "&amp;", "amp;", "&#38;#", "&nbsp;", "&#1234567"])
def test_long_runs_take_linear_time(fragment: str) -> None:
    begin = time.process_time()
    escapes.entities("&" + fragment * 40_000 + ";")
    assert time.process_time() - begin < 3
