from hypothesis import given
from hypothesis import strategies as st

from cleaner.normalize import conversion

anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=120)


@given(anything)
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    folded = conversion.fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(conversion.fold(character) for character in text)


@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert conversion.fold(conversion.fold(text)) == conversion.fold(text)


def test_both_scripts_and_both_widths_fold_to_one_text() -> None:
    for padding in ("", "。" * 60):
        assert conversion.fold("相關閱讀：ＩＣＰ備　Ａ\u00a0" + padding) == "相关阅读:icp备 a " + padding


def test_folding_keeps_a_final_nul_and_lone_surrogates() -> None:
    for text in ("國\0\0", "國\ud800\udc00", "國" * 90 + "\0", "國" * 90 + "\ud800\udc00"):
        assert conversion.fold(text) == text.replace("國", "国")
