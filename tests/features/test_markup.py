"""Hints of a page's markup stay with their lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.markup import COLUMNS, Hints, combine
from cleaner.judging import removal
from cleaner.model import Edit, Span, Verdict
from cleaner.text import edits, lines


def rows_of(count: int) -> Hints:
    return Hints(np.arange(count * len(COLUMNS), dtype=np.float32).reshape(count, len(COLUMNS)))


@given(st.lists(st.tuples(st.text(alphabet="ab中 ", max_size=5), st.booleans()), max_size=12))
def test_hints_stay_with_their_lines_when_others_are_dropped(drawn: list[tuple[str, bool]]) -> None:
    text = "\n".join(line for line, _ in drawn)
    batch = lines.join([text])
    starts = batch.starts.tolist()
    start, verdicts = 0, []
    for line, is_dropped in drawn:
        if is_dropped and line.strip():
            verdicts.append(Verdict("x/y/z", Span(start, start + len(line)), "drop", 1.0))
        start += len(line) + 1
    drops = removal.plan_edits(text, verdicts)
    after = edits.apply(text, drops)
    followed = rows_of(len(starts)).follow(batch.starts, [drops], lines.join([after]).starts)
    stays = [not is_dropped for line, is_dropped in drawn if line.strip()]
    assert followed.values.tolist() == rows_of(len(starts)).values[np.array(stays, dtype=bool)].tolist()


def test_hints_follow_through_several_passes() -> None:
    first = (Edit(Span(0, 2), "", "r"), Edit(Span(3, 4), "长了很多", "r"))
    second = (Edit(Span(0, 2), "", "r"),)
    text = "一\n二\n三"  # -> 二… -> what stands from its third character on
    middle = edits.apply(text, first)
    after = edits.apply(middle, second)
    starts = [lines.join([one]).starts for one in (text, after)]
    followed = rows_of(3).follow(starts[0], [first, second], starts[1])
    assert (middle, after) == ("二长了很多三", "了很多三")
    assert followed.values.tolist() == rows_of(3).values[1:2].tolist()


def test_texts_without_hints_have_zeros_among_pages() -> None:
    joined = combine([None, rows_of(2)], [1, 2])
    assert joined is not None
    assert joined["known"].tolist() == [0, *rows_of(2).values[:, 0].tolist()]
    assert combine([None, None], [1, 2]) is None


def test_hints_for_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="hints for 2 lines, but the text has 3"):
        combine([rows_of(2)], [3])
