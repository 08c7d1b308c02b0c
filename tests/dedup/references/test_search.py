"""References in texts: found in other marks, scripts and after an edit; another number or name is another question."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup.references.catalogue import Catalogue
from cleaner.dedup.references.search import ReferenceMatch, find_references
from helpers.planted_spans import sentences

QUESTIONS = {
    "apples": "小明有5个苹果，吃掉了2个，他还剩下几个苹果？",
    "capital": "下列哪一座城市是法国的首都？",
    "river": "下列哪一条河流经过南京市的城区？",
    "leaf": "植物的叶子在光照下把二氧化碳和水变成什么？",
    "code": "Python 中用哪个函数得到列表 items 的长度？",
    "poet": "写下《归园田居》的陶渊明生活在哪个朝代？",
}
CATALOGUE = Catalogue(list(QUESTIONS), list(QUESTIONS.values()))
BEFORE, AFTER = "练习册第三页。", "请同学们写在本子上。"


def find(content: str, threshold: float = 0.5) -> list[ReferenceMatch]:
    return find_references([("page", content)], CATALOGUE, threshold)


@pytest.mark.parametrize("key", QUESTIONS)
def test_an_embedded_question_is_found_where_it_stands(key: str) -> None:
    question = QUESTIONS[key]
    text = BEFORE + question + AFTER
    (match,) = find(text)
    assert (match.document, match.reference, match.containment) == ("page", key, 1.0)
    assert text[match.span.start : match.span.stop] == question.rstrip("？")


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("apples", "小明有5个苹果,吃掉了2个,他还剩下几个苹果?"),
        ("apples", "小明有５个苹果 吃掉了２个\n他还剩下几个苹果"),
        ("apples", "小明有5個蘋果，吃掉了2個，他還剩下幾個蘋果？"),
        ("apples", "小明有5个苹果，吃掉了2个，他还剩几个苹果？"),
        ("apples", "小明有5个苹果，吃了2个，那么他还剩下几个苹果？"),
        ("capital", "下列哪一座城市才是法國的首都："),
        ("leaf", "植物叶子在阳光照射下把二氧化碳和水变成什么"),
        ("code", "python中用哪个函数可以得到列表items的长度"),
    ],
)
def test_other_marks_script_and_an_edit_are_a_match(key: str, other: str) -> None:
    (match,) = find(BEFORE + other + AFTER)
    assert match.reference == key
    assert match.containment > 0.5


@pytest.mark.parametrize(
    "other",
    [
        "小明有7个苹果，吃掉了2个，他还剩下几个苹果？",
        "小明有5个苹果，吃掉了12个，他还剩下几个苹果？",
        "小明有5.5个苹果，吃掉了2个，他还剩下几个苹果？",
        "小红有5个苹果，吃掉了2个，他还剩下几个苹果？",
        "下列哪一座城市是德国的首都？",
        "下列哪一条河流经过北京市的城区？",
        "JavaScript 中用哪个函数得到列表 items 的长度？",
        "Python 中用哪个函数得到列表 rows 的长度？",
    ],
)
def test_another_number_or_name_is_no_match(other: str) -> None:
    assert find(BEFORE + other + AFTER) == []


@pytest.mark.parametrize("text", ["", "下列哪一项", "植物的叶子很绿。", "小明有几个苹果，谁也不知道。", "哈" * 500])
def test_other_text_is_no_match(text: str) -> None:
    assert find(text) == []


def test_a_form_of_words_that_all_are_asked_in_is_no_match() -> None:
    dice = random.Random(1)
    tails = ["".join(dice.choices("梅兰竹菊松柏桃李杏梨枫榆槐柳桐", k=7)) for _ in range(60)]
    catalogue = Catalogue([f"q{n}" for n in range(60)], [f"下面关于植物的说法正确的是{tail}" for tail in tails])
    assert find_references([("a", "下面关于植物的说法正确的是什么，书上没有写。")], catalogue, 0.5) == []
    (match,) = find_references([("a", f"（3）下面关于植物的说法，正确的是：{tails[7]}。")], catalogue, 0.5)
    assert match.reference == "q7"


def test_a_reference_that_is_too_short_is_listed() -> None:
    catalogue = Catalogue(["a", "b"], ["几点？", "地球绕太阳一周要多久？"])
    assert catalogue.short == ["a"]
    assert [reference.id for reference in catalogue.references] == ["b"]
    assert find_references([("x", "几点？")], Catalogue(["a"], ["几点？"]), 0.5) == []


@settings(max_examples=30)
@given(st.integers(0, 10**9))
def test_the_documents_beside_it_change_no_match(seed: int) -> None:
    dice = random.Random(seed)
    names = list(QUESTIONS)
    texts = []
    for number in range(5):
        parts = sentences(dice, 120)
        parts.insert(dice.randrange(len(parts)), QUESTIONS[dice.choice(names)])
        texts.append((f"d{number}", "".join(parts)))
    together = find_references(texts, CATALOGUE, 0.5)
    assert together == sorted(match for text in texts for match in find_references([text], CATALOGUE, 0.5))
    assert len({match.document for match in together}) == 5
