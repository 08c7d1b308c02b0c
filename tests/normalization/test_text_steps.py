"""Steps that work without options, one after the other: newlines to punctuation, without repair and script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.normalization import characters, escapes, ftfy_step, pinyin
from cleaner.normalization.punctuation import restore
from helpers.ftfy_reference import FRAGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS: tuple[Callable[[str], str], ...] = (
    characters.newlines,
    characters.terminal_escapes,
    escapes.unicode_escapes,
    escapes.percent,
    escapes.entities,
    ftfy_step.fix,
    characters.normalize,
    pinyin.remove,
    restore.restore,
)

NASTY = [
    *FRAGMENTS,
    *"ＡａｍｐｌｔｑｕｏｔｎｂｓＸ０１２３４５６７８９；＆＃%\\ux2e4d(),.:!?，。",
    *("\u200b", "\u200d", "\xad", "\ue5e5", "\u202e", "א", "⼈", "ｶ", "ﾞ", "👩", "重(chóng)", "\\u4e2d", "%E4%B8%AD"),
    *("&#x", "&#65345;", "&#8203;", "&#65286;", "&#37;u4e2d", "&#92;u4e2d", "<p>", "，", "http://a.cn/", "f(x)"),
]
TEXTS = st.lists(st.sampled_from(NASTY), max_size=14).map("".join)


def run_once(text: str) -> str:
    for step in STEPS:
        text = step(text)
    return text


@given(TEXTS)
@example("&ｌｔ;")
@example("&l\u200bt;")
@example("\ud83d\u200b\ude00&#10;\r")
def test_within_four_rounds_no_step_changes_the_text(text: str) -> None:
    rounds = 0
    while (after := run_once(text)) != text:
        text, rounds = after, rounds + 1
        assert rounds <= 4
    assert all(step(text) == text for step in STEPS)


@given(TEXTS)
def test_only_newlines_change_the_number_of_lines(text: str) -> None:
    text = characters.newlines(text)
    lines = text.count("\n")
    for step in STEPS[1:]:
        text = step(text)
        assert text.count("\n") == lines, step.__qualname__


def _cases(shared: Path) -> list[dict[str, str]]:
    cases = json.loads((shared / "cases" / "encoding_cases.json").read_text("utf-8"))
    return [case for case in cases if case["kind"] in ("unescape", "strip", "map", "keep", "restore")]


def test_every_case_of_text_normalizing_comes_out_right(shared: Path) -> None:
    decoders = {"u_escape": escapes.unicode_escapes, "pct_utf8": escapes.percent, "pct_u": escapes.percent}
    on_request_only = {escapes.unicode_escapes, escapes.percent, pinyin.remove}
    for case in _cases(shared):
        text = case["input"]
        for step in STEPS:
            if step not in on_request_only or decoders.get(case["id"]) == step:
                text = step(text)
        assert text == case["expected"], case["id"]


def test_clean_text_stays_as_it_is() -> None:
    text = "　　河水退去之后，村里的人开始丈量田地（约300亩）。\n“真的？”他问：“几点？”——9:30……\n"
    for step in STEPS:
        assert step(text) == text
