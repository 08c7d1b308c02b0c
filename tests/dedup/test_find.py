"""Near-duplicates in memory: what is found, who is kept, and that nothing but the texts decides."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup import Duplicates, clusters, deduplicate, lsh, pairs, shingles
from cleaner.dedup import keeper as keep
from cleaner.dedup.find import deduplicate as in_memory
from cleaner.errors import UsageError
from cleaner.options import DedupOptions
from cleaner.text import edits
from cleaner.text.host import find_host
from helpers.dedup_texts import prose, replace_characters
from helpers.strategies import PAGES


def corpus(documents: int = 60, seed: int = 0) -> dict[str, str]:
    """Originals, edited copies, shared passages, tiny and empty texts."""
    dice = random.Random(seed)
    texts: dict[str, str] = {"empty": "", "blank": " \n", "tiny": "短", "tiny again": "短", "short": "天地玄"}
    shared_passage = prose(f"shared {seed}", 200, 9999)
    for i in range(documents):
        kind = dice.random()
        if kind < 0.5 and i:
            texts[f"d{i}"] = replace_characters(
                texts[dice.choice([k for k in texts if k[0] == "d"])], i, dice.choice([0, 0.005, 0.02])
            )
        else:
            texts[f"d{i}"] = prose((seed, i), dice.randint(80, 900))
            if kind > 0.8:
                texts[f"d{i}"] += "\n" + shared_passage
    return texts


def jaccard(left: str, right: str) -> float:
    shingled_texts = shingles.shingle_texts([left, right])
    a, b = set(shingled_texts.distinct_hashes(0).tolist()), set(shingled_texts.distinct_hashes(1).tolist())
    return len(a & b) / len(a | b) if a | b else 0.0


def test_a_copy_is_paired_with_its_keeper() -> None:
    text = prose(1, 500)
    (pair,) = deduplicate({"a": text, "b": replace_characters(text, 1, 0.004) + "尾", "c": prose(2, 500)}).pairs
    assert (pair.copy, pair.keeper, pair.unit, pair.cluster) == ("a", "b", "document", "b")
    assert pair.jaccard == jaccard(text, replace_characters(text, 1, 0.004) + "尾")


def test_a_shared_passage_is_found_between_unlike_documents() -> None:
    passage = prose("shared", 150, 9999)
    texts = {"a": prose(1) + "\n" + passage + "\n" + prose(2), "b": passage + "\n" + prose(3, 900)}
    (pair,) = deduplicate(texts).pairs
    assert (pair.copy, pair.keeper, pair.jaccard, pair.containment) == ("b", "a", 1.0, 1.0)
    assert texts["b"][pair.copy_span.start : pair.copy_span.stop] == passage
    assert texts["a"][pair.keeper_span.start : pair.keeper_span.stop] == passage


def test_copied_text_in_a_long_paragraph_is_found() -> None:
    part = prose("part", 500, 9999)
    texts = {"a": prose(1, 600, 9999) + part + prose(2, 600, 9999), "b": prose(3, 900, 9999) + part}
    duplicates = deduplicate(texts)
    assert duplicates.pairs
    for pair in duplicates.pairs:
        assert texts[pair.copy][pair.copy_span.start : pair.copy_span.stop] in part


def test_a_passage_twice_in_one_document_is_found() -> None:
    passage = prose(1, 100, 9999)
    (pair,) = deduplicate({"a": f"{passage}\n{prose(2)}\n{passage}"}).pairs
    assert (pair.copy, pair.keeper, pair.keeper_passage) == ("a", "a", 1)


def test_passages_of_a_copied_document_are_not_reported_again() -> None:
    text = prose(1, 3000)
    assert [pair.unit for pair in deduplicate({"a": text, "b": text}).pairs] == ["document"]


def test_windows_of_a_copied_passage_are_not_reported_again() -> None:
    long = prose(1, 1200, 9999)
    duplicates = deduplicate({"a": long + "\n" + prose(2), "b": long + "\n" + prose(3)}, unit="passage")
    assert [(p.copy, p.copy_passage, p.keeper) for p in duplicates.pairs] == [("b", 1, "a")]


def test_empty_inputs_have_no_pairs() -> None:
    for texts in ({}, {"a": ""}, {"a": "", "b": " \n\t", "c": ""}, {"a": prose(1)}):
        assert deduplicate(texts).pairs == ()


def test_the_same_tiny_text_is_a_copy() -> None:
    duplicates = deduplicate({"a": "短", "b": "短\u3000", "c": "长"}, keep="first")
    assert [(pair.copy, pair.keeper) for pair in duplicates.pairs] == [("b", "a")]


def test_distinct_texts_have_no_pairs() -> None:
    assert deduplicate({str(i): prose(i, 300) for i in range(300)}).pairs == ()


@pytest.mark.parametrize("count", [3000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_many_copies_of_one_text_are_one_cluster(count: int) -> None:
    text = prose(1, 120)
    duplicates = deduplicate({f"{i:06}": text for i in range(count)})
    (cluster,) = duplicates.clusters
    assert cluster.keeper == "000000"
    assert len(cluster.copies) == count - 1


@pytest.mark.parametrize("count", [1000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_many_near_copies_take_no_quadratic_step(count: int) -> None:
    text = prose(1, 400)
    texts = {f"{i:06}": replace_characters(text, i, 0.003) for i in range(count)}
    duplicates = deduplicate(texts, unit="document")
    assert len(duplicates.clusters) == 1
    assert len(duplicates.pairs) == count - 1


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_nothing(seed: int, dice: random.Random) -> None:
    texts = corpus(16, seed)
    names = list(texts)
    dice.shuffle(names)
    assert deduplicate({name: texts[name] for name in names}) == deduplicate(texts)


def test_the_size_of_batches_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.dedup import find, sketches

    texts = corpus(80)
    expected = deduplicate(texts)
    assert expected.pairs
    for size in (1, 500, 1 << 22):
        monkeypatch.setattr(find, "in_batches", lambda texts, size=size: sketches.in_batches(texts, size))
        assert deduplicate(texts) == expected


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=3), PAGES, max_size=6))
def test_every_pair_is_above_the_threshold_or_marked_as_a_chain(texts: dict[str, str]) -> None:
    duplicates = deduplicate(texts, threshold=0.6)
    for pair in duplicates.pairs:
        copy = texts[pair.copy][pair.copy_span.start : pair.copy_span.stop]
        keeper = texts[pair.keeper][pair.keeper_span.start : pair.keeper_span.stop]
        assert pair.jaccard == pytest.approx(jaccard(copy, keeper))
        assert (pair.linked == "direct") == (pair.jaccard >= 0.6)


def chain_of_texts() -> dict[str, str]:
    """a is like b and b is like c, but a is not like c."""
    text = list(prose(9, 1000, 9999))
    other = prose(10, 1000, 9999)
    texts = {}
    for name, offset in (("a", 0), ("b", 90), ("c", 180)):
        texts[name] = other[:offset] + "".join(text[offset:])
    return texts


def test_a_chain_makes_one_cluster_and_is_marked() -> None:
    texts = chain_of_texts()
    duplicates = deduplicate(texts, unit="document", keep="first")
    assert [(p.copy, p.keeper, p.linked) for p in duplicates.pairs] == [("b", "a", "direct"), ("c", "a", "chain")]


def test_without_chains_every_copy_is_like_its_keeper() -> None:
    duplicates = deduplicate(chain_of_texts(), unit="document", keep="first", chain=False)
    assert [(p.copy, p.keeper, p.linked) for p in duplicates.pairs] == [("b", "a", "direct")]
    assert all(pair.linked == "direct" for pair in deduplicate(corpus(120), chain=False).pairs)


def test_a_keeper_is_never_a_copy() -> None:
    for chain in (True, False):
        duplicates = deduplicate(corpus(120), chain=chain)
        keepers = {(pair.keeper, pair.keeper_passage) for pair in duplicates.pairs}
        assert not keepers & {(pair.copy, pair.copy_passage) for pair in duplicates.pairs}


TEXT = prose(1, 600)
TRIO = {"b": TEXT, "a": TEXT + "长一些", "c": "首页\n" + TEXT.replace("。\n", "\n")}


@pytest.mark.parametrize(
    ("policy", "records", "keeper"),
    [
        ("longest", {}, "a"),
        ("first", {}, "a"),
        ("cleanest", {}, "b"),
        ("earliest", {"c": {"date": "2011-02-03"}, "a": {"date": "2012-01-01"}}, "c"),
        ("score", {"b": {"score": 3}, "c": {"score": 3.5}, "a": {"score": -1}}, "c"),
        ("score", {"b": {}, "a": {"score": 1}}, "a"),
    ],
)
def test_a_policy_chooses_the_keeper(policy: str, records: dict[str, dict[str, object]], keeper: str) -> None:
    duplicates = deduplicate(TRIO, unit="document", keep=policy, records=records)
    assert {pair.keeper for pair in duplicates.pairs} == {keeper}
    assert len(duplicates.pairs) == 2


def test_values_sort_as_numbers_then_text_then_none() -> None:
    assert keep.ordinals([3, "2001", None, 2.5, "1999", 3]).tolist() == [1, 3, 4, 0, 2, 1]
    assert keep.ordinals([[2], {"y": 1}, [1], [2], 7]).tolist() == [2, 3, 1, 2, 0]


@pytest.mark.parametrize(
    "options",
    [{"threshold": 0}, {"threshold": 1.1}, {"permutations": 1}, {"shingle": 0}, {"unit": "word"}],
)
def test_an_impossible_option_is_an_error_that_names_it(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=str(next(iter(options.values())))):
        deduplicate({"a": TEXT}, **options)  # type: ignore[arg-type]


def test_a_passage_of_many_documents_of_one_host_is_a_template() -> None:
    notice = prose("notice", 80, 9999)
    texts = {f"http://one.example/{i}": prose(i) + "\n" + notice for i in range(6)}
    texts |= {"http://two.example/1": prose("else") + "\n" + notice}
    kinds = {pair.copy: pair.kind for pair in deduplicate(texts, keep="first").pairs}
    assert kinds.pop("http://two.example/1") == "copy"
    assert set(kinds.values()) == {"template"}
    assert len(kinds) == 5


@pytest.mark.parametrize(
    ("document", "record", "host"),
    [
        ("a", {"url": "https://User@News.Example.com:80/a?b"}, "news.example.com"),
        ("a", {"host": "A.example", "url": "http://b.example/"}, "a.example"),
        ("mirror/www.example.cn/a/b.html", {}, "www.example.cn"),
        ("folder/page.html", {}, ""),
        ("readme.txt", {"url": 5}, ""),
    ],
)
def test_the_host_comes_from_fields_the_id_or_a_folder(document: str, record: dict[str, object], host: str) -> None:
    assert find_host(document, record) == host


def test_dropping_cuts_copied_passages_with_their_line() -> None:
    passage = prose("shared", 150, 9999)
    texts = {"a": prose(1) + "\n" + passage, "b": "头\n" + passage + "\n尾" + prose(3, 900, 300)}
    duplicates = deduplicate(texts)
    assert edits.apply(texts["b"], duplicates.edits("b", texts["b"])) == "头\n尾" + prose(3, 900, 300)
    assert duplicates.edits("a", texts["a"]) == ()


def test_dropping_takes_a_copied_document_whole() -> None:
    duplicates = deduplicate({"a": TEXT, "b": TEXT})
    (edit,) = duplicates.edits("b", TEXT)
    assert (edit.rule, edits.apply(TEXT, [edit])) == (pairs.TEXT_RULE, "")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_are_those_of_the_graph(edges: list[tuple[int, int]]) -> None:
    left = np.array([min(pair) for pair in edges], dtype=np.int64)
    right = np.array([max(pair) for pair in edges], dtype=np.int64)
    label = list(range(31))
    for _ in range(31):
        for a, b in edges:
            label[a] = label[b] = min(label[a], label[b])
    assert clusters.connected_components(31, left, right).tolist() == label


def test_candidates_of_small_buckets_are_all_pairs_and_of_hot_ones_linear() -> None:
    key = np.array([7] * 4 + [1000 + i for i in range(50)] + [9] * 500, dtype=np.uint64)
    left, right = lsh.candidate_pairs([key])
    small = [(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a < 4]
    assert small == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert len(left) <= 6 + 500 * (lsh.NEIGHBOURS + 1)
    assert {b for a, b in zip(left.tolist(), right.tolist(), strict=True) if a == 54} == set(range(55, 554))
    assert all(a <= b for a, b in pairwise(left.tolist()))


def test_options_lead_to_the_documented_scheme() -> None:
    duplicates: Duplicates = in_memory({"a": TEXT}, DedupOptions(threshold=0.5), {})
    assert (duplicates.scheme.bands, duplicates.scheme.rows, duplicates.threshold) == (42, 3, 0.5)
