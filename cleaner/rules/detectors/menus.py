"""Menus: many short words in a line, or one to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.detectors import shape
from cleaner.rules.detectors.found import Found, Params, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block
    from cleaner.rules.detectors.shape import Shape

BARS = "|>/»›·•-"


def menu_bar(block: Block, folded: str, params: Params) -> Found:
    """Lines of short words between bars: `首页|新闻|财经`, `首页 > 新闻 > 正文`.

    Score: 1 for bars and arrows, `spaces` (0.6) where only spaces divide (a row of names or of verse looks the same).
    `params`: `least` (4) words; `longest` (8) is the greatest mean length of a word; `spaces`.
    """
    made = shape.of(block, folded)
    least, longest = int(params.get("least", 4)), float(params.get("longest", 8))
    bars, spaces = made.count(shape.SEPARATOR), made.count(shape.SPACE)
    marks = bars + spaces
    fits = ((bars > 1) | (spaces >= least - 1)) & (made.lengths <= (marks + 1) * (longest + 2)) & (made.count(shape.HAN) * 2 > made.lengths - marks)
    fits &= made.count(shape.COMMA) == 0
    lines: list[int] = []
    scores: list[float] = []
    for line in np.flatnonzero(fits).tolist():
        score = _score(made.text(line), least, longest, float(params.get("spaces", 0.6)))
        if score:
            lines.append(line)
            scores.append(score)
    return whole(block, lines, np.array(scores))


def _score(text: str, least: int, longest: float, spaces: float) -> float:
    """How sure a line is a menu."""
    if not _SENTENCE.isdisjoint(text):
        return 0.0
    bar = max(BARS, key=text.count)
    divider = bar if text.count(bar) > 1 else None
    words = [word for word in map(str.strip, text.split(divider)) if word]
    inner = max((word.count(" ") for word in words), default=0)
    arrows = bar in ">»›" and len(words) >= 3
    if not (len(words) >= least or arrows) or inner > 2 or sum(map(len, words)) > longest * len(words):
        return 0.0
    if divider is None or (bar in "/-·•" and len(words) < 6):
        return 0.0 if any(character.isdigit() for character in text) else spaces
    return 1.0


_SENTENCE = frozenset("。!?;…:、,\"“‘《={}<+@│")


def menu_run(block: Block, folded: str, params: Params) -> Found:
    """Runs of very short lines without punctuation, one menu item to a line.

    Verse and tables look alike, so this is evidence only, and only outside of what stands between a document's first and
    last line of prose; documents without prose have none. Score: from 0.3 for short runs to 1 for runs of 24 lines.
    `params`: `least` (6) lines; `longest` (6) characters a line.
    """
    made = shape.of(block, folded)
    least, longest = int(params.get("least", 6)), int(params.get("longest", 6))
    plain = made.count(shape.END | shape.COMMA) == 0
    tiny = plain & (made.lengths <= longest) & (made.count(shape.HAN) * 2 >= made.lengths)
    total = made.prose_before[made.first[block.documents + 1] - 1] if len(plain) else made.prose_before
    outside = (total > 2) & ((made.prose_before == 0) | (made.prose_before >= total))
    runs = made.runs(tiny & outside)
    runs = runs[runs[:, 1] - runs[:, 0] >= least]
    return whole(block, _spread(runs), _run_scores(runs))


def _spread(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lines of runs."""
    parts = [np.arange(start, stop) for start, stop in runs.tolist()]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _run_scores(runs: NDArray[np.int64]) -> NDArray[np.float64]:
    lengths = runs[:, 1] - runs[:, 0]
    return np.repeat(np.clip(lengths / 24, 0.3, 1.0), lengths)
