"""Passages: what is compared as one, and that content alone decides the windows of long ones."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import _kernels
from cleaner.dedup import passages
from cleaner.text import lines
from helpers.dedup_texts import prose
from helpers.strategies import PAGES


def spans(text: str) -> list[str]:
    return [passage.text for passage in passages.split("a", text)]


@given(PAGES)
def test_spans_of_passages_give_their_texts_and_numbers_count_from_one(text: str) -> None:
    split_passages = passages.split("page", text)
    assert [passage.number for passage in split_passages] == list(range(1, len(split_passages) + 1))
    for passage in split_passages:
        assert text[passage.span.start : passage.span.stop] == passage.text
        assert passage.document == "page"
        assert len(passage.text) >= passages.MIN_LENGTH


def test_a_line_of_prose_is_a_passage() -> None:
    one, two = prose(1, 100, 300), prose(2, 100, 300)
    assert spans(f"{one}\n\n{two}\n") == [one, two]


def test_short_neighbours_are_joined() -> None:
    lines = ["他说：“明天再看。”", "她没有说话，只看着窗外的雨。", "“明天也许就晚了。”他又说。", "屋里很静。"]
    assert spans("\n\n".join(lines)) == ["\n\n".join(lines)]


def test_a_few_short_lines_alone_are_left_out() -> None:
    text = prose(1, 100, 300)
    assert spans(f"首页\n新闻\n{text}\n版权所有") == [text]


def test_lines_of_two_documents_are_never_joined() -> None:
    from cleaner.text import lines

    ranges = passages.passage_ranges(lines.join(["天地玄黄宇宙洪荒" * 3, "日月盈昃辰宿列张" * 3]))
    assert len(ranges.starts) == 0


def test_a_long_passage_is_given_whole_and_in_windows() -> None:
    text = prose(3, 1500, 9999)
    passage, *windows = spans(text)
    assert passage == text
    assert len(windows) > 4
    assert all(passages.MIN_LENGTH <= len(window) < len(text) / 2 for window in windows)


def test_windows_end_where_sentences_do() -> None:
    _, *windows = spans(prose(3, 1500, 9999))
    assert all(window.endswith("。") for window in windows)


def test_copied_text_has_the_same_windows_wherever_it_stands() -> None:
    for seed in range(30):
        part = prose(f"part {seed}", 420, 9999)
        first_text = prose(f"a {seed}", 300, 9999) + part + prose(f"b {seed}", 500, 9999)
        second_text = prose(f"c {seed}", 700, 9999) + part
        common = set(spans(first_text)) & set(spans(second_text))
        assert common
        assert all(window in part for window in common)


def test_the_texts_before_a_text_do_not_change_its_passages() -> None:
    texts = [prose(seed, 600, 9999) for seed in range(40)]
    block = lines.join(texts)
    ranges = passages.passage_ranges(block)
    origins = block.offsets[ranges.documents]
    for number, text in enumerate(texts):
        mine = ranges.documents == number
        alone = passages.passage_ranges(lines.join([text]))
        assert ((ranges.starts - origins)[mine].tolist(), (ranges.stops - origins)[mine].tolist()) == (
            alone.starts.tolist(),
            alone.stops.tolist(),
        )


def test_text_without_sentences_has_windows_too() -> None:
    assert len(spans(prose(4, 3000, 9999).replace("。", ""))) > 8


def test_one_character_repeated_is_one_passage() -> None:
    assert len(spans("哈" * 5000)) == 1


@given(st.integers(0, 1 << 32), st.sampled_from(["天", "天。", "天地。！”", "天地玄黄宇宙洪荒日月盈昃。；\n"]))
def test_numba_cuts_windows_alike(seed: int, alphabet: str) -> None:
    pytest.importorskip("numba", reason="the [fast] extra is not installed")
    chance = Random(seed)
    block = lines.join(["".join(chance.choices(alphabet, k=chance.randrange(900))) for _ in range(4)])
    plain = passages.passage_ranges(block)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_kernels, "active", None)
        assert _kernels.load()
        quick = passages.passage_ranges(block)
    assert all((a == b).all() for a, b in zip(plain, quick, strict=True))
