"""The trie finds what a search for each word by itself finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.rules import literals
from cleaner.rules.literals import Literals

LETTERS = "ab相关\U00020000\uffff"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=5), unique=True, max_size=12)


def found(words: list[str], text: str) -> set[tuple[str, int]]:
    literal, place = Literals(words).find(np.array([ord(char) for char in text], dtype=np.uint32))
    assert len(literal) == len(set(zip(literal.tolist(), place.tolist(), strict=True)))
    return {(words[word], at) for word, at in zip(literal.tolist(), place.tolist(), strict=True)}


@given(WORDS, st.text(LETTERS + "c在\U0010ffff", max_size=60))
def test_every_word_is_found_at_every_place(words: list[str], text: str) -> None:
    assert found(words, text) == {(word, at) for word in words for at in range(len(text)) if text.startswith(word, at)}


def test_words_are_found_across_the_parts_of_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literals, "_WALK", 3)
    assert found(["abab", "ba", "b"], "ababab") == {
        ("abab", 0),
        ("abab", 2),
        *((word, at) for word in ("ba", "b") for at in range(6) if "ababab".startswith(word, at)),
    }


def test_one_word_may_hold_another() -> None:
    assert found(["相关", "关", "相关链接"], "相关链接") == {("相关", 0), ("关", 1), ("相关链接", 0)}


def test_no_words_or_no_text_give_no_matches() -> None:
    assert found([], "相关") == found(["相关"], "") == set()
