from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judging import removal
from cleaner.model import Span, Verdict
from cleaner.text import edits, lines
from helpers.strategies import PAGES


def dropped(text: str, *names: str) -> str:
    found = [line for line in lines.split(text) if line.text.strip() in names]
    return edits.apply(text, removal.plan_edits(text, [Verdict("r/a/b", line.span, "drop", 1.0) for line in found]))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("文\n\nX\n\n章", "文\n\n章"),
        ("文\nX\n\n章", "文\n\n章"),
        ("文\n\nX\n章", "文\n\n章"),
        ("文\nX\n章", "文\n章"),
        ("X\n\n文", "文"),
        ("文\n\nX", "文\n"),
        ("文\nX\n", "文\n"),
        ("文\n\nX\n\nX\n\nX\n\n章", "文\n\n章"),
        ("文\n\nX\n\nX\n\n", "文\n"),
        ("X", ""),
        ("X\nX", ""),
        ("\n\nX\n\n", "\n"),
        ("  X  \n文", "文"),
        ("文\r\nX", "文\r\n"),
    ],
)
def test_a_dropped_line_takes_its_break_but_no_paragraph_break(text: str, clean: str) -> None:
    assert dropped(text, "X") == clean


def test_a_cut_inside_a_line_leaves_the_rest() -> None:
    verdict = Verdict("r/a/b", Span(2, 4), "cut", 1.0)
    assert edits.apply("前面XX后面", removal.plan_edits("前面XX后面", [verdict])) == "前面后面"


def test_a_flag_changes_nothing() -> None:
    assert removal.plan_edits("文", [Verdict("r/a/b", Span(0, 1), "flag", 1.0)]) == ()


@given(PAGES, st.data())
def test_remaining_lines_keep_their_order_and_text(text: str, data: st.DataObject) -> None:
    every = list(lines.split(text))
    fallen = [line for line in every if line.text.strip() and data.draw(st.booleans())]
    made = removal.plan_edits(text, [Verdict("r/a/b", line.span, "drop", 1.0) for line in fallen])
    kept = [line.text for line in every if line.text.strip() and line not in fallen]
    assert [line for line in edits.apply(text, made).split("\n") if line.strip()] == kept
