"""Cases of learned rules: lines of a host's own texts that a rule leaves, the hardest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.normalization.script.folding import fold
from cleaner.packs.testing import find_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.rules.schema import Rule

MOST_DROPS, MOST_KEEPS = 3, 3
"""Cases of a rule, at most: lines of the pages that it hits, and lines of bodies that it leaves."""


def choose_keeps(rule: Rule, bodies: Sequence[str]) -> tuple[str, ...]:
    """Choose lines of bodies that the rule must leave: such as hold one of its literals, if there are any."""
    literals = [fold(literal) for literal in rule.literals]
    texts = leave_out([rule], bodies)
    hard = [text for text in texts if any(literal in fold(text) for literal in literals)]
    quotation = f"他念道：“{rule.literals[0]}”，然后关上了书。"
    return tuple(dict.fromkeys([*hard, *texts, quotation]))[:MOST_KEEPS]


def leave_out(rules: Sequence[Rule], texts: Sequence[str]) -> list[str]:
    """Leave out the texts that a rule hits."""
    return [text for text, matches in zip(texts, find_matches(rules, texts), strict=True) if not matches]
