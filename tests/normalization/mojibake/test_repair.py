"""Mojibake is undone where the bytes are certain, and left alone everywhere else."""

from __future__ import annotations

import html.entities
import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import ftfy
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.model import Span
from cleaner.normalization.lost_bytes import flag_lost_bytes
from cleaner.normalization.mojibake import prefilter
from cleaner.normalization.mojibake import repair as module
from cleaner.normalization.mojibake.repair import repair
from helpers.paths import SHARED

CASES = SHARED / "cases" / "encoding_cases.json"
DICTIONARIES = Path(opencc.__file__).parent / "dictionary"
SENTENCE = "昨天下午，我们在城东的旧书店里翻到一本县志，店主便宜卖给了我们，真好"
COMPLEX = "昨天下午，我們在城東的舊書店裡翻到一本縣誌，店主便宜賣給了我們，真好"


def as_gbk(text: str) -> str:
    """UTF-8 read as Windows reads GBK: 0x80 is the euro, what cannot be read is U+FFFD."""
    data, read, at = text.encode(), "", 0
    while at < len(data):
        width = 1 if data[at] <= 0x80 else 2
        pair = data[at : at + width]
        char = "€" if pair == b"\x80" else pair.decode("gb18030", "replace")
        width = width if len(char) == 1 and char != "\ufffd" else 1
        read, at = read + char[0], at + width
    return read


def as_cp1252(data: bytes) -> str:
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def as_latin(data: bytes) -> str:
    return data.decode("latin-1")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (SENTENCE, as_gbk(SENTENCE)),
        (COMPLEX, as_gbk(COMPLEX)),
        ("钢铁厂的工人", "閽㈤搧鍘傜殑宸ヤ汉"),
        ("一个人", as_gbk("一个人")),
        (SENTENCE, as_latin(SENTENCE.encode())),
        (SENTENCE, as_cp1252(SENTENCE.encode())),
        (SENTENCE, as_latin(SENTENCE.encode("gbk"))),
        (SENTENCE, as_cp1252(SENTENCE.encode("gbk"))),
        (COMPLEX, as_latin(COMPLEX.encode("big5"))),
        (COMPLEX, as_cp1252(COMPLEX.encode("big5"))),
        (SENTENCE, as_latin(as_latin(SENTENCE.encode("gbk")).encode())),
        (SENTENCE, as_latin(as_latin(SENTENCE.encode()).encode())),
        (SENTENCE, as_gbk(as_latin(SENTENCE.encode()))),
        ("站工文铁", as_gbk(as_gbk("站工文铁"))),
        ("你好", "ä½ å¥½"),
    ],
)
@pytest.mark.parametrize("around", ["%s", "%s\n%s\n", "正文里的一段：%s 还有后文", "2023 %s"])
def test_mojibake_is_undone(good: str, bad: str, around: str) -> None:
    count = around.count("%s")
    assert repair(around % ((bad,) * count)) == around % ((good,) * count)


@pytest.mark.parametrize(
    ("bad", "rest"),
    [
        ("鎴戜滑鐨\ufffd", "我们\ufffd"),
        ("鎴戜滑鐨", "我们\ufffd"),
        ("锘挎爣棰", "标\ufffd"),
        ("鎴戜滑鐨\ufffd 鎴戜滑鐨\ufffd", "我们\ufffd 我们\ufffd"),
        ("鎴戜滑鐨\ufffd, ok", "我们\ufffd, ok"),
    ],
)
def test_lost_bytes_leave_a_mark_and_no_guess(bad: str, rest: str) -> None:
    assert repair(bad) == rest


@pytest.mark.parametrize(
    "text",
    [
        "文章来源：锟斤拷锟斤拷网",
        "烫烫烫烫烫烫",
        "屯屯屯",
        "中国\ufffd\ufffd日报",
        "联通联通",
        "淼焱垚喆翀甯曌",
        "张××说，××××年的事",
        "他说：“‘好’字”……——",
        "café, naïve, Ångström, ÄÖÜ äöü ß, ÅÄÖ",
        "·§±×°±±°·",
        "文 – “引” © 2023 ® 版权所有 «»",
        "楼层 录插 煤电 没没 猫猫 漏楼",
        "ひらがなとカタカナ、漢字も",
        "한국어 문장입니다",
        "\ud83d lone surrogate 鎴",
    ],
)
def test_innocent_text_stays_as_it_is(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize("text", ["cafÃ© crÃ¨me", "â€œquotedâ€\x9d", "l’Ã©tÃ©"])
def test_mojibake_that_ftfy_repairs_is_not_touched(text: str) -> None:
    assert repair(text) == text
    assert ftfy.fix_text(text) != text


def test_readings_across_big5_and_gbk_are_undone_on_request_only() -> None:
    crossed = COMPLEX.encode("big5").decode("gb18030")
    assert repair(crossed) == crossed
    assert repair(crossed, cross=True) == COMPLEX


@pytest.mark.parametrize(
    ("text", "rule", "span"),
    [
        ("中国\ufffd\ufffd日报", "repair/replaced", Span(2, 4)),
        ("来源：锟斤拷锟斤拷网", "repair/replaced-as-gbk", Span(3, 9)),
        ("值是烫烫烫烫。", "repair/unset-memory", Span(2, 6)),
        ("屯屯屯", "repair/unset-memory", Span(0, 3)),
        ("aï¿½b", "repair/replaced", Span(1, 4)),
    ],
)
def test_lost_bytes_are_flagged_with_their_place(text: str, rule: str, span: Span) -> None:
    assert [(flag.rule, flag.span) for flag in flag_lost_bytes(text)] == [(rule, span)]


@pytest.mark.parametrize("text", [SENTENCE, "水很烫，烫烫的", "屯门", "plain"])
def test_good_text_has_no_flags(text: str) -> None:
    assert flag_lost_bytes(text) == []


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")
def test_every_shared_case_is_repaired() -> None:
    for case in json.loads(CASES.read_text("utf-8")):
        if case["kind"] in ("repair", "repair_lossy", "detect"):
            assert repair(case["input"], cross=case["id"] == "big5_as_gbk") == case["expected"], case["id"]
        elif case["kind"] == "keep":
            assert repair(case["input"]) == case["input"], case["id"]


FRAGMENTS = st.sampled_from(
    [
        SENTENCE,
        as_gbk("我们的"),
        as_gbk(SENTENCE),
        as_latin("北京".encode("gbk")),
        "\n",
        " ",
        "café",
        "鐨",
        "€",
        "Ã©",
        "\ufffd",
    ]
)


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=5))).map("".join), st.booleans())
def test_repairing_twice_changes_nothing_more(text: str, cross: bool) -> None:
    once = repair(text, cross=cross)
    assert repair(once, cross=cross) == once


