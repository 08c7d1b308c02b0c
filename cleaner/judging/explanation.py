"""Say in words why a line scored as it did: a few reasons, whose sum is the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.judging.bars import LIKELY
from cleaner.judging.scores import SCALE
from cleaner.model import Evidence
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from cleaner.judging.scores import ScoredLines

REASONS = {
    "start": "what a line of a page has before anything is known of it",
    "wording": "its own wording",
    "wording-around": "the wording of the lines around it",
    "rules": "what rules say of it",
    "form": "its length, marks and characters",
    "lines-around": "what the lines around it look like",
    "place": "where it stands on the page",
    "repetition": "what it repeats of other lines",
    "lead": "what it shares with the first lines of prose",
    "markup": "what the page's markup says of it",
    "function-words": "whether it has the short words that sentences of its language are made of",
    "main-element": "whether it stands in the element that holds the page's text",
}
"""Reasons, and what each is about."""
DECIDES_ALONE = "decides alone"
"""The note of a rule that needs no other."""
_GROUPS = {
    "phrase/line": "wording",
    "phrase": "wording-around",
    "rule": "rules",
    "line": "form",
    "near": "lines-around",
    "place": "place",
    "body": "place",
    "lead": "lead",
    "echo": "repetition",
    "hint": "markup",
}


def explain_line(scores: ScoredLines, row: int) -> tuple[Evidence, ...]:
    """List the reasons for a line's score, the greatest first; their weights add up to the score."""
    if scores.trees is None or scores.values is None:
        return ()
    start = DROP_SCORE - LIKELY / SCALE
    main_element = scores.main_element
    if main_element and main_element.is_alone[row]:
        total = {"main-element": start + float(main_element.log_odds[row]) / SCALE}
        total["rules"] = float(main_element.rules[row]) / SCALE
    else:
        added, constant = scores.trees.contributions(scores.values[:, row : row + 1])
        total = {"start": start + float(constant[0]) / SCALE}
        for name, part in zip(scores.trees.names, added[:, 0].tolist(), strict=True):
            reason = _GROUPS.get(name) or _GROUPS[name.split("/")[0]]
            total[reason] = total.get(reason, 0.0) + part / SCALE
        if main_element:
            total["main-element"] = float(main_element.log_odds[row]) / SCALE
    if scores.function_words is not None:
        total["function-words"] = float(scores.function_words[row]) / SCALE
    order = sorted(total, key=lambda reason: -abs(total[reason]))
    return tuple(
        Evidence(f"core/judge/{reason}", round(total[reason], 3), _note(scores, row, reason))
        for reason in order
        if round(total[reason], 3)
    )


def _note(scores: ScoredLines, row: int, reason: str) -> str:
    """Say what a reason is about; for wording the n-grams that weigh most, for rules their ids."""
    if reason == "wording" and scores.phrases:
        start, stop = int(scores.batch.starts[row]), int(scores.batch.stops[row])
        grams = scores.phrases.strongest(scores.layout.view.folded_text[start:stop])
        listed = " ".join(f"«{gram}» {weight:+.1f}" for gram, weight in grams)
        return f"{REASONS[reason]}: {listed}" if listed else REASONS[reason]
    if reason == "rules":
        rules = np.unique(scores.matches.rule[scores.matches.line == row]).tolist()
        return f"{REASONS[reason]}: {' '.join(scores.rules[rule].id for rule in rules) or 'nothing'}"
    return REASONS[reason]
