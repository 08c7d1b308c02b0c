from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.model import Span
from cleaner.normalization import characters

STAYS = [
    "",
    "你好，世界！（测试）：“好”……——【】《》①㎡％＋",
    "　　段首缩进\n\t制表符 不换行\xa0空格\n",
    "标题　作者　译者",
    "葛\U000e0100飾 ☺\ufe0f",
    "👩\u200d💻 🏳\ufe0f\u200d🌈 👨🏽\u200d⚕\ufe0f",
    "(ﾟДﾟ) (｡･ω･｡)",
    "\u200fשלום\u200f",
    "क्\u200dष می\u200cخواهم",
    "\ue123",
]

CHANGES = [
    ("\ufeff中文", "中文"),
    ("中\u200d文\u200b字\u00ad", "中文字"),
    ("\u202a中文\u202c", "中文"),
    ("\ue5e5", "\u3000"),
    ("⼀⼤⼈⽂⻓⺟", "一大人文长母"),
    ("\uf90a\uf902\U0002f801", "金車丸"),
    ("ﾃｽﾄ ｶﾞﾊﾟ ﾃｽﾄ･ｹｰｽ｡", "テスト ガパ テスト・ケース。"),
    ("ｱﾞ", "アﾞ"),
    ("Ｗｉｎｄｏｗｓ\u3000１１", "Windows 11"),
    ("ＱＱ\u300012", "QQ 12"),
    ("Ａ，Ｂ！１００％", "A，B！100％"),
    ("\ud83d\ude00中文", "😀中文"),
    ("\ud83d\u200b\ude00", "😀"),
    ("\x1b[31m红\x1b[0m\x1b]0;title\x07\x1b[?25h", "红"),
    ("a\x00b\x07c\x81d\x7f", "abcd"),
    ("👩\u200d中 👩\u200d\u200d💻", "👩中 👩💻"),
    ("\u200e中文\n\u200eשלום", "中文\n\u200eשלום"),
]

BREAKS = [
    ("a\r\nb\rc\r\r\nd", "a\nb\nc\nd"),
    ("a\u2028b\u2029c\x0bd\x0ce", "a\nb\nc\nd\ne"),
    ("中\x85文", "中\n文"),
    ("\xe4\xbd\x85\xe5", "\xe4\xbd\x85\xe5"),
    ("等\x85\x85", "等\x85\x85"),
]

NASTY = st.text(
    st.sampled_from(
        "aＡ１ 中⼈\uf90a\ue5e5ｶﾞﾟ｡\u3000\xa0\xad\u200b\u200c\u200d\u202a\u200fא\u0301\ud83d\ude00👩💻\ufe0f"
        "क्\x1b[3m]\x07\x85é\r\n\0"
    )
)


@pytest.mark.parametrize("text", STAYS)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert characters.normalize(text) == text
    assert characters.newlines(text) == text


@pytest.mark.parametrize(("text", "expected"), CHANGES)
def test_characters_that_stand_for_others_are_mapped(text: str, expected: str) -> None:
    assert characters.normalize(text) == expected


@pytest.mark.parametrize(("text", "expected"), BREAKS)
def test_every_line_break_becomes_one_newline(text: str, expected: str) -> None:
    assert characters.newlines(text) == expected


@given(NASTY | st.text())
def test_each_step_is_idempotent(text: str) -> None:
    for step in (characters.newlines, characters.terminal_escapes, characters.normalize):
        once = step(text)
        assert step(once) == once


@given(NASTY)
def test_normalizing_keeps_the_number_of_lines(text: str) -> None:
    assert characters.normalize(text).count("\n") == text.count("\n")


def test_private_use_is_flagged_in_runs_and_kept() -> None:
    first, second = characters.flag_private_use("图\ue123\ue124标\U000f0001")
    assert (first.span, first.note) == (Span(1, 3), "U+E123 U+E124")
    assert second.span == Span(4, 5)
    assert characters.flag_private_use("没有\uffff") == []


@pytest.mark.parametrize(
    "fragment", ["\r", "\x85", "\x1b[", "\x1b]", "\u200d", "👩\u200d", "ｶ", "\ud83d", "\u202a", "\u3000"]
)
def test_long_runs_take_linear_time(fragment: str) -> None:
    begin = time.process_time()
    characters.normalize(characters.newlines(fragment * 200_000))
    assert time.process_time() - begin < 2
