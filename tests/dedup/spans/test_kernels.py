"""The kernels of repeated spans give what numpy gives, bit for bit."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import _kernels
from cleaner.dedup import deduplicate
from cleaner.dedup.spans.anchors import find_anchors
from helpers.planted_spans import paragraphs, plant, sentences

pytest.importorskip("numba", reason="the [fast] extra is not installed")


@pytest.fixture(autouse=True)
def _numpy_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kernels, "active", None)


@settings(max_examples=40)
@given(st.lists(st.text("天地玄黄", max_size=300), max_size=5), st.integers(20, 80), st.integers(0, 10**9))
def test_anchors_are_alike(texts: list[str], min_span: int, seed: int) -> None:
    dice = random.Random(seed)
    texts = [*texts, "".join(sentences(dice, 500)), "哈" * 300, "嘻哈" * 90]
    plain = find_anchors(texts, min_span)
    with pytest.MonkeyPatch.context() as patch:
        assert _kernels.load()
        quick = find_anchors(texts, min_span)
        patch.setattr(_kernels, "active", None)
    assert all((a == b).all() and a.dtype == b.dtype for a, b in zip(plain, quick, strict=True))


def test_records_are_alike() -> None:
    dice = random.Random(1)
    spans = [paragraphs(dice, sentences(dice, size)) for size in (60, 200)]
    texts = {f"d{number}": plant(dice, dice.choice(spans)) for number in range(12)}
    plain = deduplicate(texts, unit="span")
    assert _kernels.load()
    assert deduplicate(texts, unit="span") == plain
    assert plain.spans
