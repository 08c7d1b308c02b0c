"""Shingles and signatures: the very numbers of datasketch, however the texts are put into blocks."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from cleaner import _kernels
from cleaner.dedup import jaccard, lsh, minhash, shingles
from helpers.dedup_texts import prose, replace_characters
from helpers.strategies import PAGES

TEXTS = st.lists(PAGES | st.text(alphabet="天地 玄黄\nAＢ", max_size=40), max_size=6)


def datasketch_of(hashes: np.ndarray, permutations: int = 128) -> np.ndarray:
    reference = MinHash(num_perm=permutations, scheme="affine32", hashfunc=lambda value: value)
    reference.update_batch([int(h) for h in hashes])
    return np.asarray(reference.hashvalues)


@given(TEXTS)
def test_signatures_are_those_of_datasketch(texts: list[str]) -> None:
    all_shingles = shingles.shingle_texts(texts)
    hashes = minhash.hash32(all_shingles.hashes)
    for row, start, stop in zip(minhash.signatures(all_shingles), all_shingles.starts, all_shingles.stops, strict=True):
        assert (row == datasketch_of(hashes[start:stop])).all()


@given(TEXTS)
def test_a_signature_does_not_depend_on_the_texts_around_it(texts: list[str]) -> None:
    signatures_of_all = minhash.signatures(shingles.shingle_texts(texts))
    for text, row in zip(texts, signatures_of_all, strict=True):
        assert (minhash.signatures(shingles.shingle_texts([text]))[0] == row).all()


@pytest.mark.slow
def test_a_text_longer_than_a_batch_has_the_signature_of_all_its_shingles() -> None:
    text = prose("long", 3 * minhash.BATCH_SHINGLES)
    all_shingles = shingles.shingle_texts(["前", text, "后"])
    inner_hashes = minhash.hash32(all_shingles.hashes[all_shingles.starts[1] : all_shingles.stops[1]])
    assert (minhash.signatures(all_shingles)[1] == datasketch_of(np.unique(inner_hashes))).all()


def test_numba_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the [fast] extra is not installed")
    all_shingles = shingles.shingle_texts(
        [prose(i, 300) for i in range(20)] + ["", "短", prose("long", 2 * minhash.BATCH_SHINGLES)]
    )
    plain = minhash.signatures(all_shingles)
    keys = [lsh.band_keys(plain, count, rows) for count, rows in ((16, 8), (5, 20))]
    monkeypatch.setattr(_kernels, "active", None)
    assert _kernels.load()
    assert (minhash.signatures(all_shingles) == plain).all()
    assert all(
        (lsh.band_keys(plain, len(band_keys), rows) == band_keys).all()
        for band_keys, rows in zip(keys, (8, 20), strict=True)
    )


@pytest.mark.parametrize("permutations", [16, 100, 256])
def test_any_number_of_permutations_agrees_with_datasketch(permutations: int) -> None:
    all_shingles = shingles.shingle_texts([prose(1)])
    assert (
        minhash.signatures(all_shingles, permutations)[0]
        == datasketch_of(minhash.hash32(all_shingles.hashes), permutations)
    ).all()


def test_a_datasketch_index_takes_our_signatures() -> None:
    text = prose(1, 600)
    first, copy, other = minhash.signatures(
        shingles.shingle_texts([text, replace_characters(text, 1, 0.005), prose(2, 600)])
    )
    index = MinHashLSH(num_perm=128, params=(16, 8))
    index.insert("first", LeanMinHash(seed=1, hashvalues=first, scheme="affine32"))
    assert index.query(LeanMinHash(seed=1, hashvalues=copy, scheme="affine32")) == ["first"]
    assert index.query(LeanMinHash(seed=1, hashvalues=other, scheme="affine32")) == []


def test_unlike_texts_have_unlike_signatures() -> None:
    signatures = minhash.signatures(shingles.shingle_texts([prose(i, 500) for i in range(40)]))
    alike = (signatures[:, None, :] == signatures[None, :, :]).mean(axis=2)
    assert alike[~np.eye(len(signatures), dtype=bool)].max() < 0.06


def test_the_estimate_follows_the_similarity() -> None:
    text = prose(5, 2000)
    for rate in (0.01, 0.03, 0.08):
        both = shingles.shingle_texts([text, replace_characters(text, rate, rate)])
        left, right = both.distinct_hashes(0), both.distinct_hashes(1)
        true = len(np.intersect1d(left, right)) / len(np.union1d(left, right))
        signatures = minhash.signatures(both, 512)
        assert abs((signatures[0] == signatures[1]).mean() - true) < 0.09


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("天地玄黄，宇宙洪荒。", "天地 玄黄，\n宇宙　洪荒。"),
        ("ＡＢＣ１２３天地玄黄", "abc123天地玄黄"),
        ("天地\u200b玄黄宇宙\ufeff", "天地玄黄宇宙"),
        ("天\x00地玄黄宇", "天地玄黄宇"),
    ],
)
def test_space_width_case_and_invisible_characters_do_not_count(left: str, right: str) -> None:
    ranges = shingles.shingle_texts([left, right])
    assert ranges.distinct_hashes(0).tolist() == ranges.distinct_hashes(1).tolist()
    assert len(ranges.distinct_hashes(0))


@pytest.mark.parametrize(
    ("left", "right"),
    [("天地玄黄，宇", "天地玄黄。宇"), ("发展天地玄", "發展天地玄"), ("天地", "地天"), ("天", "天天")],
)
def test_punctuation_script_and_order_do_count(left: str, right: str) -> None:
    ranges = shingles.shingle_texts([left, right])
    assert ranges.distinct_hashes(0).tolist() != ranges.distinct_hashes(1).tolist()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 13])
def test_a_text_has_as_many_shingles_as_different_grams(size: int) -> None:
    text = "天地玄黄宇宙洪荒" * 3 + "日月盈昃"
    grams = {text[i : i + size] for i in range(len(text) - size + 1)}
    assert len(shingles.shingle_texts([text], size).distinct_hashes(0)) == len(grams)


def test_texts_without_ink_have_no_shingles() -> None:
    ranges = shingles.shingle_texts(["", " \n　", "一"])
    assert [len(ranges.distinct_hashes(i)) for i in range(3)] == [0, 0, 1]
    assert (minhash.signatures(ranges)[0] == minhash.EMPTY).all()


def test_the_default_scheme_is_sixteen_bands_of_eight_rows() -> None:
    scheme = lsh.choose_scheme(0.8)
    assert (scheme.bands, scheme.rows) == (16, 8)


@given(st.floats(0.05, 1), st.integers(2, 256))
def test_a_scheme_fits_its_permutations_and_finds_its_threshold(threshold: float, permutations: int) -> None:
    scheme = lsh.choose_scheme(threshold, permutations=permutations)
    assert scheme.bands * scheme.rows <= permutations
    assert scheme.rows == 1 or lsh.collision_probability(threshold, scheme.bands, scheme.rows) >= lsh.MIN_RECALL


def test_the_chance_grows_from_nothing_to_certainty() -> None:
    curve = [lsh.collision_probability(i / 20, 16, 8) for i in range(21)]
    assert curve[0] == 0
    assert curve[-1] == 1
    assert curve == sorted(curve)


@pytest.mark.slow
@given(st.lists(st.text(alphabet="天地玄黄宇宙", max_size=60), min_size=2, max_size=6), st.integers(1, 6))
def test_numba_compares_shingle_sets_alike(texts: list[str], size: int) -> None:
    pytest.importorskip("numba", reason="the [fast] extra is not installed")
    left, right = np.divmod(np.arange(len(texts) ** 2), len(texts))
    plain = jaccard.compare_texts(texts, left, right, size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_kernels, "active", None)
        assert _kernels.load()
        quick = jaccard.compare_texts(texts, left, right, size)
    assert all((a == b).all() for a, b in zip(plain, quick, strict=True))


def test_numba_normalizes_every_character_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the [fast] extra is not installed")
    every = "".join(map(chr, range(0x110000)))
    plain = shingles.shingle_texts([every]).hashes
    monkeypatch.setattr(_kernels, "active", None)
    assert _kernels.load()
    assert (shingles.shingle_texts([every]).hashes == plain).all()
