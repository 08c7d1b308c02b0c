import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import UsageError
from cleaner.normalization.script import convert as conversion
from cleaner.normalization.script import gate, layer, opencc_tables, overlay, phrases, targets
from cleaner.normalization.script.folding import fold
from helpers.paths import ROOT

CONFIGS = ("t2s", "tw2s", "tw2sp", "hk2s", "s2t", "s2tw", "s2twp", "s2hk", "t2tw", "t2hk")
PLAIN = "的一是不了在人有我他这們中来上大為和国地到以说時要就出会可也你對生能而子abc 12\0\ud800é😀가ア哈"
SEPARATORS = " \n\t-,.?!*　，。、；：？！…“”「」—（）《》～．/]【】"

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=120)
reference = cache(opencc.OpenCC)


def mixtures(config: str, count: int, seed: int) -> Iterator[str]:
    """Make texts of dictionary keys, values and parts of them, separators and plain characters."""
    pick = random.Random(seed)
    pools = []
    for names in opencc_tables.chain(config):
        for name in names:
            entries = opencc_tables.values(name)
            pools += [list(entries), [key for key in entries if len(key) > 1] or list(entries)]
            pools += [[values[0] for values in entries.values()]]

    def fragment() -> str:
        key = pick.choice(pick.choice(pools))
        start = pick.randrange(len(key))
        kind = pick.choices(("key", "part", "repeat", "plain", "separator"), (45, 30, 5, 12, 8))[0]
        fragments = {"key": key, "part": key[start : start + pick.randint(1, 4)], "repeat": key[0] * pick.randint(1, 5)}
        return fragments.get(kind) or pick.choice(PLAIN if kind == "plain" else SEPARATORS)

    for _ in range(count):
        yield "".join(fragment() for _ in range(pick.choice((1, 2, 3, 5, 8, 13, 40, 100))))


@given(ANY_TEXT)
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(fold(character) for character in text)


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_both_scripts_and_both_widths_fold_to_one_text() -> None:
    for padding in ("", "。" * 60):
        assert fold("相關閱讀：ＩＣＰ備　Ａ\u00a0" + padding) == "相关阅读:icp备 a " + padding


def test_folding_keeps_a_final_nul_and_lone_surrogates() -> None:
    for text in ("國\0\0", "國\ud800\udc00", "國" * 90 + "\0", "國" * 90 + "\ud800\udc00"):
        assert fold(text) == text.replace("國", "国")


@pytest.mark.parametrize("config", CONFIGS)
def test_conversion_is_identical_to_the_library(config: str) -> None:
    convert = reference(config).convert
    for text in mixtures(config, 150, seed=1):
        assert conversion.convert(text, config) == convert(text)


@pytest.mark.parametrize("config", CONFIGS)
def test_dictionaries_and_arrays_convert_alike(config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for text in mixtures(config, 150, seed=2) if text]
    monkeypatch.setattr(phrases, "SHORT", 0)
    by_arrays = [conversion.convert(text, config) for text in texts]
    monkeypatch.setattr(phrases, "SHORT", 1_000_000)
    assert [conversion.convert(text, config) for text in texts] == by_arrays


@given(ANY_TEXT, st.sampled_from(CONFIGS))
def test_any_string_converts_as_by_the_library(text: str, config: str) -> None:
    assert conversion.convert(text, config) == reference(config).convert(text)


@pytest.mark.parametrize("key", ["乔治．布希", "曼苏尔．达杜拉"])
def test_a_key_with_a_separator_never_matches(key: str) -> None:
    assert conversion.convert(key * 30, "s2t") == reference("s2t").convert(key * 30)


def test_a_chain_of_overlapping_phrases_of_any_length_converts() -> None:
    text = "发发发发后后里里" * 5_000
    assert conversion.convert(text, "s2t") == conversion.convert(text[:8], "s2t") * 5_000


def test_an_unknown_configuration_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no OpenCC configuration 's2x': use one of hk2s, .*tw2sp"):
        conversion.convert("國", "s2x")


@pytest.mark.parametrize("mend", overlay.load().mend, ids=lambda mend: mend.id)
def test_a_mend_corrects_an_error_of_the_library(mend: overlay.Amendment) -> None:
    for case in mend.cases:
        assert conversion.convert(case.text, case.config, overlay=True) == case.result
    assert any(conversion.convert(case.text, case.config) != case.result for case in mend.cases)


