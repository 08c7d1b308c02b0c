from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.classes import LATIN
from cleaner.features.line_view import view_lines
from cleaner.text import lines

LINES = st.sampled_from(
    ["", "　　", "首页|新闻|图片|视频|论坛", "1、山里的茶要到清明以后才采", "回复", "abc123天天乐国"]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=12).map("\n".join)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_previous_and_copies_follow_equal_lines(texts: list[str]) -> None:
    block = lines.join(texts)
    view = view_lines(block)
    seen: dict[tuple[int, str], int] = {}
    for line, document in enumerate(block.documents.tolist()):
        key = (document, view.text(line))
        assert view.previous_copy[line] == seen.get(key, -1)
        seen[key] = line
    keys = [(document, view.text(line)) for line, document in enumerate(block.documents.tolist())]
    assert view.copies.tolist() == [keys.count(key) for key in keys]


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_counts_are_those_of_the_characters(texts: list[str]) -> None:
    block = lines.join(texts)
    view = view_lines(block)
    for line in range(len(block.starts)):
        assert view.digits[line] == sum("0" <= c <= "9" for c in view.text(line))
        assert view.spaces[line] == sum(c in " \t\u2002\u2003" for c in view.text(line))
        assert view.characters.count_bits(LATIN)[line] == sum("a" <= c <= "z" for c in view.text(line))
