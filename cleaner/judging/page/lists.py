"""Lists and tables of pages in markup: where most of one is furniture, so is the rest of it, teasers in prose too.

On labelled pages 941 of 983 lists and tables of three lines and more hold content alone, or furniture alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.judging.scores import ScoredLines

LINES, SHARE = 3, 0.5
"""Lines of a list, at least, and the share of them to be dropped, from which it goes."""
CONTENT = -2.0
"""The log-odds below which a line of such a list is content all the same."""


def lower_bars(scores: ScoredLines, lists: NDArray[np.int64], is_first: NDArray[np.bool_] | None) -> ScoredLines:
    """Lower the bars of lines in lists most of which would go.

    Args:
        scores: the lines with their bars.
        lists: (lines,) numbers of the lists that they stand in, -1 for none.
        is_first: (documents,) whether a document is judged as it came; lists of others are not whole. None: all are.
    """
    is_eligible = lists >= 0 if is_first is None else (lists >= 0) & is_first[scores.batch.documents]
    if scores.bars is None or not is_eligible.any():
        return scores
    numbers = lists[is_eligible]
    size = np.bincount(numbers)
    going = np.bincount(numbers, weights=scores.is_dropped[is_eligible])
    goes_whole = (size >= LINES) & (going >= SHARE * size)
    is_lowered = is_eligible & np.isfinite(scores.bars) & goes_whole[np.maximum(lists, 0)]
    return replace(scores, bars=np.where(is_lowered, np.minimum(scores.bars, CONTENT), scores.bars))
