"""Sums, windows and runs in segments say what counting by hand says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.segments import Segments, run_bounds, run_ids, run_lengths, run_starts

DOCUMENTS = st.lists(st.integers(1, 6), min_size=1, max_size=5)


def numbered(sizes: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=12))
def test_runs_are_neighbours_with_equal_keys(pairs: list[tuple[int, int]]) -> None:
    left, right = np.array([a for a, _ in pairs], dtype=np.int64), np.array([b for _, b in pairs], dtype=np.int64)
    starts = [i for i in range(len(pairs)) if i == 0 or pairs[i] != pairs[i - 1]]
    assert run_starts(left, right).tolist() == starts
    assert run_ids(left, right).tolist() == [sum(start <= i for start in starts) - 1 for i in range(len(pairs))]
    assert run_lengths(left, right).tolist() == np.diff([*starts, len(pairs)]).tolist()


def test_marked_runs_end_with_their_document() -> None:
    mask, documents = np.array([True, True, False, True, True, True]), np.array([0, 0, 0, 0, 1, 1])
    assert run_bounds(mask, documents).tolist() == [[0, 2], [3, 4], [4, 6]]
    assert run_bounds(~mask & mask, documents).tolist() == []


@given(DOCUMENTS, st.data(), st.integers(1, 4))
def test_a_window_is_the_mean_of_its_neighbours(sizes: list[int], data: st.DataObject, reach: int) -> None:
    documents = numbered(sizes)
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(documents), max_size=len(documents))))
    mean = Segments.of(documents).windows(reach).mean(values)
    for at in range(len(values)):
        near = [i for i in range(at - reach, at + reach + 1) if 0 <= i < len(values) and i != at]
        own = [values[i] for i in near if documents[i] == documents[at]]
        assert mean[at] == pytest.approx(np.mean(own) if own else 0.0)


@given(DOCUMENTS, st.data())
def test_the_densest_stretch_has_the_greatest_sum(sizes: list[int], data: st.DataObject) -> None:
    documents = numbered(sizes)
    gains = np.array(data.draw(st.lists(st.integers(-4, 4), min_size=len(documents), max_size=len(documents))))
    start, stop = Segments.of(documents).densest(gains)
    for document in set(documents.tolist()):
        own = np.flatnonzero(documents == document)
        best = max(gains[a:b].sum() for a in own for b in range(a + 1, own[-1] + 2))
        first, last = start[own[0]], stop[own[0]]
        assert gains[first:last].sum() == max(best, 0)
        assert first == last or (first in own and last - 1 in own)


@given(DOCUMENTS, st.data())
def test_sums_before_and_after_a_line_stay_in_its_document(sizes: list[int], data: st.DataObject) -> None:
    documents = numbered(sizes)
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(documents), max_size=len(documents))))
    rows = Segments.of(documents)
    total = rows.sum_before(values) + values + rows.sum_after(values)
    assert (total == rows.sum_all(values)).all()
    assert [rows.sum_all(values)[np.searchsorted(documents, d)] for d in range(len(sizes))] == [
        values[documents == d].sum() for d in range(len(sizes))
    ]


@given(st.lists(st.sampled_from([0.1, 0.3, 0.6, 0.9, 1 / 3]), min_size=1, max_size=9), st.integers(1, 40))
def test_sums_do_not_depend_on_what_stands_before_a_document(values: list[float], before: int) -> None:
    own, others = np.array(values), np.full(before, 0.7)
    alone = Segments.of(np.zeros(len(own), dtype=np.int64))
    behind = Segments.of(np.repeat([0, 1], [before, len(own)]))
    for take in (Segments.sum_before, Segments.sum_after, Segments.sum_all):
        assert take(behind, np.concatenate((others, own)))[before:].tolist() == take(alone, own).tolist()
    assert (
        behind.windows(2).mean(np.concatenate((others, own)))[before:].tolist() == alone.windows(2).mean(own).tolist()
    )


def test_runs_end_with_their_document() -> None:
    rows = Segments.of(np.array([0, 0, 0, 1, 1]))
    assert rows.run_sizes(np.array([1, 1, 2, 2, 2])).tolist() == [2, 2, 1, 2, 2]
    assert rows.previous(np.array([True, False, False, False, True])).tolist() == [-1, 0, 0, -1, -1]
