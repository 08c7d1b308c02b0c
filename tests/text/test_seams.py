"""Texts of several fields that are one document: joined, split, cleaned each by itself."""

from __future__ import annotations

from functools import cache, reduce

from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import pipeline
from cleaner.model import Document, Edit, Span
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack
from cleaner.text import edits, seams
from helpers.format_cases import FOOT, NAV, body, page

TEXTS = st.lists(
    st.sampled_from(["", "\n", "\x1e", "\x1e\x1e\n\n", "ＡＢＣ", "问题", NAV, FOOT, page(1), body(2)]),
    min_size=1,
    max_size=6,
)


@cache
def pack() -> Pack:
    return cleaner.load_pack("zh-web")


@given(st.lists(st.text(st.sampled_from("a\n\x1e")), min_size=1))
def test_what_a_seam_joins_comes_apart_again(texts: list[str]) -> None:
    seam = seams.choose(texts)
    joined = seam.join(texts)
    assert joined.split(seam) == texts
    assert [
        joined[start : start + len(text)] for start, text in zip(seams.starts(joined, seam), texts, strict=True)
    ] == (texts)


@given(TEXTS)
def test_each_text_is_cleaned_by_itself_and_the_edits_lead_from_one_to_the_other(texts: list[str]) -> None:
    seam = seams.choose(texts)
    document = Document("d", seam.join(texts), seam=seam)
    (cleaned,) = pipeline.clean([document], pack(), CleanOptions(), explain=True)
    assert cleaned.text.split(seam) == [
        text if seam.strip("\n") in (clean := pack().clean(text).text) else clean for text in texts
    ]
    assert reduce(edits.apply, cleaned.passes, document.text) == cleaned.text
    assert len(cleaned.verdicts) in (0, len(cleaned.passes))
    assert all(0 <= flag.span.start <= flag.span.stop <= len(cleaned.text) for flag in cleaned.flags)


@given(st.lists(st.text(st.sampled_from("a\n")), min_size=1, max_size=4), st.data())
def test_removals_leave_all_seams(texts: list[str], data: st.DataObject) -> None:
    seam = seams.choose(texts)
    joined = seam.join(texts)
    start = data.draw(st.integers(0, len(joined)))
    removal = Edit(Span(start, data.draw(st.integers(start, len(joined)))), "", "x")
    spared = edits.apply(joined, seams.spare([removal], joined, seam))
    assert spared.count(seam) == joined.count(seam)
    assert len(spared.split(seam)) == len(texts)


def test_a_text_beside_others_does_not_change_them() -> None:
    documents = [Document("a", page(1)), Document("b", seams.SEAM.join([page(2), FOOT]), seam=seams.SEAM)]
    alone = [pipeline.clean([document], pack(), CleanOptions())[0] for document in documents]
    assert pipeline.clean(documents, pack(), CleanOptions()) == alone
