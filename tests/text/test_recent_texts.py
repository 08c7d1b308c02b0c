"""Texts that are read again: the same as those read, in memory up to a bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import codepoints
from cleaner.text.recent_texts import RecentTexts

TEXTS = ["", "一", "甲乙丙", "𠀀字" * 3, "longer " * 9]


@given(st.lists(st.sets(st.integers(0, len(TEXTS) - 1)).map(sorted), max_size=8), st.integers(0, 400))
def test_texts_are_those_of_the_source_whatever_is_kept(requests: list[list[int]], capacity: int) -> None:
    recent = RecentTexts(lambda rows: iter([TEXTS[row] for row in rows.tolist()]), capacity)
    for rows in requests:
        texts = [codepoints.to_text(codes) for codes in recent.get(np.array(rows, dtype=np.int64))]
        assert texts == [TEXTS[row] for row in rows]


def test_a_text_is_read_once_while_it_is_kept() -> None:
    reads: list[int] = []

    def read(rows: Any) -> Iterator[str]:
        reads.extend(rows.tolist())
        return iter([TEXTS[row] for row in rows.tolist()])

    recent = RecentTexts(read, 12)
    for rows in ([1, 2], [2], [1]):
        recent.get(np.array(rows))
    assert reads == [1, 2, 1]
