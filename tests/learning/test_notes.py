"""What a pack says of its lines: each line stands under one remark, which the layout of packs knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.learning.cases import LONGEST_CASES, choose_keeps, cut_case, limit_cases
from cleaner.learning.elements.rules import covers_path
from cleaner.learning.notes import Note, group_notes
from cleaner.packs.arrays import GROUP_HEAD
from cleaner.rules.schema import Rule

PATHS = [
    "",
    "body > p",
    "div#top.a > ul.menu > li",
    "div#top.a > ul.menu > li a",
    "body > div.foot > p",
    "div.foot > b",
]
NOTES = st.builds(
    Note,
    st.integers(1, 99),
    path=st.sampled_from(PATHS),
    remark=st.sampled_from(["", "", "a row of words"]),
    unit=st.just("pages"),
)


@given(st.dictionaries(st.text(), NOTES, max_size=30))
def test_each_line_stands_in_one_group_under_a_head_that_the_layout_knows(notes: dict[str, Note]) -> None:
    groups = list(group_notes(notes))
    assert sorted(line for group in groups for line in group.entries) == sorted(notes)
    assert all(GROUP_HEAD.fullmatch(f"# {group.head}") for group in groups)
    for group in groups:
        assert len({notes[line].remark for line in group.entries}) == 1


@given(st.dictionaries(st.text(), NOTES, max_size=12), st.randoms())
def test_the_order_of_lines_does_not_matter(notes: dict[str, Note], random: object) -> None:
    lines = list(notes)
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert list(group_notes({line: notes[line] for line in lines})) == list(group_notes(notes))


def test_elements_with_most_lines_are_named_and_rare_lines_stand_apart() -> None:
    notes = {text: Note(90 + number, PATHS[2]) for number, text in enumerate("甲乙丙")}
    notes |= {"丁": Note(99), "戊": Note(8, PATHS[2]), "己": Note(95, remark="a row of words")}
    assert [(group.head, "".join(group.entries)) for group in group_notes(notes)] == [
        ("90 to 92 pages, in div#top.a", "丙乙甲"),
        ("99 pages", "丁"),
        ("95 pages, a row of words", "己"),
        ("8 pages", "戊"),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("body > div.main > div.side > p a", True),
        ("div.side > ul > li.b a", False),  # one step is too little to tell
        ("div.main > div.side > ul > li.b a", True),
        ("div.main > div.side > ul > li.b", False),  # no link
        ("div.main > div.text > p a", False),
        ("", False),
    ],
)
def test_links_in_elements_whose_links_go_are_covered(path: str, expected: bool) -> None:
    rule = Rule(id="widget/links", why="w", elements=("body > div.main > div.side a",))
    assert covers_path(rule, path) is expected


def test_cases_are_few_and_short() -> None:
    rule = Rule(id="nav/head", why="w", literals=("首页",), match=r"^\L<literals>$")
    long = "他打开首页。" * 20
    assert choose_keeps(rule, [long, "他想起首页。", "首页没有打开。"]) == ("他想起首页。", "首页没有打开。")
    assert choose_keeps(rule, [long, "首页"]) == (long,)
    assert choose_keeps(rule, ["短。", "河水退去之后，村里的人重新丈量田地，用了三天才完。"]) == (
        "河水退去之后，村里的人重新丈量田地，用了三天才完。",
    )
    assert choose_keeps(rule, []) == ("他念道：“首页”，然后关上了书。",)
    assert limit_cases(["甲" * LONGEST_CASES, "乙"]) == ("甲" * LONGEST_CASES,)
    assert cut_case("body > p", "甲" * 300) == f"body > p: {'甲' * (LONGEST_CASES - 8)}…"
