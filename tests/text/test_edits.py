from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import EditError
from cleaner.model import Edit, Span
from cleaner.text import edits
from helpers.strategies import PAGES, edits_for

TEXTS = st.text("ab中\n", max_size=20)


@given(TEXTS, st.data())
def test_inverted_edits_bring_the_text_back(text: str, data: st.DataObject) -> None:
    made = data.draw(edits_for(text))
    assert edits.apply(edits.apply(text, made), edits.invert(text, made)) == text


@given(TEXTS, st.data())
def test_composed_edits_have_the_effect_of_both(text: str, data: st.DataObject) -> None:
    first = data.draw(edits_for(text))
    between = edits.apply(text, first)
    second = data.draw(edits_for(between))
    assert edits.apply(text, edits.compose(first, second)) == edits.apply(between, second)


@given(PAGES, PAGES)
def test_edits_between_two_texts_turn_one_into_the_other(old: str, new: str) -> None:
    made = edits.diff(old, new, "test/any")
    assert edits.apply(old, made) == new
    assert bool(made) == (old != new)


@given(st.lists(st.tuples(PAGES, PAGES, st.booleans()), max_size=4))
def test_edits_between_many_pairs_are_those_between_each(drawn: list[tuple[str, str, bool]]) -> None:
    pairs = [(old, old.replace("中", "文") if same else new) for old, new, same in drawn]
    assert edits.diff_batch(pairs, "r") == [edits.diff(old, new, "r") for old, new in pairs]


def test_edits_between_texts_touch_only_what_differs() -> None:
    made = edits.diff("同一行\n這個字\n同一行", "同一行\n这个字\n同一行", "r")
    assert made == (Edit(Span(4, 6), "这个", "r"),)


@given(st.lists(st.tuples(*[st.sampled_from("ab中\n")] * 2), max_size=20))
def test_edits_between_texts_of_one_length_are_those_of_their_lines(pairs: list[tuple[str, str]]) -> None:
    old, new = ("".join(part) for part in zip(*pairs, strict=True)) if pairs else ("", "")
    assert edits.apply(old, edits.diff(old, new, "r")) == new
    expected, at = [], 0
    lines = list(zip(old.split("\n"), new.split("\n"), strict=False))
    if [len(left) for left, _ in lines] == [len(right) for _, right in lines] and old.count("\n") == new.count("\n"):
        for left, right in lines:
            differ = [i for i in range(len(left)) if left[i] != right[i]]
            if differ:
                expected.append(Edit(Span(at + differ[0], at + differ[-1] + 1), right[differ[0] : differ[-1] + 1], "r"))
            at += len(left) + 1
        assert edits.diff(old, new, "r") == tuple(expected)


@given(TEXTS, st.data())
def test_untouched_characters_keep_their_place(text: str, data: st.DataObject) -> None:
    made = data.draw(edits_for(text))
    after = edits.apply(text, made)
    inserted = {i for e in edits.invert(text, made) for i in range(e.span.start, e.span.stop)}
    for position in set(range(len(after))) - inserted:
        assert text[edits.position_before(made, position)] == after[position]


@pytest.mark.parametrize(
    "made",
    [
        (Edit(Span(0, 2), "", "r"), Edit(Span(1, 3), "", "r")),
        (Edit(Span(2, 3), "", "r"), Edit(Span(0, 1), "", "r")),
        (Edit(Span(0, 9), "", "r"),),
        (Edit(Span(2, 1), "", "r"),),
    ],
    ids=["overlap", "unsorted", "past the end", "backwards"],
)
def test_edits_that_do_not_fit_are_refused(made: tuple[Edit, ...]) -> None:
    with pytest.raises(EditError):
        edits.apply("中文文", made)
