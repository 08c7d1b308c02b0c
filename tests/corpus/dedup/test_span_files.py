"""Columns in files are those that were written, looked at as often as one likes; anchors of shards are numbered through."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cleaner.corpus.dedup.span_files import ColumnFiles, StoredAnchors
from cleaner.corpus.sketch_store import write_anchors
from cleaner.dedup.spans import anchors


def test_columns_are_joined_and_stay_after_their_memory_was_given_back(tmp_path: Path) -> None:
    store, numbers = ColumnFiles(tmp_path), np.arange(50_000)
    parts = [(numbers, numbers % 2 == 0), (numbers[:0], np.zeros(0, dtype=np.bool_)), (numbers[::7], numbers[::7] > 9)]
    for _ in range(2):
        first, second = store.collect("some", parts)
        store.release()
        assert first.dtype == numbers.dtype
        assert first.tolist() == [*numbers.tolist(), *numbers[::7].tolist()]
        assert second.tolist() == [*parts[0][1].tolist(), *parts[2][1].tolist()]
        del first, second


def test_columns_without_rows_are_empty(tmp_path: Path) -> None:
    (column,) = ColumnFiles(tmp_path).collect("none", [(np.empty(0, dtype=np.float64),)])
    assert (len(column), column.dtype) == (0, np.dtype(np.float64))


def test_anchors_of_shards_are_those_of_all_texts(tmp_path: Path) -> None:
    dice = np.random.default_rng(3)
    texts = ["".join(map(chr, dice.integers(0x4E00, 0x9000, size))) for size in (300, 0, 800, 40, 90)]
    whole = anchors.find_anchors(texts, 30)
    paths, counts = [], [2, 0, 3]
    for number, start in enumerate((0, 2, 2)):
        paths.append(tmp_path / str(number))
        with paths[-1].open("wb") as file:
            write_anchors(file, anchors.find_anchors(texts[start : start + counts[number]], 30))
    stored = StoredAnchors(paths, counts)
    assert stored.histogram().tolist() == whole.histogram().tolist()
    for first, stop in ((0, 256), (0, 100), (255, 256), (17, 18)):
        for column, expected in zip(stored.between(first, stop), whole.between(first, stop), strict=True):
            assert column.tolist() == expected.tolist()
    assert sum(len(whole.between(byte, byte + 1).keys) for byte in range(256)) == len(whole.keys)
