from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import codepoints


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_code_points_are_those_of_the_text_and_lead_back_to_it(text: str) -> None:
    codes = codepoints.from_text(text)
    assert codes.dtype == np.uint32
    assert codes.tolist() == list(map(ord, text)) == codepoints.indices(text).tolist()
    assert codepoints.to_text(codes) == text


@pytest.mark.parametrize("text", ["", "\0", "a\0\0", "\ud800", "\U0010ffff"])
def test_zeros_surrogates_and_the_last_code_point_survive(text: str) -> None:
    assert codepoints.to_text(codepoints.from_text(text)) == text


def test_a_mapping_table_leaves_all_but_its_pairs() -> None:
    table = codepoints.mapping_table({ord("這"): ord("这")})
    assert codepoints.to_text(table[codepoints.indices("這是")]) == "这是"
