"""Phrase scores are those of a plain search for each n-gram."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judging.model import gram_index, phrases
from cleaner.judging.tuning.training import excerpt

GRAMS = ["a", "b", "ab", "ba", "0", "\x02a", "b\x03", "\x01", "文章", "a\x03", "00", "aba"]
MODEL = phrases.Phrases(tuple(GRAMS), np.linspace(-2, 3, len(GRAMS)), -0.5)
LINES = st.lists(st.text("ab07文章 ", min_size=1, max_size=90).filter(str.strip), min_size=1, max_size=6)


def score_plainly(line: str) -> float:
    text = excerpt(line)
    weights = [weight for gram, weight in zip(MODEL.texts, MODEL.weights.tolist(), strict=True) if gram in text]
    return sum(weights) / max(len(weights), 1) ** 0.5 + MODEL.bias


@given(LINES)
def test_a_score_is_the_sum_of_the_weights_over_the_root_of_their_number(lines: list[str]) -> None:
    text = "\n".join(lines)
    starts = np.cumsum([0, *(len(line) + 1 for line in lines[:-1])])
    stops = starts + np.array([len(line) for line in lines])
    scores = MODEL.scores(np.array([text]).view(np.uint32), starts, stops)
    assert np.allclose(scores, [score_plainly(line) for line in lines], atol=1e-3)


def test_a_table_of_phrases_is_read_as_it_was_written() -> None:
    again = phrases.read(phrases.write(MODEL, "# head\n"))
    assert set(again.texts) == set(MODEL.texts)
    assert again.bias == MODEL.bias


@given(st.sets(st.integers(0, 1 << 62), min_size=1, max_size=50), st.lists(st.integers(0, 1 << 62), max_size=20))
def test_keys_are_found_where_they_are(keys: set[int], others: list[int]) -> None:
    table = gram_index.KeyTable(np.array(list(keys), dtype=np.uint64))
    asked = [*others, *keys]
    numbers = {key: number for number, key in enumerate(keys)}
    index, number = table.find(np.array(asked, dtype=np.uint64))
    assert index.tolist() == [row for row, key in enumerate(asked) if key in numbers]
    assert number.tolist() == [numbers[key] for key in asked if key in numbers]
