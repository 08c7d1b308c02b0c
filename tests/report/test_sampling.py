"""Samples are the same for a seed, bounded, and fair."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cleaner.report.sampling.reservoirs import Greatest, Reservoir, draw_number


def sample(size: int, count: int, seed: str) -> list[int]:
    reservoir: Reservoir[int] = Reservoir(size, seed)
    for number in range(count):
        reservoir.offer(lambda number=number: number)  # type: ignore[misc]
    return reservoir.values


def test_a_seed_draws_the_same_again_and_another_draws_others() -> None:
    assert sample(10, 1000, "1/a") == sample(10, 1000, "1/a") != sample(10, 1000, "2/a")


def test_every_value_has_the_same_chance() -> None:
    counts = Counter(number for seed in range(2000) for number in sample(5, 20, str(seed)))
    assert all(400 < counts[number] < 600 for number in range(20))


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 8))
def test_the_greatest_are_those_of_sorting(keys: list[int], size: int) -> None:
    greatest: Greatest[int] = Greatest(size)
    for number, key in enumerate(keys):
        greatest.offer(key, number)
    assert greatest.values == sorted(range(len(keys)), key=lambda number: (-keys[number], number))[:size]


def test_a_number_hangs_on_seed_and_name() -> None:
    assert draw_number(1, "a") == draw_number(1, "a") != draw_number(2, "a")
    draw_number(10**30, "\ud800")
