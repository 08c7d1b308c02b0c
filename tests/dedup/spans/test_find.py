"""Repeated spans in memory: all of them are found, exactly, and cuts never divide a sentence."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup import deduplicate
from cleaner.dedup.spans.anchors import Sampling, find_anchors
from cleaner.dedup.spans.column_store import MemoryColumns
from cleaner.dedup.spans.find import SpanCollection, find_places
from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.model import Span
from cleaner.options import Unit
from cleaner.text import codepoints, edits
from helpers import planted_spans
from helpers.planted_spans import paragraphs, plant, sentences, units

MIN_SPAN = 20


def find(texts: list[str], min_span: int = MIN_SPAN) -> list[tuple[int, int, int, int, int]]:
    """Return copy, start, stop, keeper and its start of all places; of texts that differ, the first is the keeper."""
    lengths = np.array([len(text) for text in texts])
    collection = SpanCollection(
        lambda: find_anchors(texts, min_span),
        np.arange(len(texts)),
        lengths,
        lambda rows: codepoints.from_text("".join(texts[row] for row in rows)),
        MemoryColumns(),
    )
    places = find_places(collection, min_span)
    columns = (places.copies, places.copy_starts, places.copy_stops, places.keepers, places.keeper_starts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def repeated_characters(texts: list[str]) -> set[tuple[int, int]]:
    """Return the characters that stand in some run of `MIN_SPAN` that an earlier text has."""
    seen: dict[str, int] = {}
    repeated: set[tuple[int, int]] = set()
    for number, text in enumerate(texts):
        for start in range(len(text) - MIN_SPAN + 1):
            if seen.setdefault(text[start : start + MIN_SPAN], number) < number:
                repeated |= {(number, place) for place in range(start, start + MIN_SPAN)}
    return repeated


def mosaic(dice: random.Random) -> list[str]:
    """Texts without an end of a sentence, put together from few blocks, none twice in a text, and noise."""
    characters = [chr(code) for code in range(0xAC00, 0xAC00 + 300)]
    blocks = ["".join(dice.choices(characters, k=dice.randint(5, 60))) for _ in range(8)]
    texts = []
    for _ in range(dice.randint(1, 5)):
        noise = ["".join(dice.choices(characters, k=dice.randint(1, 30))) for _ in range(3)]
        parts = dice.sample(blocks, dice.randint(1, 5)) + noise
        dice.shuffle(parts)
        texts.append("".join(parts))
    return texts


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_exactly_the_characters_of_repeated_runs_are_found(seed: int) -> None:
    texts = mosaic(random.Random(seed))
    places = find(texts)
    for copy, start, stop, keeper, keeper_start in places:
        assert texts[copy][start:stop] == texts[keeper][keeper_start : keeper_start + stop - start]
    covered = {(copy, place) for copy, start, stop, _, _ in places for place in range(start, stop)}
    assert covered == repeated_characters(texts)


@given(st.integers(0, 10**9), st.integers(20, 90))
def test_texts_that_share_the_least_length_share_an_anchor(seed: int, min_span: int) -> None:
    dice = random.Random(seed)
    shared, *others = ("".join(dice.choices("天地玄黄宇宙洪荒日月盈昃", k=size)) for size in (min_span, 70, 40, 55, 90))
    texts = [others[0] + shared + others[1], others[2] + shared + others[3]]
    anchors = find_anchors(texts, min_span)
    keys = [set(anchors.keys[anchors.texts == number].tolist()) for number in (0, 1)]
    assert keys[0] & keys[1]
    sampling = Sampling.of(min_span)
    assert sampling.gram + sampling.window - 1 == min_span


def test_a_batch_changes_no_anchor() -> None:
    dice = random.Random(5)
    texts = [paragraphs(dice, sentences(dice, size)) for size in (3, 90, 400, 20, 700)]
    together = find_anchors(texts, 50)
    for number, text in enumerate(texts):
        alone = find_anchors([text], 50)
        assert alone.keys.tolist() == together.keys[together.texts == number].tolist()
        assert alone.positions.tolist() == together.positions[together.texts == number].tolist()


def test_a_text_that_repeats_itself_within_a_window_has_one_anchor_there() -> None:
    assert len(find_anchors(["哈" * 5000], 50).keys) == 1
    assert len(find_anchors(["嘻哈" * 5000], 50).keys) == 1


def spans_of(texts: dict[str, str], **options: object) -> tuple[RepeatedSpan, ...]:
    return deduplicate(texts, unit="span", **options).spans  # type: ignore[arg-type]


def test_a_span_planted_in_six_documents_is_cut_whole_from_five() -> None:
    dice = random.Random(1)
    span = "".join(sentences(dice, 190))
    texts = {}
    for number in range(6):
        parts = sentences(dice, 600)
        texts[f"d{number}"] = "".join(parts[:8]) + span + "".join(parts[8:])
    (record,) = spans_of(texts)
    assert len(record.copies) == 5
    assert record.characters == len(span)
    for place in (record.keeper, *record.copies):
        assert texts[place.document][place.span.start : place.span.stop] == span
    duplicates = deduplicate(texts, unit="span")
    rests = {key: edits.apply(text, duplicates.edits(key, text)) for key, text in texts.items()}
    assert sum(span in rest for rest in rests.values()) == 1
    assert all(rest == texts[key] or rest == texts[key].replace(span, "") for key, rest in rests.items())


@pytest.mark.parametrize(
    "other",
    [
        "河水退去之后,村里的人开始重新丈量田地.老人说,三十年前的界石还在,只是被草盖住了.县里派来的技术员走了整整两天.孩子们跟在后面看.",
        "河水退去之後，村裡的人開始重新丈量田地。老人說，三十年前的界石還在，只是被草蓋住了。縣裡派來的技術員走了整整兩天。孩子們跟在後面看。",
        "河水退去之后，村里的人开始 重新丈量田地。老人说，三十年前的\n界石还在，只是被草盖住了。县里派来的技术员走了整整两天。孩子们跟在后面看。",
    ],
    ids=["ascii marks", "traditional", "blanks"],
)
def test_width_script_and_marks_do_not_count_and_places_are_those_of_the_original(other: str) -> None:
    text = "河水退去之后，村里的人开始重新丈量田地。老人说，三十年前的界石还在，只是被草盖住了。县里派来的技术员走了整整两天。孩子们跟在后面看。"
    (record,) = spans_of({"a": "前言在此。\n" + text + "\n又及一句。", "b": other + "另有别话。"})
    assert record.keeper.span.start == 6
    (copy,) = record.copies
    assert (copy.span.start, copy.span.stop) == (0, len(other))


def test_forms_that_are_traditional_in_some_words_only_do_not_count() -> None:
    text = (
        "桥头站着三个陌生人，借口避雨不走。老张明了他们的来意，只说屋里还有一间空房。里面的被褥是旧的，炉子也要自己生。"
    )
    other = (
        "橋頭站著三個陌生人，藉口避雨不走。老張明瞭他們的來意，祇說屋裏還有一間空房。裡面的被褥是舊的，爐子也要自己生。"
    )
    (record,) = spans_of({"a": "前言在此。\n" + text + "\n又及一句。", "b": other + "另有别话。"})
    assert [(place.document, place.span) for place in record.copies] == [("b", Span(0, len(other)))]


def test_other_numbers_and_names_end_a_span() -> None:
    head, tail = "".join(sentences(random.Random(1), 80)), "".join(sentences(random.Random(2), 80))
    (first, second) = spans_of({"a": head + "共3518人。" + tail, "b": head + "共3519人。" + tail})
    assert (first.characters, second.characters) == (len(head), len(tail))


@settings(max_examples=12)
@given(st.integers(0, 10**9))
def test_any_order_gives_the_same_records(seed: int) -> None:
    dice = random.Random(seed)
    spans = ["".join(sentences(dice, dice.choice([60, 120, 200]))) for _ in range(3)]
    texts = {f"d{number}": plant(dice, dice.choice(spans), 300) for number in range(7)}
    names = list(texts)
    dice.shuffle(names)
    for keep in ("longest", "first", "cleanest"):
        assert spans_of(texts, keep=keep) == spans_of({name: texts[name] for name in names}, keep=keep)


def check_cuts(texts: dict[str, str]) -> None:
    """Check that cuts leave whole sentences, in their order, and that each cut one stands elsewhere."""
    duplicates = deduplicate(texts, unit="span")
    rests = {key: edits.apply(text, duplicates.edits(key, text)) for key, text in texts.items()}
    everywhere = "\0".join("".join(rest.split()) for rest in rests.values())
    for key, text in texts.items():
        remaining = iter(units(text))
        assert all(part in remaining for part in units(rests[key])), (text, rests[key])
        assert all("".join(part.split()) in everywhere for part in units(text)), text


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_no_cut_divides_a_sentence_and_no_sentence_is_lost(seed: int) -> None:
    dice = random.Random(seed)
    spans = ["".join(sentences(dice, dice.choice([55, 90, 150, 300]))) for _ in range(2)]
    check_cuts({f"d{number}": plant(dice, dice.choice(spans), 250) for number in range(4)})


@settings(max_examples=30)
@given(st.integers(0, 10**9), st.sampled_from(["near", "passage", "both", "all"]))
def test_of_spans_in_near_duplicates_one_place_stays(seed: int, unit: Unit) -> None:
    spans, texts = planted_spans.near_copies(random.Random(seed))
    duplicates = deduplicate(texts, unit=unit)
    copies = {pair.copy for pair in duplicates.pairs if pair.unit == "document"}
    rests = [edits.apply(text, duplicates.edits(key, text)) for key, text in texts.items() if key not in copies]
    everywhere = "\0".join("".join(rest.split()) for rest in rests)
    originals = "\0".join("".join(text.split()) for key, text in texts.items() if key not in copies)
    for part in (part for span in spans for part in units(span)):
        # what a near-duplicate alone has goes with it
        assert part in everywhere or originals.count(part) < 2


@pytest.mark.slow
def test_no_cut_divides_a_sentence_in_ten_thousand_plantings() -> None:
    for seed in range(500):
        dice = random.Random(f"law {seed}")
        spans = [paragraphs(dice, sentences(dice, dice.choice([55, 90, 150, 300]))) for _ in range(5)]
        check_cuts({f"d{number}": plant(dice, dice.choice(spans), 300) for number in range(20)})


def test_one_passage_many_times_is_one_record() -> None:
    dice = random.Random(3)
    span = "".join(sentences(dice, 150))
    texts = {f"d{number}": span + planted_spans.sentence(dice) for number in range(3000)}
    (record,) = spans_of(texts)
    assert len(record.copies) == len(texts) - 1


@given(st.integers(0, 10_000))
def test_a_span_that_stands_twice_in_its_keeper_is_one_record(seed: int) -> None:
    dice = random.Random(seed)
    span, *others = ("".join(sentences(dice, size)) for size in (90, 100, 80, 30, 60, 70, 40))
    texts = {"a": "\n".join((others[0], span, others[1], span, others[2])), "b": others[3] + span + others[4]}
    (record,) = spans_of(texts | {"c": others[5] + span}, keep="first")
    assert [place.document for place in (record.keeper, *record.copies)] == ["a", "a", "b", "c"]


def test_a_copied_document_has_no_spans_of_its_own_in_all_units() -> None:
    dice = random.Random(4)
    text = paragraphs(dice, sentences(dice, 900))
    duplicates = deduplicate(
        {"a": text, "b": text + "又及。", "c": text[:300] + paragraphs(dice, sentences(dice, 900))}, unit="all"
    )
    assert {pair.copy for pair in duplicates.pairs if pair.unit == "document"} == {"a"}
    assert {place.document for span in duplicates.spans for place in (span.keeper, *span.copies)} <= {"b", "c"}


def test_text_that_an_edit_removes_comes_back() -> None:
    dice = random.Random(6)
    span = paragraphs(dice, sentences(dice, 200))
    texts = {f"d{number}": plant(dice, span) for number in range(5)}
    duplicates = deduplicate(texts, unit="all")
    for key, text in texts.items():
        removals = duplicates.edits(key, text)
        rest = edits.apply(text, removals)
        assert edits.apply(rest, edits.invert(text, removals)) == text


def test_the_origin_is_guessed_from_hosts_quotes_and_words() -> None:
    dice = random.Random(9)
    span, licence = "".join(sentences(dice, 150)), "本作品采用知识共享署名许可协议发布。" + "".join(sentences(dice, 60))

    def kind(texts: list[str], hosts: list[str]) -> str:
        named = {f"{number:02}": text for number, text in enumerate(texts)}
        records = {key: {"host": host} for key, host in zip(named, hosts, strict=True)}
        (record,) = deduplicate(named, unit="span", keep="first", records=records).spans
        return record.kind

    def page(text: str, size: int = 600) -> str:
        return "".join(sentences(dice, size)) + text + "".join(sentences(dice, 40))

    assert kind([page(span), page(span)], ["a.cn", "b.cn"]) == "copy"
    assert kind([page(span, 20), page(span, 20)], ["a.cn", "b.cn"]) == "syndicated"
    assert kind([page(span) for _ in range(5)], ["a.cn"] * 5) == "template"
    assert kind([page(licence), page(licence)], ["a.cn", "b.cn"]) == "licence"
    assert kind([page(span), page(f"\n> {span}\n")], ["a.cn", "b.cn"]) == "quotation"
    assert kind([page(span), page(f"书上说：“{span}”\n")], ["a.cn", "b.cn"]) == "quotation"
    assert kind([page(span), page(f'书上说："{span}"后来。\n')], ["a.cn", "b.cn"]) == "quotation"
    assert kind([page(span), page(f'他说："走吧。"{span}')], ["a.cn", "b.cn"]) == "copy"
    assert kind([page(span), page(f'\n他说："走吧。"\n{span}')], ["a.cn", "b.cn"]) == "copy"
    part = span.replace("。", "，").replace("！", "，").replace("？", "，")
    assert kind([page("甲" + part + "乙。"), page("丙" + part + "丁。")], ["a.cn", "b.cn"]) == "fragment"
