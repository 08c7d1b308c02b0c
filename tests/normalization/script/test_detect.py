import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import UsageError
from cleaner.normalization.script import convert, detect, opencc_tables

TARGETS = ("simplified", "traditional", "tw", "hk")

VERDICTS = {
    "这是一个用简体中文写成的句子。": "simplified",
    "這是一個用繁體中文寫成的句子。": "traditional",
    "中文": "none",
    "": "none",
    "plain ASCII, 123": "none",
    "東京駅前の広場に人が集まりました。": "japanese",
    "図書館は毎週月曜日が休みです。": "japanese",
    "국제(國際) 경제(經濟) 신문": "korean",
    "他在书里写到日本的「ありがとう」一词，说这个词的来历很长，需要一章来讲清楚，读者应当留意。": "simplified",
    "我们读到：「國家興亡，匹夫有責，學問亦然。」这句话说得很好。": "mixed",
    "这个网站是简体的。\n" * 40 + "本站轉載的這篇文章來自臺灣，請見諒！\n": "mixed",
    "这个网站是简体的，作者叫張三。\n" * 2 + "我们的简体网站讲的是经济与文学，请大家继续阅读。\n" * 20: "simplified",
}


@pytest.mark.parametrize(("text", "verdict"), VERDICTS.items())
def test_the_verdict_follows_the_evidence(text: str, verdict: str) -> None:
    assert detect.survey(text).verdict == verdict


def test_counts_add_up() -> None:
    evidence = detect.survey("国國后カ가気")
    assert (evidence.han, evidence.simplified_only, evidence.traditional_only, evidence.shinjitai, evidence.common) == (
        4,
        1,
        1,
        1,
        1,
    )
    assert (evidence.kana, evidence.hangul) == (1, 1)


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
    assert detect.to_script(text, target) == text


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
    assert detect.to_script(text, target) == wanted


def test_without_the_overlay_it_is_the_library() -> None:
    text = "他看著窗外，覺得杯盤狼藉。"
    assert detect.to_script(text, "simplified", overlay=False) == convert.convert(text, "t2s")


def test_an_unknown_target_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no script 'cn': use keep, simplified"):
        detect.to_script("國", "cn")


pieces = st.one_of(
    st.sampled_from(sorted(opencc_tables.dictionary("STPhrases.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("STPhrases.txt").values())),
    st.sampled_from(sorted(opencc_tables.dictionary("TSPhrases.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("TSCharacters.txt"))),
    st.sampled_from(sorted(opencc_tables.dictionary("STCharacters.txt"))),
    st.sampled_from(["，", "。", "\n", "」", "の", "カタ", "가", "気", "abc", "著", "什么", "\0", "\ud800"]),
)


@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(TARGETS))
def test_doing_it_twice_changes_nothing_more(text: str, target: str) -> None:
    once = detect.to_script(text, target)
    assert detect.to_script(once, target) == once


def sentences(count: int) -> list[str]:
    """Sentences of 20 to 40 characters out of the dictionary's own Simplified words."""
    pick, words = random.Random(3), sorted(opencc_tables.dictionary("STPhrases.txt"))
    words = [word for word in words if convert.convert(word, "t2s") == word]
    made = []
    for _ in range(count):
        text = ""
        while len(text) < 20:
            text += pick.choice(words)
        made.append(text + "。")
    return made


def test_the_gate_tells_the_scripts_apart() -> None:
    simplified = sentences(1_000)
    traditional = [convert.convert(text, "s2tw") for text in simplified]
    right = sum(detect.survey(text).verdict == "simplified" for text in simplified)
    right += sum(detect.survey(text).verdict == "traditional" for text in traditional)
    assert right >= 0.995 * 2_000


def test_the_explanation_gives_counts_and_consequence() -> None:
    assert detect.explain("這是國學。", "simplified") == (
        "traditional: 0 simplified-only, 3 traditional-only, 1 shared of 4 Han; 0 kana, 0 Hangul; converted by t2s"
    )
    assert detect.explain("這是國學。", "tw").endswith("kept")
    assert detect.explain("", "keep").endswith("kept")
