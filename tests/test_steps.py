from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import edits
from cleaner.normalize import steps
from cleaner.normalize.steps import Options
from strategies import PAGES

OPTIONS = st.builds(
    Options,
    script=st.sampled_from(["simplified", "keep", "traditional", "tw", "hk"]),
    punctuation=st.sampled_from(["auto", "keep", "cjk", "ascii"]),
    unicode_escapes=st.booleans(),
    percent=st.booleans(),
    pinyin=st.booleans(),
)


@given(PAGES, OPTIONS)
@settings(max_examples=300)
def test_normalized_text_stays_as_it_is(text: str, options: Options) -> None:
    once = steps.normalize(text, options)
    assert steps.normalize(once, options) == once
    assert all(step.run(once, options) == once for step in steps.STEPS)


@given(PAGES, OPTIONS, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_steps_that_look_at_lines_by_themselves_leave_the_lines_of_a_text_at_rest(
    text: str, options: Options, random: Random
) -> None:
    once = steps.normalize(text, options)
    part = "\n".join(line for line in once.split("\n") if random.random() < 0.7)
    assert all(step.run(part, options) == part for step in steps.STEPS if step.by_line)


@given(PAGES, OPTIONS)
@settings(max_examples=200)
def test_each_step_is_told_by_its_edits(text: str, options: Options) -> None:
    for after, made in steps.run(text, options):
        assert edits.apply(text, made) == after
        assert len({edit.rule for edit in made}) == 1
        text = after


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
