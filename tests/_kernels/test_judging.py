"""What the judge's compiled functions find is what numpy finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import _kernels
from cleaner.features.line_view import view_lines
from cleaner.judging.model import phrases
from cleaner.judging.model.leaf_tables import BLOCK, join_trees
from cleaner.text import lines

pytest.importorskip("numba", reason="the [fast] extra is not installed")

TEXTS = st.lists(st.text("甲乙丙書，。 a1\n\u3000\x85\U00020000", max_size=60), min_size=1, max_size=6)


@contextmanager
def compiled_kernels() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_kernels, "active", None)
        assert _kernels.load()
        yield


@given(TEXTS)
@settings(deadline=None)
def test_lines_are_the_same(texts: list[str]) -> None:
    plain = lines.join(texts)
    with compiled_kernels():
        quick = lines.join(texts)
    assert quick.starts.tolist() == plain.starts.tolist()
    assert quick.stops.tolist() == plain.stops.tolist()
    assert quick.documents.tolist() == plain.documents.tolist()


@given(TEXTS)
@settings(deadline=None)
def test_characters_are_the_same(texts: list[str]) -> None:
    block = lines.join(texts)
    results = []
    for load in (False, True):
        with compiled_kernels() if load else pytest.MonkeyPatch.context():
            characters = view_lines(block).characters
            columns = (characters.codes, characters.kinds, characters.rare)
            results.append([column.tolist() for column in columns])
    assert results[0] == results[1]


@given(st.integers(0, 9), st.integers(1, 8), st.integers(1, 9), st.sampled_from([1, 29, 30, 256, 257, BLOCK + 1]))
@settings(deadline=None)
def test_sums_of_trees_are_the_same(seed: int, depth: int, count: int, size: int) -> None:
    draw = np.random.default_rng(seed)
    column, border = draw.integers(0, 5, (count, depth)), draw.integers(0, 9, (count, depth)).astype(np.float32)
    tables = join_trees(column, border, draw.integers(-900, 900, (count, 1 << depth)))
    values = draw.integers(0, 9, (5, size)).astype(np.float32)
    plain = tables.totals(values)
    with compiled_kernels():
        quick = tables.totals(values)
    assert quick.tolist() == plain.tolist()


GRAMS = ["a", "甲", "a1", "00", "\x02a", "甲\x03", "\x01", "甲乙丙", "\x02甲乙", "丙甲乙", "aaa"]


MANY = [chr(code) for code in range(0x4F00, 0x4F00 + (1 << 16))]  # whose pairs need keys of 64 bits
PHRASES = [phrases.Phrases(tuple(grams), np.linspace(-2, 3, len(grams)), 0.25) for grams in (GRAMS, GRAMS + MANY)]


@given(TEXTS, st.sampled_from(PHRASES))
@settings(deadline=None)
def test_phrase_scores_are_the_same(texts: list[str], known: phrases.Phrases) -> None:
    view = view_lines(lines.join(texts))
    plain = known.scores(view.codes, view.batch.starts, view.batch.stops)
    with compiled_kernels():
        quick = known.scores(view.codes, view.batch.starts, view.batch.stops)
    assert quick.tolist() == plain.tolist()
