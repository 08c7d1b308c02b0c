"""The doubt about a document: one minus the F1 that the judge expects of itself."""

from __future__ import annotations

import numpy as np

import cleaner
from cleaner.judging.flags import UNSURE_DOUBT, measure_final_doubt
from cleaner.judging.judge import Judge
from cleaner.packs import registry
from cleaner.packs.builtin import UNSURE
from cleaner.text import lines
from helpers.doubtful import ARTICLE, DOUBTFUL, FRAMED


def unsure(text: str, **options: object) -> bool:
    return UNSURE in {flag.rule for flag in cleaner.clean(text, **options).flags}  # type: ignore[arg-type]


def test_titles_in_a_frame_are_in_more_doubt_than_an_article_in_it() -> None:
    assert cleaner.clean(DOUBTFUL).doubt > 2 * cleaner.clean(FRAMED).doubt > 0


def test_only_a_document_in_much_doubt_is_flagged() -> None:
    assert cleaner.clean(DOUBTFUL).doubt >= UNSURE_DOUBT > cleaner.clean(FRAMED).doubt
    assert unsure(DOUBTFUL)
    assert not unsure(FRAMED)


def test_there_is_no_doubt_where_only_rules_act() -> None:
    assert cleaner.clean(ARTICLE).doubt == 0
    assert cleaner.clean(DOUBTFUL, judge="off").doubt == 0
    assert not unsure(DOUBTFUL, judge="off")
    assert cleaner.clean("").doubt == 0


def test_the_doubt_is_that_of_the_first_judgment() -> None:
    judge = Judge(registry.load_rules("zh-web"))
    first = judge.judge(judge.analyze(lines.join([DOUBTFUL])))[0]
    assert cleaner.clean(DOUBTFUL).doubt == first.doubt
    assert len(cleaner.clean(DOUBTFUL).passes) > 0


def test_no_document_changes_the_doubt_about_another() -> None:
    judge = Judge(registry.load_rules("zh-web"))
    texts = [DOUBTFUL, "", ARTICLE, FRAMED, DOUBTFUL]
    together = measure_final_doubt(judge.score(judge.analyze(lines.join(texts))))
    alone = [measure_final_doubt(judge.score(judge.analyze(lines.join([text]))))[0] for text in texts if text]
    assert np.array_equal(together[[0, 2, 3, 4]], alone)
    assert np.all((together >= 0) & (together <= 1))
