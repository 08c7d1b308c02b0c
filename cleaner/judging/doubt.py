"""Measure how likely the judge is to be wrong about each document, by the log-odds of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.judging.model.trees import UNIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Batch

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

CERTAIN = 30.0
"""Log-odds beyond which no chance is left in a float."""
LEAST = 50
"""Characters of content that are added to each document's: of a few, nothing can be said."""


def measure_doubt(
    batch: Batch, visible: NDArray[np.int64], log_odds: Numbers, is_decided: Mask, is_dropped: Mask
) -> Numbers:
    """Measure the doubt about each document, (documents,) in 0..1: one minus the F1 that is to be expected.

    By its log-odds each line has a chance to be junk. Summed up over the characters of lines that stay and of those
    that go, the chances say how much of what stays may be junk, and how much of what goes may be content. Lines that
    a rule decides on are in no doubt.

    Args:
        visible: (lines,) characters that are not white space.
        log_odds: (lines,) of junk.
        is_decided, is_dropped: (lines,) whether a rule decides on a line, and whether it goes.
    """
    chance = np.where(is_decided, 1.0, 1 / (1 + np.exp(-np.clip(log_odds, -CERTAIN, CERTAIN))))
    junk = visible * np.rint(chance * UNIT)  # whole numbers: sums are exact in any order
    content = visible * UNIT - junk

    def sum_up(values: Numbers) -> Numbers:
        return np.bincount(batch.documents, weights=values, minlength=len(batch.texts)) / UNIT

    errors = sum_up(np.where(is_dropped, content, junk))
    return errors / (2 * (sum_up(np.where(is_dropped, 0, content)) + LEAST) + errors)
