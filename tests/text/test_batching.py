from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.batching import batches, text_batches


@given(st.lists(st.integers(0, 9)), st.integers(1, 20))
def test_batches_hold_all_items_in_order_and_close_as_soon_as_they_are_full(sizes: list[int], size: int) -> None:
    cut = list(batches(sizes, size, int))
    assert [item for batch in cut for item in batch] == sizes
    assert all(sum(batch[:-1]) < size for batch in cut)
    assert all(sum(batch) >= size for batch in cut[:-1])


@pytest.mark.parametrize(("texts", "expected"), [([], []), (["", ""], [["", ""]]), (["ab", "c"], [["ab"], ["c"]])])
def test_texts_are_cut_by_code_points(texts: list[str], expected: list[list[str]]) -> None:
    assert list(text_batches(texts, 2)) == expected
