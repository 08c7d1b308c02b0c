"""Items are compared in batches, and each pair has the similarity of its two shingle sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup import jaccard
from cleaner.dedup.shingles import Shingles, shingle_texts
from cleaner.dedup.sketches import Sketches

TEXTS = st.lists(st.text("河水退去", min_size=1, max_size=12), min_size=2, max_size=12)


@contextmanager
def small_batches(characters: int) -> Iterator[None]:
    before = jaccard.SIDE_CHARACTERS
    jaccard.SIDE_CHARACTERS = characters
    try:
        yield
    finally:
        jaccard.SIDE_CHARACTERS = before


@given(TEXTS, st.data(), st.integers(1, 60))
def test_any_size_of_batches_gives_the_similarities_of_sets(
    texts: list[str], data: st.DataObject, characters: int
) -> None:
    rows = st.integers(0, len(texts) - 1)
    pairs = sorted(data.draw(st.sets(st.tuples(rows, rows).filter(lambda pair: pair[0] < pair[1]))))
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    numbers, sizes = np.arange(len(texts)), np.array([len(text) for text in texts])
    items = Sketches(numbers, 0 * numbers, numbers, 0 * numbers, sizes, sizes, numbers.astype(np.uint64), ())

    def fetch(rows: np.ndarray, starts: np.ndarray, stops: np.ndarray) -> Shingles:
        return shingle_texts([texts[row][start:stop] for row, start, stop in zip(rows, starts, stops, strict=True)], 2)

    with small_batches(characters):
        similarities = jaccard.compare_items(items, left, right, fetch)
        batches = list(jaccard._batches(items, left, right))
    assert sorted(np.concatenate([[], *batches]).tolist()) == list(range(len(pairs)))
    sets = [{text[i : i + 2] if len(text) > 1 else text for i in range(max(1, len(text) - 1))} for text in texts]
    for number, (one, other) in enumerate(pairs):
        common = len(sets[one] & sets[other])
        assert similarities.jaccard[number] == common / len(sets[one] | sets[other])
        assert similarities.left_share[number] == common / len(sets[one])
