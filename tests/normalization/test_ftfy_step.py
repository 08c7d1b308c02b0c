from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from random import Random

import ftfy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.normalization import ftfy_classes, ftfy_step
from helpers.ftfy_reference import CONFIG, FRAGMENTS, fix_by_line, join_surrogates, random_text
from helpers.paths import ROOT

STAYS = [
    "",
    "普通的中文，标点全角！（括号）：“引号”‘单’……——《书》",
    "Ｗｉｎｄｏｗｓ　１１",
    "①㎡½×é café 3 × 4 ≠ 5",
    "AT&T 与 R&D，a&b;c，?a=1&b=2",
    "葛\U000e0100飾 👩\u200d💻",
]

CHANGES = [
    ("&#20013;&#25991;", "中文"),
    ("A&amp;B&nbsp;公司&ldquo;中文&rdquo;", "A&B\xa0公司“中文”"),
    ("schÃ¶n", "schön"),
    ("ä¸\xadæ–‡", "中文"),
    ("cafe\u0301中文", "café中文"),
    ("\ufeff中文\x00", "中文"),
    ("\x1b[31m红\x1b[0m", "红"),
    ("eﬃcient", "efficient"),
    ("\ud83d\ude00中文", "😀中文"),
    ("a\r\nb\u2028c", "a\nb\nc"),
    ("\uf90a", "金"),
]


@pytest.mark.parametrize("text", STAYS)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert ftfy_step.fix(text) == text


@pytest.mark.parametrize(("text", "fixed"), CHANGES)
def test_repairs_of_ftfy_are_made(text: str, fixed: str) -> None:
    assert ftfy_step.fix(text) == fixed
    assert ftfy.fix_text(join_surrogates(text), CONFIG) == fixed


@pytest.mark.parametrize("text", ["河水\ud83d", "\udc00", "a\ude00\ud83d"])
def test_a_half_surrogate_stays(text: str) -> None:
    assert ftfy_step.fix(text) == text


def test_random_strings_are_fixed_as_by_ftfy() -> None:
    source = Random(7)
    for text in (random_text(source) for _ in range(4000)):
        assert ftfy_step.fix(text) == fix_by_line(text), ascii(text)


@pytest.mark.slow
def test_a_hundred_thousand_random_lines_are_fixed_as_by_ftfy() -> None:
    source = Random(1)
    texts = [random_text(source) for _ in range(100_000)]
    assert [text for text in texts if ftfy_step.fix(text) != fix_by_line(text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda path: path.name)
def test_seeds_are_fixed_as_by_ftfy(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ftfy_step.fix(text) == fix_by_line(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_fixing_twice_changes_nothing_more(text: str) -> None:
    once = ftfy_step.fix(text)
    assert ftfy_step.fix(once) == once


@given(st.text())
@settings(max_examples=200)
def test_any_text_is_fixed_as_by_ftfy(text: str) -> None:
    assert ftfy_step.fix(text) == fix_by_line(text)


def test_a_less_than_sign_switches_entities_off_in_its_own_line_only() -> None:
    text = "若 a < b &amp; c\n则 &ldquo;d&rdquo;\n"
    assert ftfy_step.fix(text) == "若 a < b &amp; c\n则 “d”\n"
    assert ftfy.fix_text(text, CONFIG) == text, "ftfy has mended its defect: `fix_by_line` can be one call"


def test_options_of_the_encoding_step_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "schÃ¶n 中文"
    assert ftfy_step.fix(text) == "schön 中文"
    monkeypatch.setitem(ftfy_step.OPTIONS, "decode_inconsistent_utf8", False)
    ftfy_step._config.cache_clear()
    try:
        assert ftfy_step.fix(text) == text
        forgetful = CONFIG._replace(decode_inconsistent_utf8=False)
        assert ftfy.fix_text(text, forgetful) != text, "ftfy has mended its defect: `explain` is no longer needed"
    finally:
        ftfy_step._config.cache_clear()


def test_lines_longer_than_ftfy_reads_at_once_are_cut_as_it_cuts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ftfy_step.OPTIONS, "max_decode_length", 5)
    ftfy_step._config.cache_clear()
    config, source = CONFIG._replace(max_decode_length=5), Random(3)
    try:
        for text in (random_text(source).replace("<", "").replace("&lt;", "") for _ in range(500)):
            expected = text
            while (better := ftfy.fix_text(expected, config)) != expected:
                expected = better
            assert ftfy_step.fix(text) == expected, ascii(text)
    finally:
        ftfy_step._config.cache_clear()


def test_a_long_chain_of_ampersands_takes_one_round() -> None:
    assert ftfy_step.fix("&" + "amp;" * 100_000 + "lt;") == "<"


def test_shipped_classes_are_those_of_the_installed_ftfy() -> None:
    shipped, derived = ftfy_classes.load(), ftfy_classes.derive()
    assert shipped.clues == derived.clues
    # under a later Unicode more characters are assigned, so the derived class can only have grown
    assert shipped.safe == derived.safe or _members(shipped.safe) <= _members(derived.safe)


@pytest.mark.slow
def test_other_versions_of_ftfy_are_derived_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ftfy_classes.derive()
    monkeypatch.setattr(metadata, "version", lambda name: "0.0.0")
    assert ftfy_classes.load() == expected


@pytest.mark.slow
def test_single_safe_characters_are_fixed_points_of_ftfy() -> None:
    source = Random(5)
    for char in source.sample(sorted(_members(ftfy_classes.load().safe)), 1000):
        text = f"é{char}{char}Â {char}中"
        assert ftfy.fix_text(char, CONFIG) == char
        if not ftfy.is_bad(text):
            assert ftfy.fix_text(text, CONFIG) == text


def _members(body: str) -> set[str]:
    return set(re.findall(f"[{body}]", "".join(map(chr, range(0x110000)))))
