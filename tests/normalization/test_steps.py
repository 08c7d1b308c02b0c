"""The steps as they are: idempotent together, found by their characters, told in the docs."""

from __future__ import annotations

import ast
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.normalization.step import Step
from cleaner.normalization.steps import FLAG_RULES, NORMALIZER, STEPS
from cleaner.options import CleanOptions
from helpers.paths import ROOT
from helpers.strategies import OPTIONS, PAGES


@given(PAGES, OPTIONS)
@settings(max_examples=300)
def test_normalized_text_stays_as_it_is(text: str, options: CleanOptions) -> None:
    once = NORMALIZER.normalize(text, options)
    assert NORMALIZER.normalize(once, options) == once
    assert all(step.apply([once], options) == [once] for step in STEPS)


@given(PAGES, OPTIONS, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_steps_by_line_change_no_selection_of_lines_of_a_normalized_text(
    text: str, options: CleanOptions, random: Random
) -> None:
    once = NORMALIZER.normalize(text, options)
    part = "\n".join(line for line in once.split("\n") if random.random() < 0.7)
    assert all(step.apply([part], options) == [part] for step in STEPS if step.by_line)


@given(st.lists(PAGES, max_size=3), OPTIONS)
@settings(max_examples=300)
def test_a_step_changes_no_text_that_lacks_its_characters(texts: list[str], options: CleanOptions) -> None:
    for text, scan in zip(texts, NORMALIZER.scan(texts, options), strict=True):
        assert scan.size == len("".join(text.split()))
        assert NORMALIZER.flags(text, scan.bits) == NORMALIZER.flags(text)
        for step in STEPS:
            assert scan.bits & NORMALIZER.bit(step.rule) or step.apply([text], options) == [text]


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
    scan = NORMALIZER.scan(["平常的文字。", text], CleanOptions())[1]
    assert scan.bits & NORMALIZER.bit(f"normalize/{rule}")


def test_plain_text_calls_no_step() -> None:
    scans = NORMALIZER.scan(["平常的文字，没有什么特别的。\n第二行·点", ""], CleanOptions())
    assert [scan.bits for scan in scans] == [0, 0]


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


def test_every_rule_of_normalizing_occurs_once_and_says_why() -> None:
    rules = [step.rule for step in STEPS] + [rule.id for rule in FLAG_RULES]
    assert len(rules) == len(set(rules))
    assert all(re.fullmatch(r"[A-Z锟烫].*\.", entry.why) for entry in (*STEPS, *FLAG_RULES))


def test_the_docs_list_all_rules_in_their_order() -> None:
    table = re.findall(r"^\| `([a-z]+/[a-z-]+)` \|", (ROOT / "docs" / "normalize.md").read_text("utf-8"), re.M)
    rules = [step.rule for step in STEPS] + [rule.id for rule in FLAG_RULES]
    missing = sorted(set(rules) - set(table))
    assert not missing, f"add {', '.join(missing)} to docs/normalize.md"
    assert table == rules


def unescape(text: str) -> str:
    """Read `\\r`, `\\n` and `\\x1b` in an example of the docs as the characters that they stand for."""
    return re.sub(r"\\(r|n|x[0-9a-f]{2})", lambda escape: str(ast.literal_eval(f'"{escape[0]}"')), text)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.rule)
def test_the_example_of_a_step_in_the_docs_is_true(step: Step) -> None:
    page = (ROOT / "docs" / "normalize.md").read_text("utf-8")
    example = re.search(rf"^\| `{step.rule}` \|.*\| `([^`]+)` → `([^`]+)` \|", page, re.M)
    assert example, f"add an example, `before` → `after`, to the row of {step.rule} in docs/normalize.md"
    options = CleanOptions(**dict.fromkeys(step.switches, True))
    assert step.run(unescape(example[1]), options) == unescape(example[2])
