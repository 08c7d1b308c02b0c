"""What is said in other languages: nothing is missing, nothing is left over."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from cleaner.explain.language import Language, read_wording
from cleaner.judging.explanation import REASONS
from cleaner.packs import registry
from cleaner.packs.builtin import RULES
from cleaner.report.write import write_report
from helpers.calls import Call

TRANSLATIONS = [language for language in get_args(Language) if language != "en"]
NEW_RULES = 5
PAGE = "首页|新闻|图片|视频|论坛\n\n河水退去之后，村里的人开始重新丈量田地。\n\n版权所有 京ICP备00000000号-1\n"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_sentences_and_reasons_are_translated_and_nearly_all_rules(language: Language) -> None:
    wording, english = read_wording(language), read_wording("en")
    rules = {rule.id for name in registry.pack_names() for rule in registry.load_rules(name).rules} | set(RULES)
    assert set(wording.sentences) == set(english.sentences)
    assert {name: fields(text) for name, text in wording.sentences.items()} == {
        name: fields(text) for name, text in english.sentences.items()
    }
    assert set(wording.judge) == set(REASONS)
    assert set(wording.whys) <= rules
    assert len(rules - set(wording.whys)) <= NEW_RULES  # a new rule is explained in English until somebody translates


def test_why_and_the_report_speak_chinese(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    _, said, _ = call("why", "a.txt", "--lang", "zh")
    assert "备案号是网站印的" in said
    assert "得分" in said
    assert not re.search("For removing|score is|lines:", said)
    call("clean", "a.txt", "-o", "out", "--quiet")
    page, english = write_report(tmp_path / "out", language="zh"), write_report(tmp_path / "out")
    for rule in ("zh-web/nav/bar", "zh-legal/legal/icp-number"):
        assert read_wording("zh").whys[rule] in page
        assert read_wording("zh").whys[rule] not in english


def test_the_reason_of_a_users_own_rule_stays_as_it_is() -> None:
    whys = {"mine/a/b": "A line of mine.", "zh-web/nav/bar": "A menu."}
    assert read_wording("zh").translate(whys) == {**whys, "zh-web/nav/bar": read_wording("zh").whys["zh-web/nav/bar"]}
