"""Which evaluation is looked for, and how much of a question a text must have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

MIN_CONTAINMENT = 0.5
"""The containment from which on a question counts as found; `dedup tune --against` shows what others find."""


class Evaluation(NamedTuple):
    """A file of questions, their field ("" for the first of the usual ones that it has), and the least containment."""

    path: Path
    field: str = ""
    threshold: float = MIN_CONTAINMENT
