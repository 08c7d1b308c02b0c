import random

import pytest
from msgspec import structs

from cleaner.normalization.script import convert, detect, opencc_tables

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
    expected = detect.Survey("mixed", han=4, simplified_only=1, traditional_only=1, shinjitai=1, kana=1, hangul=1)
    assert structs.replace(evidence, verdict="mixed") == expected
    assert evidence.common == 1


def sentences(count: int) -> list[str]:
    """Make sentences of 20 to 40 characters out of the dictionary's own Simplified words."""
    pick, words = random.Random(3), sorted(opencc_tables.dictionary("STPhrases.txt"))
    words = [word for word in words if convert.convert(word, "t2s") == word]
    texts = []
    for _ in range(count):
        text = ""
        while len(text) < 20:
            text += pick.choice(words)
        texts.append(text + "。")
    return texts


def test_simplified_and_traditional_sentences_are_distinguished() -> None:
    simplified = sentences(1_000)
    traditional = [convert.convert(text, "s2tw") for text in simplified]
    right = sum(detect.survey(text).verdict == "simplified" for text in simplified)
    right += sum(detect.survey(text).verdict == "traditional" for text in traditional)
    assert right >= 0.995 * 2_000