def test_a_mend_names_its_reason_and_dictionaries_that_exist() -> None:
    names = {name for config in CONFIGS for stage in layer.chain(config) for name in stage}
    for mend in overlay.load().mend:
        assert mend.why
        assert set(mend.dictionaries) <= names
        assert len(set(mend.words)) == len(mend.words)
        assert all(mend.character in word for word in mend.words)


def test_mends_do_not_contradict_each_other() -> None:
    seen: dict[tuple[str, str], str] = {}
    for mend in overlay.load().mend:
        for name in mend.dictionaries:
            for key in (*mend.pairs, *mend.words):
                assert seen.setdefault((name, key), mend.id) == mend.id


CONTESTED = [
    tuple(line.split("\t"))
    for line in (ROOT / "tests" / "data" / "contested.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_contested_words_are_right_both_ways() -> None:
    assert len(CONTESTED) >= 200
    right = sum(conversion.convert(text, "s2tw", overlay=True) == taiwan for text, taiwan in CONTESTED)
    right += sum(conversion.convert(taiwan, "any2s", overlay=True) == text for text, taiwan in CONTESTED)
    assert right >= 0.97 * 2 * len(CONTESTED)


PARALLEL = Path("/work/shared/cases/script_parallel.tsv")


@pytest.mark.skipif(not PARALLEL.is_file(), reason="the sentences of people are not here")
def test_sentences_of_people_are_converted_as_people_did() -> None:
    marks = str.maketrans("「」『』“”‘’", '"' * 8)
    pairs = [line.split("\t") for line in PARALLEL.read_text("utf-8").splitlines() if not line.startswith("#")]

    def agreement(source: int, target: str) -> float:
        results = ((gate.to_script(pair[source], target), pair[1 - source]) for pair in pairs)
        return sum(result.translate(marks) == wanted.translate(marks) for result, wanted in results) / len(pairs)

    assert agreement(0, "simplified") >= 0.992
    assert agreement(1, "tw") >= 0.9
    for target in targets.TARGETS:
        column = 1 if target.startswith("simplified") else 0
        assert all(gate.to_script(pair[column], target) == pair[column] for pair in pairs)


LAYERED = [
    ("s2t", "飞机被发明，展示了如何飞", "飛機被發明，展示了如何飛"),
    ("s2tw", "他走了两万里", "他走了兩萬里"),
    ("s2twp", "软件工程师用鼠标", "軟體工程師用滑鼠"),
    ("s2hk", "卫生署的线", "衞生署的線"),
    ("s2hkp", "宽带和光标", "寬頻和游標"),
    ("tw2sp", "滑鼠和軟體", "鼠标和软件"),
    ("t2s", "金\uf90a", "金金"),
]


@pytest.mark.parametrize(("config", "text", "result"), LAYERED)
def test_dictionaries_of_today_convert_every_direction(config: str, text: str, result: str) -> None:
    assert conversion.convert(text, config, overlay=True) == result


def test_the_layer_holds_only_what_differs_from_the_library() -> None:
    for config in CONFIGS:
        for name in (name for stage in layer.chain(config) for name in stage):
            difference = layer.difference(name)
            is_installed = (opencc_tables.package() / "dictionary" / f"{name}.txt").is_file()
            installed = opencc_tables.dictionary(f"{name}.txt") if is_installed else {}
            assert set(difference.removed) <= installed.keys()
            assert not difference.entries.items() & installed.items()


def test_the_words_that_decide_are_told() -> None:
    words = conversion.find_words("皇后在后面，头发发白", "s2tw", overlay=True)
    assert words == [("皇后", "皇后"), ("头发", "頭髮")]
    assert conversion.find_words("软件", "s2twp", overlay=True) == [("軟件", "軟體")]


def test_an_islands_memory_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = list(mixtures("s2twp", 100, seed=3))
    expected = [conversion.convert(text, "s2twp", overlay=True) for text in texts]
    monkeypatch.setattr(phrases, "MEMORY", 1)
    assert [conversion.convert(text, "s2twp", overlay=True) for text in texts] == expected


def test_simplified_text_stays_as_it_is_under_the_overlay() -> None:
    for text in ("他说什么都不如看着窗外，头发后面干净。", "显著的成绩，狼藉的杯盘，慰藉与凭借。", "沈阳、乾隆、魏徵"):
        assert conversion.convert(text, "t2s", overlay=True) == text
