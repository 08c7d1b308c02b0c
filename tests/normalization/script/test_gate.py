import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import UsageError
from cleaner.normalization.script import convert, gate, opencc_tables

TARGETS = ("simplified", "traditional", "tw", "hk")

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
    ("我读过什么？「國家興亡，匹夫有責。」", "simplified", "我读过什么？「国家兴亡，匹夫有责。」"),
    ("這首歌的原文：\nありがとう、世界の國。\n譯文如下，請讀者對照，這是說明。", "simplified", None),
]


@pytest.mark.parametrize(("text", "target", "result"), CHANGED)
def test_the_other_script_is_converted(text: str, target: str, result: str | None) -> None:
    wanted = result or "这首歌的原文：\nありがとう、世界の國。\n译文如下，请读者对照，这是说明。"
    assert gate.to_script(text, target) == wanted


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
