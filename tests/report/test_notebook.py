"""What notebooks show of results and of two texts."""

from __future__ import annotations

import pickle
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.report import compare
from cleaner.report.notebook import BUDGET
from helpers.format_cases import page
from helpers.paths import ROOT
from helpers.web_pages import ATTACKS, BIDI, CONTROLS, Page


def shown(value: object) -> str:
    return str(value._repr_html_())  # type: ignore[attr-defined]


def test_a_result_shows_before_and_after_with_reasons() -> None:
    text = shown(cleaner.clean(page(1)))
    assert "<del>首页|新闻|图片|视频|论坛</del>" in text
    assert 'title="zh-legal/legal/icp-number: ' in text
    assert Page(text).count("script") == 0
    assert "zh-web/nav/bar" in Page(text).text


def test_a_result_is_still_a_plain_value() -> None:
    cleaned = cleaner.clean(page(1))
    assert pickle.loads(pickle.dumps(cleaned)) == cleaned
    assert "_repr_html_" not in msgspec.to_builtins(cleaned)
    assert "_repr_html_" not in repr(cleaned)


def test_a_rule_of_a_pack_that_cannot_be_found_is_named_all_the_same() -> None:
    edit = cleaner.Edit(cleaner.Span(0, 1), "", "mine/nav/bar")
    cleaned = cleaner.Cleaned(cleaner.Document("", "一二"), "二", ((edit,),))
    assert 'title="mine/nav/bar"' in shown(cleaned)


def test_equal_texts_are_said_to_be_equal() -> None:
    assert "The texts are equal." in shown(compare("一\n二", "一\n二"))
    assert "The texts are equal." in shown(cleaner.clean("一句话。"))


def test_two_results_are_compared_by_their_texts() -> None:
    first, second = (cleaner.clean("我們的圖書館。", script=script) for script in ("keep", "simplified"))
    comparison = compare(first, second)
    assert "<del>們</del>" in comparison.to_html()
    assert "<ins>们</ins>" in comparison.to_html()


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_text_runs_in_a_notebook(attack: str) -> None:
    text = compare(f"一\n{attack}\n二", f"一\n二{attack}").to_html()
    read = Page(text)
    assert {tag for tag, _ in read.elements} <= {
        "div", "style", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "del", "ins", "span", "ul", "li", "code",
    }  # fmt: skip
    assert not set(BIDI + CONTROLS.replace("\t", "")) & set(text)


@settings(max_examples=30)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_shown(before: str, after: str) -> None:
    assert compare(before, after).to_html().count("<table") == 1


@pytest.mark.slow
def test_long_texts_are_shown_in_part() -> None:
    before = "".join(f"第{number}行\n" for number in range(50_000))
    assert len(compare(before, before.replace("行", "句")).to_html().encode()) < 2 * BUDGET
    assert len(shown(cleaner.clean("長" * 200_000))) < 2 * BUDGET


def test_the_package_is_imported_without_the_report() -> None:
    program = (
        "import sys, cleaner; print('jinja2' in sys.modules, 'cleaner.report' in sys.modules, cleaner.report.__name__)"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.split() == ["False", "False", "cleaner.report"]
