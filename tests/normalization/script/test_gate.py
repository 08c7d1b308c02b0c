from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import UsageError
from cleaner.normalization.script import convert, gate, opencc_tables, targets
from cleaner.options import NormalizeOptions, Script

TARGETS = tuple(targets.TARGETS)

UNCHANGED = [
    ("什么时候去？干什么？", "simplified"),
    ("看著", "simplified"),
    ("這裡的頭髮", "traditional"),
    ("這裡的頭髮", "tw"),
    ("東京駅前の広場に人が集まりました。発売中", "simplified"),
    ("東京駅前の広場に人が集まりました。国会", "traditional"),
    ("国の經濟", "keep"),
    ("國學", "keep"),
]


@pytest.mark.parametrize(("text", "target"), UNCHANGED)
def test_text_that_needs_no_conversion_stays_as_it_is(text: str, target: str) -> None:
    assert gate.to_script(text, target) == text


CHANGED = [
    ("他看著窗外，覺得頭髮乾了。", "simplified", "他看着窗外，觉得头发干了。"),
    ("这里的头发干净。", "traditional", "這裏的頭髮乾淨。"),
    ("这里的头发干净。", "tw", "這裡的頭髮乾淨。"),
    ("这里说的什么", "hk", "這裏説的什麼"),
    ("用户需要软件和鼠标。", "tw", "用戶需要軟件和鼠標。"),
    ("用户需要软件和鼠标。", "tw-phrases", "使用者需要軟體和滑鼠。"),
    ("宽带和光标都坏了。", "hk-phrases", "寬頻和游標都壞了。"),
    ("使用者需要軟體和滑鼠。", "simplified-phrases", "用户需要软件和鼠标。"),
    ("使用者需要軟體和滑鼠。", "simplified", "使用者需要软体和滑鼠。"),
    ("我读过什么？「國家興亡，匹夫有責。」", "simplified", "我读过什么？「国家兴亡，匹夫有责。」"),
    ("這首歌的原文：\nありがとう、世界の國。\n譯文如下，請讀者對照，這是說明。", "simplified", None),
]


@pytest.mark.parametrize(("text", "target", "result"), CHANGED)
def test_the_other_script_is_converted(text: str, target: str, result: str | None) -> None:
    wanted = result or "这首歌的原文：\nありがとう、世界の國。\n译文如下，请读者对照，这是说明。"
    assert gate.to_script(text, target) == wanted


EXEMPT = [
    ("這本《異世界転生の物語》很好看，說的是轉生。", "这本《異世界転生の物語》很好看，说的是转生。"),
    ("他在看異世界転生の物語這本小說。", "他在看異世界転生の物語这本小说。"),
    (
        "請見 https://example.org/wiki/臺灣/歷史?選=後 的說明。",
        "请见 https://example.org/wiki/臺灣/歷史?選=後 的说明。",
    ),
    ("請寄到 張三豐@臺灣.tw，謝謝您。", "请寄到 張三豐@臺灣.tw，谢谢您。"),
    ("「乾」字與『後』字都讀錯了。", "「乾」字与『後』字都读错了。"),
    ("寫成“裏”或'裡'都對。", "写成“裏”或'裡'都对。"),
    ("程式 `print('臺灣')` 會輸出臺灣。", "程式 `print('臺灣')` 会输出台湾。"),
    ("下面這樣設定：\n\n```\nname = 頭髮\n```\n\n然後檢查。", "下面这样设定：\n\n```\nname = 頭髮\n```\n\n然后检查。"),
    ('<a title="臺灣">這裡</a>是連結。', '<a title="臺灣">这里</a>是连结。'),
    (
        "這一段說頭髮乾了以後怎麼辦。\n한국(韓國) 경제(經濟) 신문, 국제(國際)",
        "这一段说头发干了以后怎么办。\n한국(韓國) 경제(經濟) 신문, 국제(國際)",
    ),
]


@pytest.mark.parametrize(("text", "result"), EXEMPT)
def test_what_is_no_chinese_sentence_keeps_its_script(text: str, result: str) -> None:
    assert gate.to_script(text, "simplified") == result


def test_a_passage_in_the_wanted_script_stays_in_a_text_of_the_other() -> None:
    text = "这段写头发和面条。\n这段写里程。\n這段是繁體的，里程很長，皇后的頭髮很長。\n这段又写面条。"
    expected = "這段寫頭髮和麵條。\n這段寫里程。\n這段是繁體的，里程很長，皇后的頭髮很長。\n這段又寫麵條。"
    assert gate.to_script(text, "tw") == expected


def test_every_script_of_the_options_is_a_target() -> None:
    assert {targets.KEEP, *targets.TARGETS} == set(get_args(Script))


def test_words_of_hong_kong_need_the_overlay() -> None:
    with pytest.raises(UsageError, match="'hk-phrases' needs overlay = true"):
        NormalizeOptions(script="hk-phrases", overlay=False)


def test_without_the_overlay_the_result_is_that_of_the_library() -> None:
    text = "他看著窗外，覺得杯盤狼藉。"
    assert gate.to_script(text, "simplified", overlay=False) == convert.convert(text, "t2s")


def test_an_unknown_target_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no script 'cn': use keep, simplified"):
        gate.to_script("國", "cn")


FRAGMENTS = st.one_of(
    st.sampled_from(sorted(opencc_tables.dictionary("STPhrases.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("STPhrases.txt").values())),
    st.sampled_from(sorted(opencc_tables.dictionary("TSPhrases.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("TSCharacters.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("STCharacters.txt"))),
    st.sampled_from(["，", "。", "\n", "」", "の", "カタ", "가", "気", "abc", "著", "什么", "\0", "\ud800"]),
)


@given(st.lists(FRAGMENTS, max_size=40).map("".join), st.sampled_from(TARGETS))
def test_converting_twice_changes_nothing_more(text: str, target: str) -> None:
    once = gate.to_script(text, target)
    assert gate.to_script(once, target) == once
