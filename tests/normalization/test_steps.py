from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.normalization import steps
from cleaner.options import CleanOptions
from cleaner.text import edits
from helpers.strategies import PAGES

OPTIONS = st.builds(
    CleanOptions,
    script=st.sampled_from(["simplified", "keep", "traditional", "tw", "hk"]),
    punctuation=st.sampled_from(["auto", "keep", "cjk", "ascii"]),
    unicode_escapes=st.booleans(),
    percent=st.booleans(),
    pinyin=st.booleans(),
)


@given(PAGES, OPTIONS)
@settings(max_examples=300)
def test_normalized_text_stays_as_it_is(text: str, options: CleanOptions) -> None:
    once = steps.normalize(text, options)
    assert steps.normalize(once, options) == once
    assert all(step.run(once, options) == once for step in steps.STEPS)


@given(PAGES, OPTIONS, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_steps_that_look_at_lines_by_themselves_leave_the_lines_of_a_text_at_rest(
    text: str, options: CleanOptions, random: Random
) -> None:
    once = steps.normalize(text, options)
    part = "\n".join(line for line in once.split("\n") if random.random() < 0.7)
    assert all(step.run(part, options) == part for step in steps.STEPS if step.by_line)


@given(st.lists(PAGES, max_size=3), OPTIONS)
@settings(max_examples=300)
def test_a_step_changes_no_text_that_lacks_its_characters(texts: list[str], options: CleanOptions) -> None:
    for text, signs in zip(texts, steps.look(texts, options), strict=True):
        assert signs.size == len("".join(text.split()))
        assert steps.flags(text, signs.bits) == steps.flags(text)
        for at, step in enumerate(steps.STEPS):
            assert signs.bits >> at & 1 or step.run(text, options) == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("一行\r\n两行", "newlines"),
        ("\x1b[1m粗", "terminal"),
        ("涓枃缃戦〉鐨勬枃瀛�", "mojibake"),
        ("ä¸\xadæ–‡", "mojibake"),
        ("&nbsp;", "entities"),
        ("ﬁ", "ftfy"),
        ("\u200b零", "characters"),
        ("ＡＢ", "characters"),
        ("𠮷\u2fa0", "characters"),
        ("這是", "script"),
        ("你好,世界", "punctuation"),
    ],
)
def test_a_text_with_a_steps_characters_is_not_passed_over(text: str, rule: str) -> None:
    at = [step.rule for step in steps.STEPS].index(f"normalize/{rule}")
    assert steps.look(["平常的文字。", text], CleanOptions())[1].bits >> at & 1


def test_plain_text_calls_no_step() -> None:
    assert [signs.bits for signs in steps.look(["平常的文字，没有什么特别的。\n第二行·点", ""], CleanOptions())] == [
        0,
        0,
    ]


@given(PAGES, OPTIONS)
@settings(max_examples=200)
def test_each_step_is_told_by_its_edits(text: str, options: CleanOptions) -> None:
    for after, made in steps.run(text, options):
        assert edits.apply(text, made) == after
        assert len({edit.rule for edit in made}) == 1
        text = after


@given(st.lists(PAGES, max_size=4), OPTIONS)
@settings(max_examples=200)
def test_texts_are_normalized_together_as_each_is_alone(texts: list[str], options: CleanOptions) -> None:
    signs = [held.bits for held in steps.look(texts, options)]
    alone = [steps.run(text, options, bits) for text, bits in zip(texts, signs, strict=True)]
    assert steps.run_all(texts, options, signs) == alone
    assert steps.normalize_all(texts, options) == [steps.normalize(text, options) for text in texts]


@pytest.mark.parametrize(
    ("text", "script", "expected"),
    [
        ("這是一個繁體的句子，說明轉換的結果。", "simplified", "这是一个繁体的句子，说明转换的结果。"),
        ("這是一個繁體的句子，說明轉換的結果。", "keep", "這是一個繁體的句子，說明轉換的結果。"),
        ("什么时候开始下雨的？没有人知道。", "simplified", "什么时候开始下雨的？没有人知道。"),
        ("吾輩は猫である。名前はまだ無い。", "simplified", "吾輩は猫である。名前はまだ無い。"),
        ("头发和后来的皇后在里面发现了表。", "traditional", "頭髮和後來的皇后在裏面發現了表。"),
    ],
)
def test_a_text_is_converted_as_asked(text: str, script: str, expected: str) -> None:
    assert cleaner.normalize(text, script=script) == expected
