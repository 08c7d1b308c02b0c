"""Cases of learned rules: lines of a host's own texts that a rule leaves, the hardest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.normalization.script.folding import fold
from cleaner.packs.testing import find_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.schema import Rule

MOST_DROPS = 2
"""Lines of the pages that a rule hits, at most, of its cases."""
LONGEST_CASES = 100
"""Characters of the cases of a rule that it hits, and of those that it leaves, from the second on."""
LEAST_CASE, TELLING_LENGTH = 8, 30
"""Characters of a line of a body, at least where it is cut, and where it is one of many that serve."""


def choose_keeps(rule: Rule, bodies: Sequence[str]) -> tuple[str, ...]:
    """Choose what the rule must leave: two short lines of bodies that hold one of its literals, else any short one."""
    literals = [fold(literal) for literal in rule.literals]
    texts = leave_out([rule], bodies)
    hard = [text for text in texts if any(literal in fold(text) for literal in literals)]
    quotation = f"他念道：“{rule.literals[0]}”，然后关上了书。"
    others = texts or [quotation]
    return limit_cases(sorted(hard, key=len) or [min(others, key=lambda text: abs(len(text) - TELLING_LENGTH))])


def limit_cases(cases: Iterable[str]) -> tuple[str, ...]:
    """Take the first two cases; the second only where both are short."""
    first, *others = dict.fromkeys(cases)
    short = [case for case in others if len(first) + len(case) <= LONGEST_CASES]
    return (first, *short)[:MOST_DROPS]


def cut_case(path: str, line: str) -> str:
    """Write a case of elements: the path, and as much of the line that stands there as is short."""
    length = max(LONGEST_CASES - len(path), LEAST_CASE)
    return f"{path}: {line if len(line) <= length else f'{line[:length].rstrip()}…'}"


def leave_out(rules: Sequence[Rule], texts: Sequence[str]) -> list[str]:
    """Leave out the texts that a rule hits."""
    return [text for text, matches in zip(texts, find_matches(rules, texts), strict=True) if not matches]
