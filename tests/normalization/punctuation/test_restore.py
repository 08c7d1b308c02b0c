from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import UsageError
from cleaner.normalization.punctuation import restore
from cleaner.options import Punctuation
from helpers.paths import ROOT

FLATTEN = str.maketrans("，；：？！（）", ",;:?!()")
TEXT = (ROOT / "tests" / "data" / "punctuated.txt").read_text("utf-8")
DOCUMENTS = dict(zip(*[iter(re.split(r"^=== (\w+)\n", TEXT, flags=re.MULTILINE)[1:])] * 2, strict=True))

STAYS = [
    "",
    "Hello, world! (Really?) Yes: it is; 12:30, 1,000.",
    'print("你好,世界!")',
    "价格为1,000元；时间是9:30。",
    "全文标点都对，只有这里,漏了一个；其他没有问题，对吗？",
    "http://example.com/?q=中文,词&x=1;y=2",
    "名单:张三 李四",
    "(一)总则",
]


@pytest.mark.parametrize("text", STAYS)
def test_text_that_is_not_flattened_stays_as_it_is(text: str) -> None:
    assert restore.restore(text) == text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_well_punctuated_documents_stay_as_they_are(name: str) -> None:
    assert restore.restore(DOCUMENTS[name]) == DOCUMENTS[name]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_flattened_documents_are_recognized(name: str) -> None:
    flat = DOCUMENTS[name].translate(FLATTEN)
    assert restore.restore(flat) != flat


def test_flattened_marks_come_back_and_others_stay() -> None:
    right = wrong = missed = 0
    mistakes = []
    for name, text in DOCUMENTS.items():
        flat = text.translate(FLATTEN)
        for index, (original, before, after) in enumerate(zip(text, flat, restore.restore(flat), strict=True)):
            right += after != before and after == original
            wrong += after != before and after != original
            missed += after == before and after != original
            if after != original:
                mistakes.append((name, text[max(index - 8, 0) : index + 8]))
    assert right / (right + wrong) >= 0.995, mistakes
    assert right / (right + missed) >= 0.97, mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好,世界!今天天气好.", "你好，世界！今天天气好。"),
        ("一.总则\n先说目的,再说范围.", "一.总则\n先说目的，再说范围。"),
        ("他来了,等等...", "他来了，等等..."),
        ("版本3.5发布了,很好。见v1.0.", "版本3.5发布了，很好。见v1.0."),
        ("真的吗??当然!!", "真的吗？？当然！！"),
        ("好的:) 明白了,谢谢;)", "好的:) 明白了，谢谢;)"),
        ("他说,f(x)和g(x,y)都行(对吗)", "他说，f(x)和g(x,y)都行（对吗）"),
        ("他说,好\n# 注释,保留\nx = 1\n", "他说，好\n# 注释,保留\nx = 1\n"),
    ],
)
def test_marks_in_chinese_context_become_wide(text: str, expected: str) -> None:
    assert restore.restore(text) == expected


def test_each_mode_widens_or_narrows_as_its_name_says() -> None:
    mixed = "对的，没错,是吗？是，好"
    assert restore.restore(mixed) == mixed
    assert restore.restore(mixed, "keep") == mixed
    assert restore.restore(mixed, "cjk") == "对的，没错，是吗？是，好"
    assert restore.restore("“你好”，《书》（一）：……", "ascii") == '"你好","书"(一):......'
    with pytest.raises(UsageError, match="use auto, keep, cjk or ascii"):
        restore.restore(mixed, "wide")  # type: ignore[arg-type]


NASTY = st.lists(
    st.sampled_from(
        [
            *"中文字abc1 ,;:?!().，；：？！（）。、“”\"')\n`#=<>/_[]{}@~*-…",
            *(
                "http://a.b/",
                "f(x)",
                "(中)",
                "a(b)",
                "\n```\n",
                "int x;",
                "print(",
                "www.",
                "# 注",
                "(WHO)",
                "中.\n",
                "一.",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(NASTY, st.sampled_from(["auto", "keep", "cjk", "ascii"]))
def test_restoring_twice_changes_nothing_more(text: str, mode: Punctuation) -> None:
    once = restore.restore(text, mode)
    assert restore.restore(once, mode) == once
    assert once.count("\n") == text.count("\n")


@given(st.lists(NASTY, max_size=4), st.sampled_from(["auto", "keep", "cjk", "ascii"]))
def test_texts_are_restored_together_as_each_is_alone(texts: list[str], mode: Punctuation) -> None:
    assert restore.restore_batch(texts, mode) == [restore.restore(text, mode) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\n中,文\n```\n中,文", "```\n中,文\n```\n中，文"),
        ("中,文\n~~~\n中,文", "中，文\n~~~\n中,文"),
        ("x = 1;\n# 中,文", "x = 1;\n# 中,文"),
        ("好\n# 中,文", "好\n# 中，文"),
        ("见www.a.com/?q=中,文&x=1 中,好", "见www.a.com/?q=中,文&x=1 中，好"),
        ("他说Hello world,中文 is,not 中,文", "他说Hello world,中文 is,not 中，文"),
        ("真的吗?!好", "真的吗？！好"),
        ("q?=中 中?=1 中!?=1", "q?=中 中?=1 中！?=1"),
        ("(中(a)文)(一(b(二)", "（中（a）文）(一(b（二）"),
        ("一.总则.\n中文.", "一.总则。\n中文。"),
        ("\U00020000,\U0003134f,\U00031350,x", "\U00020000，\U0003134f，\U00031350,x"),
    ],
)
def test_marks_are_recognized_by_the_characters_around_them(text: str, expected: str) -> None:
    assert restore.restore(text, "cjk") == expected
    assert restore.restore_batch(["中,", text, "# 文,"], "cjk") == ["中，", expected, "# 文，"]


@pytest.mark.parametrize(
    "fragment",
    ["(", ")", "中(", "中,", "a(", "a(中", "<a", "http://", "!", "中!", "`", "a@", "a.", "x=", "f() ", " ", "; "],
)
def test_long_runs_take_linear_time(fragment: str) -> None:
    begin = time.process_time()
    restore.restore(f"中,文{fragment * 50_000}\n{fragment * 50_000} 中,x\nf(){fragment * 50_000}x")
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    "text",
    [
        "한국(韓國)은 아시아(亞洲)에 있다, 日本도 그렇다.",
        "東京(日本)に行きました,楽しかったです。",
        "株式会社(東京)\n来週の会議は東京本社で行います,全員参加です。",
    ],
)
def test_japanese_and_korean_keep_their_brackets_and_commas(text: str) -> None:
    assert restore.restore(text, "cjk") == restore.restore(text, "auto") == text


def test_a_foreign_line_in_a_chinese_text_keeps_its_marks() -> None:
    text = "他说,这里很好,于是走了。\n한국(韓國) 경제,文化\n后来呢?没有了(一次)。"
    assert restore.restore(text, "cjk") == "他说，这里很好，于是走了。\n한국(韓國) 경제,文化\n后来呢？没有了（一次）。"
