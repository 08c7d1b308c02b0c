"""What bounds the memory of the search for repeated spans changes nothing of what is found."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest

from cleaner.dedup import deduplicate
from cleaner.dedup.spans import buckets, find, recent_inks, table, text_batch
from cleaner.dedup.spans.anchors import Anchors
from cleaner.dedup.spans.column_store import MemoryColumns
from cleaner.dedup.spans.records import RepeatedSpan, SpanPlace
from cleaner.model import Span
from helpers.planted_spans import paragraphs, plant, sentences


def planted_texts(documents: int = 30) -> dict[str, str]:
    dice = random.Random("bounds")
    spans = [paragraphs(dice, sentences(dice, size)) for size in (60, 120, 300)]
    return {f"d{number}": plant(dice, dice.choice(spans), 300) for number in range(documents)}


def test_small_slices_and_batches_give_the_same_records(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = planted_texts()
    spans = deduplicate(texts, unit="span").spans
    monkeypatch.setattr(buckets, "KEYS_PER_SORT", 100)
    monkeypatch.setattr(buckets, "MEMBERS_PER_SLICE", 64)
    monkeypatch.setattr(recent_inks, "CAPACITY", 1500)
    monkeypatch.setattr(find, "BATCH_CHARACTERS", 1000)
    monkeypatch.setattr(text_batch, "BATCH_CHARACTERS", 1000)
    monkeypatch.setattr(table, "PLACES_AT_ONCE", 3)
    monkeypatch.setattr(table, "PLACES_PER_PART", 5)
    assert spans
    assert deduplicate(texts, unit="span").spans == spans


def test_buckets_have_all_anchors_with_a_key_in_order_though_only_its_low_bits_differ() -> None:
    keys = np.array([5, 4, 5, 4, 5, 9 << 40, 9 << 40, 7], dtype=np.uint64)
    texts = np.array([0, 0, 1, 1, 2, 2, 3, 3], dtype=np.int32)
    positions = np.array([0, 1, 0, 1, 0, 1, 0, 1], dtype=np.int32)
    members = buckets.find_buckets(Anchors(keys, texts, positions), np.array([3, 1, 0, 2]), MemoryColumns())
    assert members.texts.tolist() == [1, 0, 2, 1, 0, 2, 3]
    assert members.firsts.tolist() == [0, 0, 2, 2, 2, 5, 5]


def test_a_long_record_is_written_in_parts_as_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PLACES_AT_ONCE", 3)
    sizes, name = [8, 2], 'a"copies":[]\\"copies":[]'
    heads = table.SpanHeads(
        *(np.array(column) for column in ([0, 1], [5, 6], [80, 90], [70, 75])),
        np.array([1, 2], dtype=np.uint64),
        np.array([0, 2]),
        ["copy", "licence"],
    )
    rows = np.arange(10)
    spans = table.SpanTable([name] * 10, heads, np.array(sizes), rows, rows * 2, rows * 3)
    records = list(spans.records())
    assert records[0] == RepeatedSpan(
        SpanPlace(name, Span(5, 80)),
        tuple(SpanPlace(name, Span(2 * row, 3 * row)) for row in range(8)),
        "copy",
        70,
        0,
        "0000000000000001",
    )
    assert b"".join(spans.encode()) == b"".join(msgspec.json.encode(record) + b"\n" for record in records)
