from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features import repetition
from cleaner.features.line_view import view_lines
from cleaner.text import lines


def test_shared_bigrams_are_those_of_other_marked_lines() -> None:
    view = view_lines(lines.join(["山高水长流\n水长流不尽\n天地玄黄", "山高水长流"]))
    body = np.array([True, True, False, True])
    assert repetition.shared_bigrams(view, body).tolist() == [0.5, 0.5, 0.0, 0.0]


@given(st.lists(st.text("甲乙丙\n ", max_size=30), min_size=1, max_size=6), st.data())
def test_lines_that_are_not_measured_change_nothing(texts: list[str], data: st.DataObject) -> None:
    view = view_lines(lines.join(texts))
    count = len(view.lengths)
    if count:
        marks = st.lists(st.booleans(), min_size=count, max_size=count)
        body, rows = np.array(data.draw(marks)), np.array(data.draw(marks))
        of_all, of_some = (repetition.shared_bigrams(view, body, chosen) for chosen in (None, rows))
        assert of_some.tolist() == np.where(rows, of_all, 0).tolist()


def test_equal_lines_are_earlier_and_later_copies_in_their_document_only() -> None:
    view = view_lines(lines.join(["甲乙\n丙丁\n甲 乙", "甲乙"]))
    keys = repetition.hash_lines(view.characters)
    earlier, later = repetition.count_repeats(keys, view.batch.documents)
    assert earlier.tolist() == [0, 0, 1, 0]
    assert later.tolist() == [1, 0, 0, 0]
