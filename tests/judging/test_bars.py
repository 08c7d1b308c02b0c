"""Where rules of a site know the frame of a page, the judge leaves what else may be all of its text."""

from __future__ import annotations

import numpy as np

from cleaner.features.layout import lay_out
from cleaner.features.line_view import view_lines
from cleaner.judging.bars import CLEAR, NEVER, SETTINGS, set_bars
from cleaner.judging.evidence import LineEvidence
from cleaner.text import lines

FRAME = ["渡口首页", "渡口新闻", "渡口论坛", "渡口客服", "返回渡口", "渡口地图"]
SENTENCE = "渡口台6月7日消息，据灯塔国商务部部长表示，该国与石桥公司达成了协议。"
POEM = ["石桥灯火照许望", "一夜风声到六桥", "明月不知人已老", "还从灯塔过今宵"]


def bars_of(content: list[str], odds: float, *, is_known: bool) -> list[float]:
    """The bars of the lines of a page between the lines of its frame, of which the judge thinks what it does."""
    batch = lines.join(["\n".join([*FRAME, *content, *FRAME])])
    zeros, known = np.zeros(len(batch.starts)), np.ones(len(batch.starts), dtype=np.bool_)
    inside = slice(len(FRAME), len(FRAME) + len(content))
    known[inside] = False
    log_odds = np.where(known, 3.0, odds)
    evidence = LineEvidence(np.where(known, 0.5, 0.0), zeros, {}, zeros > 0)
    layout = lay_out(view_lines(batch))
    bars = set_bars(layout, log_odds, evidence, SETTINGS["normal"], None, None, known if is_known else None)
    return [float(bar) for bar in bars[inside]]


def test_the_only_prose_beside_a_known_frame_goes_only_where_it_is_clearly_junk() -> None:
    assert bars_of([SENTENCE], 1.8, is_known=True) == [CLEAR]
    assert bars_of([SENTENCE], 1.8, is_known=False)[0] < 1.8


def test_lines_without_prose_stay_beside_a_frame_that_is_known_or_not() -> None:
    assert bars_of(POEM, 2.5, is_known=True) == [NEVER] * len(POEM)
    assert bars_of(POEM, 2.5, is_known=False) == [NEVER] * len(POEM)
