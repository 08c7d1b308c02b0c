"""Rows tell what was there and what became of it, each change with its rules."""

from __future__ import annotations

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import pipeline
from cleaner.model import Cleaned, Document, Edit, Pass, Span
from cleaner.options import CleanOptions
from cleaner.report.alignment import rows
from cleaner.report.alignment.comparison import compare_texts, diff_texts
from cleaner.report.alignment.rows import AlignedRow
from cleaner.text import edits
from helpers.format_cases import pack, page
from helpers.strategies import PAGES, edits_for

BUDGET = 10**9
SHORT = st.text("甲乙 \nxyz。", max_size=60)


def joined(parts: list[AlignedRow], side: str) -> list[str]:
    return ["".join(segment.text for segment in getattr(row, side)) for row in parts if row.kind != "gap"]


def visible_lines(text: str, parts: list[AlignedRow]) -> list[str]:
    """The lines of the original that rows show, one text a row."""
    lines = text.split("\n")
    texts = [("\n".join(lines[row.first - 1 : row.last]), row.kind) for row in parts if row.kind != "gap"]
    return [text.rstrip("\n") if kind == "removed" else text for text, kind in texts]


@given(SHORT, st.data())
def test_the_left_side_is_the_original_and_rows_count_every_line(text: str, data: st.DataObject) -> None:
    passes: list[Pass] = []
    current = text
    for _ in range(data.draw(st.integers(0, 3))):
        passes.append(data.draw(edits_for(current)))
        current = edits.apply(current, passes[-1])
    parts = rows.list_rows(text, passes, BUDGET)
    assert joined(parts, "before") == visible_lines(text, parts)
    numbers = [number for row in parts for number in range(row.first, row.last + 1)]
    assert numbers == list(range(1, len(text.rstrip("\n").split("\n")) + 1))[: len(numbers)] or numbers == sorted(
        numbers
    )
    assert len(set(numbers)) == len(numbers)


@given(SHORT, st.data())
def test_what_differs_is_marked_and_nothing_else(text: str, data: st.DataObject) -> None:
    edit_pass = data.draw(edits_for(text))
    whole: Pass = reduce(edits.compose, [edit_pass], ())
    parts = rows.list_rows(text, [edit_pass], BUDGET)
    cut = sum(len(s.text) for row in parts for s in row.before if s.kind == "cut")
    new = sum(len(s.text) for row in parts for s in row.after if s.kind == "new")
    assert cut <= sum(edit.span.stop - edit.span.start for edit in whole)
    assert new <= sum(len(edit.new) for edit in whole)
    assert bool(whole) >= any(row.kind in ("changed", "removed") for row in parts)


@settings(max_examples=20)
@given(PAGES)
def test_lines_that_cleaning_removes_are_told_with_their_rules(text: str) -> None:
    cleaned: Cleaned = pipeline.clean([Document("", text)], pack(), CleanOptions())[0]
    known = {edit.rule for edit in cleaned.edits}
    for row in rows.list_rows(text, cleaned.passes, BUDGET):
        assert set(row.rules) <= known
        assert bool(row.rules) == (row.kind in ("changed", "removed"))


def test_every_removed_line_has_the_rule_that_removed_it() -> None:
    cleaned = pipeline.clean([Document("", page(1))], pack(), CleanOptions())[0]
    removed = [row for row in rows.list_rows(page(1), cleaned.passes, BUDGET) if row.kind == "removed"]
    assert [row.rules for row in removed] == [("zh-web/nav/bar",), ("zh-legal/legal/icp-number",)]


def test_a_change_of_as_many_characters_is_marked_one_by_one() -> None:
    edit = Edit(Span(0, 5), "發现，用了"[:5], "normalize/script")
    (row,) = rows.list_rows("發現,用了", [(edit,)], BUDGET)
    assert [segment.text for segment in row.before if segment.kind == "cut"] == ["現,"]
    assert [segment.text for segment in row.after if segment.kind == "new"] == ["现，"]


def test_a_line_of_a_million_characters_is_shown_by_its_ends() -> None:
    text = "甲" * 1_000_000
    (row,) = rows.list_rows(text, [(Edit(Span(500_000, 500_002), "", "a/b"),)], BUDGET)
    assert sum(len(segment.text) for segment in row.before) < 1000
    assert [s.text for s in row.before if s.kind == "cut"] == ["甲甲"]
    gaps = [int(segment.text) for segment in row.before if segment.kind == "gap"]
    shown = sum(len(segment.text) for segment in row.before if segment.kind != "gap")
    assert sum(gaps) + shown == len(text)


def test_long_runs_of_lines_that_stay_are_folded() -> None:
    text = "\n".join(str(number) for number in range(100))
    parts = rows.list_rows(text, [(Edit(Span(0, 1), "x", "a/b"),)], BUDGET)
    assert [(row.kind, row.first, row.last) for row in parts] == [
        ("changed", 1, 1),
        ("same", 2, 2),
        ("same", 3, 3),
        ("gap", 4, 100),
    ]


def test_rows_end_where_the_budget_does_and_say_so() -> None:
    text = "\n".join(f"line {number}" for number in range(1000))
    changes = tuple(Edit(Span(edit, edit + 1), "L", "a/b") for edit in (m for m, c in enumerate(text) if c == "l"))
    parts = rows.list_rows(text, [changes], 20_000)
    assert parts[-1].kind == "rest"
    assert parts[-1].last == 1000
    assert sum(row.cost for row in parts) < 25_000


@given(SHORT, SHORT)
def test_a_comparison_turns_one_text_into_the_other(before: str, after: str) -> None:
    assert edits.apply(before, list(diff_texts(before, after))) == after
    parts = compare_texts(before, after, BUDGET)
    assert joined(parts, "before") == visible_lines(before, parts)
