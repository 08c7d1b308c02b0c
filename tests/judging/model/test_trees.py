"""Symmetric trees: one sum a line, whatever the batch, and its parts add up to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judging.model import trees
from cleaner.judging.tuning.fitting import add_trees


def draw_trees(seed: int, columns: int = 5, count: int = 7, depth: int = 3) -> trees.Trees:
    draw = np.random.default_rng(seed)
    return trees.Trees(
        tuple(f"c{column}" for column in range(columns)),
        draw.integers(0, columns, (count, depth)),
        draw.normal(size=(count, depth)).astype(np.float32),
        draw.integers(-900, 900, (count, 1 << depth)),
        draw.random((count, 1 << depth)),
        17,
    )


def score_plainly(ensemble: trees.Trees, line: list[float]) -> float:
    total = ensemble.bias
    for columns, borders, leaf in zip(ensemble.column, ensemble.border, ensemble.leaf, strict=True):
        answers = [np.float32(line[c]) > b for c, b in zip(columns.tolist(), borders, strict=True)]
        total += int(leaf[sum(1 << level for level, yes in enumerate(answers) if yes)])
    return total / trees.UNIT


@given(st.integers(0, 99), st.integers(1, 300))
def test_a_score_is_the_sum_of_the_leaves(seed: int, lines: int) -> None:
    ensemble, values = draw_trees(seed), np.random.default_rng(seed + 1).normal(size=(5, lines)).astype(np.float32)
    scores = ensemble.scores(values)
    assert scores[-1] == score_plainly(ensemble, values[:, -1].tolist())
    assert ensemble.scores(values[:, -1:])[0] == scores[-1]


@given(st.integers(0, 9), st.integers(1, 8), st.integers(1, 9), st.integers(1, 70))
def test_trees_of_any_depth_and_number_add_up(seed: int, depth: int, count: int, lines: int) -> None:
    ensemble = draw_trees(seed, count=count, depth=depth)
    values = np.random.default_rng(seed).normal(size=(5, lines)).astype(np.float32)
    expected = [score_plainly(ensemble, line) for line in values.T.tolist()]
    assert ensemble.scores(values).tolist() == expected
    added, constant = ensemble.contributions(values)
    assert added.sum(axis=0) + constant == pytest.approx(expected)


@given(st.integers(0, 99))
def test_what_columns_add_is_the_score(seed: int) -> None:
    ensemble, values = draw_trees(seed), np.random.default_rng(seed).normal(size=(5, 9)).astype(np.float32)
    added, constant = ensemble.contributions(values)
    assert added.sum(axis=0) + constant == pytest.approx(ensemble.scores(values))


@given(st.integers(0, 99))
def test_trees_are_read_as_they_were_written(seed: int) -> None:
    ensemble, values = draw_trees(seed), np.random.default_rng(seed).normal(size=(5, 9)).astype(np.float32)
    again = trees.from_table(trees.to_table(ensemble))
    assert again.scores(values).tolist() == ensemble.scores(values).tolist()


def test_ensembles_that_are_put_together_add_up() -> None:
    first, second = draw_trees(1), draw_trees(2, columns=4)
    values = np.random.default_rng(3).normal(size=(5, 9)).astype(np.float32)
    both = add_trees(first, second)
    assert both.scores(values).tolist() == (first.scores(values) + second.scores(values[:4])).tolist()