@given(st.lists(st.sampled_from("鎴戜滑鐨涓€浗€鏂囷綖寮犱笁銆傦紝"), max_size=30).map("".join))
def test_repairing_any_string_of_mojibake_twice_changes_nothing_more(text: str) -> None:
    assert repair(repair(text)) == repair(text)


def _entries(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (DICTIONARIES / name).read_text("utf-8").splitlines():
        key, _, values = line.partition("\t")
        yield key, values.split()


def innocent(draw: random.Random) -> Iterator[str]:
    """Lines of good text, some 140,000: phrases, classical sayings, rare characters, kana, Hangul, accents, marks."""
    simplified = [key for key, _ in _entries("STPhrases.txt")]
    traditional = [key for key, _ in _entries("TSPhrases.txt")] + [new[0] for _, new in _entries("STPhrases.txt")]
    variants = [key for name in ("TSCharacters.txt", "STCharacters.txt") for key, _ in _entries(name)]
    kanji = [char for key, new in _entries("JPVariants.txt") for char in (key, new[0])]
    kana = [*map(chr, range(0x3041, 0x3094)), *map(chr, range(0x30A1, 0x30FB))]
    hangul = [chr(code) for code in range(0xAC00, 0xD7A4)]
    han = [chr(code) for code in range(0x4E00, 0x9FA6)]
    accents = [c for c in html.entities.html5.values() if len(c) == 1 and 0xC0 <= ord(c) < 0x180 and c.isalpha()]
    marks, plain = "·×°±§©®«»—…“”‘’", "etaoinshrdlucmfwypvbgkqjxz"

    def word(pool: list[str] | str, other: list[str] | str, share: float) -> str:
        return "".join(draw.choice(other if draw.random() < share else pool) for _ in range(draw.randint(2, 9)))

    yield from simplified
    yield from draw.sample(traditional, 30_000)
    for _ in range(8_000):
        yield "，".join(draw.sample(simplified, 5)) + "。"
        yield "".join(draw.sample(traditional, 4))
        yield "".join(draw.choices(han, k=draw.randint(3, 14)))
        yield "".join(draw.choices(variants, k=draw.randint(3, 14)))
        yield word(kana, kanji, 0.4) + word(kana, kanji, 0.4)
        yield " ".join(word(hangul, hangul, 0) for _ in range(6))
        yield " ".join(word(plain, accents, draw.choice((0.1, 0.8))) for _ in range(draw.randint(1, 6)))
        yield draw.choice(simplified) + word(marks, plain, 0.2) + draw.choice(traditional)
        yield draw.choice(simplified) + word(plain, accents, 0.3) + draw.choice(marks) * draw.randint(1, 6)


def test_no_innocent_line_is_repaired() -> None:
    lines = list(islice(innocent(random.Random(11)), 0, None, 20))
    assert len(lines) > 6_000
    assert [line for line in lines if repair(line) != line] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_no_innocent_line_of_all_is_repaired(seed: int) -> None:
    lines = list(innocent(random.Random(seed)))
    assert len(lines) > 140_000
    assert [line for line in lines if repair(line) != line] == []


@given(
    st.lists(
        st.sampled_from(["鎴戜滑", "我们", "ÎÒÃÇ", "æˆ‘", "中文", "é", "“", "锟斤拷", "\U00020000", "abc", "\n"])
    ).map("".join)
)
def test_the_prefilter_misses_no_mojibake_that_repair_would_undo(text: str) -> None:
    assert prefilter.may_hold(text) or module._undo_layer(text, False) == text


def test_gbk_read_as_the_code_page_of_central_europe_is_repaired() -> None:
    text = "通用软件下载页面说明文字"
    assert repair(text.encode("gbk").decode("cp1250")) == text


@pytest.mark.parametrize(
    "line", ["Příliš žluťoučký kůň úpěl ďábelské ódy", "Zażółć gęślą jaźń", "Árvíztűrő tükörfúrógép"]
)
def test_central_european_texts_stay(line: str) -> None:
    assert repair(line) == line
