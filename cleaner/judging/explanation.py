"""Say in words what the trees made of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.judging.scores import SCALE
from cleaner.model import Evidence

if TYPE_CHECKING:
    from cleaner.judging.scores import ScoredLines


def explain_line(scores: ScoredLines, row: int) -> tuple[Evidence, ...]:
    """List what each column added to a line's score, the greatest first; their sum is the score."""
    if scores.trees is None or scores.values is None:
        return ()
    added, constant = scores.trees.contributions(scores.values[:, row : row + 1])
    order = np.argsort(-np.abs(added[:, 0]), kind="stable").tolist()
    parts = [(scores.trees.names[column], float(added[column, 0]) / SCALE) for column in order]
    return tuple(Evidence(f"core/judge/{name}", round(part, 3)) for name, part in parts if round(part, 3))
