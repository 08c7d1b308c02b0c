"""The values behind a check: places, suppressions, selections, fixes."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.check import findings
from cleaner.check.selection import Selection, path_fits
from cleaner.formats.shared.places import LineIndex, Place, VisibleText
from cleaner.model import Cleaned, Document, Edit, Pass, Span
from cleaner.packs.builtin import NO_ARTICLE
from cleaner.suppressions import comments
from cleaner.text import edits, protection
from cleaner.text.positions import SpanMap, trim

LETTERS = st.text("ab\n", max_size=30)


@st.composite
def passes(draw: st.DrawFn) -> tuple[str, tuple[Pass, ...]]:
    """A text and edits of it, in up to three passes."""
    text = now = draw(LETTERS)
    made: list[Pass] = []
    for _ in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(now)), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        step = [Edit(Span(a, b), draw(st.text("xy\n", max_size=3)), "r") for a, b in pairs]
        made.append(tuple(edit for edit in step if edit.new != now[edit.span.start : edit.span.stop]))
        now = edits.apply(now, made[-1])
    return text, tuple(made)


@given(passes())
def test_untouched_text_maps_back_to_its_position(made: tuple[str, tuple[Pass, ...]]) -> None:
    text, steps = made
    way, now = SpanMap(steps), reduce(edits.apply, steps, text)
    for at, letter in enumerate(now):
        span = way.to_original(Span(at, at + 1))
        assert 0 <= span.start <= span.stop <= len(text)
        if letter in "ab":
            assert text[span.start : span.stop] == letter


@given(passes())
def test_spans_come_back_in_order(made: tuple[str, tuple[Pass, ...]]) -> None:
    text, steps = made
    way, now = SpanMap(steps), reduce(edits.apply, steps, text)
    for at in (at for at, letter in enumerate(now) if letter in "ab"):
        whole, part = way.to_original(Span(0, at + 1)), way.to_original(Span(at, at + 1))
        assert whole.start <= part.start
        assert part.stop <= whole.stop


@given(passes(), st.data())
def test_fixing_all_gives_the_clean_text_and_fixing_none_changes_nothing(
    made: tuple[str, tuple[Pass, ...]], data: st.DataObject
) -> None:
    text, steps = made
    nothing: Pass = ()
    merged = reduce(edits.compose, steps, nothing)
    assert edits.apply(text, protection.edits_around(text, merged, [])) == reduce(edits.apply, steps, text)
    assert protection.edits_around(text, merged, [Span(0, len(text))]) == ()
    held = [Span(at, at) for at in data.draw(st.lists(st.integers(0, len(text)), max_size=3))]
    left = protection.edits_around(text, merged, held)
    assert len(edits.apply(text, left)) >= 0
    assert not any(edit.span.start < span.start < edit.span.stop for edit in left for span in held)


def test_removals_skip_whole_protected_lines_only() -> None:
    text = "one\ntwo\nthree\n"
    for held, left in (
        (Span(5, 6), "two\n"),
        (Span(0, 3), "one\n"),
        (Span(4, 8), "two\n"),
        (Span(8, 13), "three\n"),
        (Span(14, 14), ""),
    ):
        made = protection.edits_around(text, (Edit(Span(0, 14), "", "r"),), [held])
        assert edits.apply(text, made) == left
    assert protection.edits_around(text, (Edit(Span(0, 4), "", "r"),), [Span(4, 8)])[0].span == Span(0, 4)


def test_each_edit_of_each_pass_is_found_where_it_stood() -> None:
    text = "menu\n\nthe tail &amp; end\nfooter\n"
    first = (Edit(Span(15, 20), "&", "normalize/entities"),)
    second = (Edit(Span(0, 6), "", "nav"), Edit(Span(21, 28), "", "footer"))
    cleaned = Cleaned(Document("", text), "the tail & end\n", (first, second))
    found = [(item.rule, text[item.span.start : item.span.stop], item.new) for item in findings.list_findings(cleaned)]
    assert found == [("normalize/entities", "&amp;", "&"), ("nav", "menu", ""), ("footer", "footer", "")]
    assert all(item.is_exact for item in findings.list_findings(cleaned))


def test_an_edit_of_what_an_earlier_one_wrote_is_not_exact() -> None:
    cleaned = Cleaned(Document("", "abc"), "z", ((Edit(Span(0, 2), "xy", "r"),), (Edit(Span(1, 2), "", "s"),)))
    first, second = findings.list_findings(cleaned)
    assert first.is_exact
    assert (second.span, second.is_exact) == (Span(0, 2), False)


def test_lines_and_columns_count_from_one() -> None:
    lines = LineIndex("河水\n\n退去了")
    assert lines.place(Span(0, 2)) == Place(1, 1, 1, 3)
    assert lines.place(Span(5, 7)) == Place(3, 2, 3, 4)
    assert lines.lines_of(Span(5, 6)) == "退去了"
    assert lines.lines_of(Span(0, 5)) == "河水\n\n退去了"
    assert trim("  a \n", Span(0, 5)) == Span(2, 3)
    assert trim("  \n", Span(0, 3)) == Span(0, 3)


def test_a_fingerprint_is_that_of_the_words() -> None:
    assert findings.fingerprint(" 河水  退去 \n") == findings.fingerprint("河水 退去")
    assert findings.fingerprint("河水") != findings.fingerprint("河水退去")
    assert len(findings.fingerprint("\ud800")) == 16


@pytest.mark.parametrize(
    ("text", "line", "rules", "reason"),
    [
        ("<!-- cleaner: disable zh-web/ad -- it is quoted -->\n\n广告", 3, ("zh-web/ad",), "it is quoted"),
        ("广告 <!-- cleaner: disable a, b c -->\n正文", 1, ("a", "b", "c"), ""),
        ("<!--cleaner:disable a-->\n<!-- cleaner: disable b -->\n广告", 3, ("a",), ""),
        ("广告\n<!-- cleaner: disable a -->", 2, ("a",), ""),
        ("<!-- cleaner: disable -->\n广告", 2, ("",), ""),
    ],
)
def test_a_comment_is_for_its_own_line_or_the_next(text: str, line: int, rules: tuple[str, ...], reason: str) -> None:
    said = comments.find_comments(text)[0]
    assert (said.line, said.rules, said.reason) == (line, rules, reason)


@pytest.mark.parametrize("text", ["正文", "<!-- a comment -->", "cleaner: disable a"])
def test_other_text_is_no_suppression(text: str) -> None:
    assert comments.find_comments(text) == []


def test_comments_are_taken_out_before_judging_with_their_lines() -> None:
    text = "一\n<!-- cleaner: disable a -->\n二  <!-- cleaner: disable b -->\n三"
    assert edits.apply(text, comments.remove_comments(text, comments.find_comments(text))) == "一\n二\n三"


def test_a_field_names_rules_as_a_string_or_a_list() -> None:
    assert [said.rules for said in comments.parse_field("a, b -- known")] == [("a", "b")]
    assert [(said.rules, said.reason) for said in comments.parse_field(["a -- x", "b"])] == [
        (("a",), "x"),
        (("b",), ""),
    ]
    assert comments.parse_field(None) == comments.parse_field(3) == comments.parse_field("") == []


@pytest.mark.parametrize(
    ("pattern", "rule", "fits"),
    [
        ("zh-web", "zh-web/ad/x", True),
        ("zh-web/ad/", "zh-web/ad/x", True),
        ("zh-web/a", "zh-web/ad/x", False),
        ("*/ad/*", "zh-web/ad/x", True),
        ("zh-web/ad/x", "zh-web/ad/x", True),
    ],
)
def test_a_pattern_is_an_id_its_beginning_or_a_glob(pattern: str, rule: str, fits: bool) -> None:
    assert comments.matches(rule, pattern) is fits


def test_a_rule_that_is_off_comes_back_when_it_is_selected() -> None:
    assert not Selection().selects(NO_ARTICLE)
    assert Selection(select=("core",)).selects(NO_ARTICLE)
    assert not Selection(select=("core",), ignore=("core/judge",)).selects(NO_ARTICLE)


@pytest.mark.parametrize(
    ("path", "glob", "fits"),
    [
        ("a/b.txt", "*.txt", True),
        ("a/b.txt", "a", True),
        ("a/b.txt", "a/", True),
        ("a/b.txt", "a/*", True),
        ("./a/b.txt", "a/b.txt", True),
        ("a/b.txt", "b", False),
    ],
)
def test_a_glob_fits_a_path_its_name_or_a_folder_above(path: str, glob: str, fits: bool) -> None:
    assert path_fits(path, glob) is fits


def test_lines_of_a_page_are_found_in_its_markup() -> None:
    page = "<head><title>河水</title></head><body>\n<p>河&#x6C34; <b>退去</b></p><script>村里</script>\n<p>村里&nbsp;人</p>"
    spans = VisibleText(page).line_spans("河水 退去\n不在\n村里\xa0人\n")
    assert [page[span.start : span.stop] for span in spans[:3]] == ["河&#x6C34; <b>退去", "", "村里&nbsp;人"]
