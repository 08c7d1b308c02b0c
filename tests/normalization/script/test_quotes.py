import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.errors import UsageError
from cleaner.normalization.script.quotes import convert_quotes

CASES = [
    ("他说：“这是‘好’书，”然后走了。", "corner", "他说：「这是『好』书，」然后走了。"),
    ("他說：「這是『好』書，」然後走了。", "curly", "他說：“這是‘好’書，”然後走了。"),
    ("看『大鬧天宮』，「真」好", "curly", "看“大鬧天宮”，“真”好"),
    ("it’s “fine”, it’s ‘ok’", "corner", "it’s “fine”, it’s ‘ok’"),
    ("他说“OK”就走了", "corner", "他说「OK」就走了"),
    ("‘90年代’的歌", "corner", "「90年代」的歌"),
    ("“没有关上，\n第二行”", "corner", "“没有关上，\n第二行”"),
    ("他写 `“引”` 和 “引”", "corner", "他写 `“引”` 和 「引」"),
    ("「ありがとう」と言いました。", "curly", "「ありがとう」と言いました。"),
    ("“国”字，他说“好”", "corner", "“国”字，他说「好」"),
    ("他说“好”", "keep", "他说“好”"),
    ("他说“好”", "auto", "他说“好”"),
]


@pytest.mark.parametrize(("text", "mode", "result"), CASES)
def test_pairs_in_chinese_sentences_change_their_style(text: str, mode: str, result: str) -> None:
    assert convert_quotes(text, mode) == result
    assert convert_quotes(result, mode) == result


def test_by_default_quotation_marks_follow_the_script() -> None:
    assert cleaner.normalize("他說：「這是『好』書。」") == "他说：“这是‘好’书。”"
    assert cleaner.normalize("他说：“这是‘好’书。”", script="tw") == "他說：「這是『好』書。」"
    assert cleaner.normalize("他說：「這是好書。」", quotes="keep") == "他说：「这是好书。」"


def test_text_that_is_not_converted_keeps_its_marks() -> None:
    for text, script in (
        ("他说：「这是好书。」", "simplified"),
        ("他說：“這是好書。”", "tw"),
        ("他說：「好書。」", "keep"),
    ):
        assert cleaner.normalize(text, script=script) == text


def test_the_marks_of_a_mixed_text_change_where_it_is_converted() -> None:
    text = "我们说「好」。\n我們說「國家」。\n我们的书里写着「国家」这两个字。"
    assert cleaner.normalize(text) == "我们说「好」。\n我们说“国家”。\n我们的书里写着「国家」这两个字。"


def test_an_unknown_mode_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'straight' are unknown: use auto, keep, corner or curly"):
        convert_quotes("“好”", "straight")  # type: ignore[arg-type]


PARTS = st.sampled_from([*"「」『』“”‘’\n，。`<", "好", "國", "国", "の", "a", "http://a.b/", "「乾」字"])


@given(st.lists(PARTS, max_size=30).map("".join), st.sampled_from(["corner", "curly"]))
def test_converting_quotes_twice_changes_nothing_more(text: str, mode: str) -> None:
    once = convert_quotes(text, mode)
    assert convert_quotes(once, mode) == once
    assert len(once) == len(text)
