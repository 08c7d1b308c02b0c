"""Measure what a line and its place say about it: the columns that the judge's trees ask about.

They are named `group/name`: "line" is the line by itself, "phrase" what its n-grams and those of its neighbours are
known for, "rule" what the rules say of it, "near" its neighbours, "place" what comes before and after it, "body" where
it stands to the body, "lead" what it shares with the first lines of prose, "echo" what it repeats, "hint" what a reader
of markup knew. None says how the whole page is: trees that ask that learn pages by heart (measured on sites left out).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from cleaner.features import repetition
from cleaner.features.lead import measure_lead
from cleaner.judging.places import RULE_WEIGHT, measure_body, measure_closing, measure_place, prose_lengths
from cleaner.rules.schema import Category

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout
    from cleaner.judging.evidence import LineEvidence

Column = Any
Columns = Mapping[str, Column]

CATEGORIES: tuple[str, ...] = get_args(Category)
"""The categories of rules that `measure` wants matches for."""

FIRM = 120
"""Characters of running text that make a body; with fewer, place says proportionally less."""
THREAD, POSTS = 0.08, 6
"""The share of a forum's furniture among lines that makes a thread (readers' comments below an article have less); its
lines around a post from which that is one for sure."""

PHRASE_REACH, PHRASE_LIMIT = (1, 2, 3), 6.0
"""Lines above and below whose own phrase scores are columns, and the size of a score at most, in log-odds."""
PHRASE_WINDOWS = (3, 8)
"""Lines to either side whose mean phrase scores are columns."""


def measure(
    layout: Layout, evidence: LineEvidence, phrases: NDArray[np.float64], markup: Columns | None = None
) -> dict[str, Column]:
    """Measure all columns.

    Args:
        layout: the lines.
        evidence: what the rules say of them.
        phrases: (lines,) phrase scores, in log-odds.
        markup: columns (lines,) from elsewhere.

    Returns:
        Columns (lines,) by name.
    """
    categories = evidence.categories
    rule_weight = np.minimum(sum(categories.values(), np.zeros(len(layout.prose))), 1.0)
    columns = {f"line/{name}": column for name, column in layout.features.items()}
    columns |= {"line/characters": layout.visible, "line/prose": layout.prose}
    columns |= {f"rule/{name}": column for name, column in categories.items()}
    columns |= {"rule/sum": evidence.total, "rule/strongest": evidence.strongest}
    columns |= measure_phrases(layout, phrases) | _measure_neighbors(layout, rule_weight, categories)
    firm = np.minimum(layout.segments.sum_all(prose_lengths(layout)) / FIRM, 1)
    place = (
        measure_place(layout, rule_weight, categories)
        | measure_closing(layout, categories)
        | measure_body(layout, rule_weight)
    )
    columns |= {name: column * firm for name, column in place.items()}
    columns |= _measure_repetition(layout)
    columns |= {f"lead/{name}": column for name, column in measure_lead(layout)._asdict().items()}
    return columns | {f"hint/{name}": column for name, column in (markup or {}).items()}


def measure_phrases(layout: Layout, phrases: NDArray[np.float64]) -> dict[str, Column]:
    """Measure what the n-grams of a line and of its neighbours are known for."""
    segments, score = layout.segments, np.minimum(np.maximum(phrases, -PHRASE_LIMIT), PHRASE_LIMIT)
    columns = {"phrase/line": score}
    for reach in PHRASE_REACH:
        columns[f"phrase/above-{reach}"] = segments.neighbor(score, -reach)
        columns[f"phrase/below-{reach}"] = segments.neighbor(score, reach)
    for reach in PHRASE_WINDOWS:
        columns[f"phrase/near-{reach}"] = segments.windows(reach).mean(score)
    widest = segments.windows(PHRASE_WINDOWS[-1])
    return columns | {"phrase/above": widest.mean_above(score), "phrase/below": widest.mean_below(score)}


def _measure_neighbors(layout: Layout, rule_weight: Column, categories: Columns) -> dict[str, Column]:
    """Measure what the neighbours are."""
    segments, features, prose = layout.segments, layout.features, layout.prose
    windows, has_end = segments.windows(5), prose | features["ends"]
    runs = np.log2(np.maximum(segments.run_sizes(has_end), 1))
    return {
        "near/ends-5": windows.mean(features["ends"]),
        "near/ends-10": segments.windows(10).mean(features["ends"]),
        "near/stops-5": windows.mean(features["stop-any"]),
        "near/length-5": windows.mean(np.log1p(layout.visible) / 5),
        "near/rules-5": windows.mean(rule_weight),
        "near/colons-3": segments.windows(3).mean(features["colon"]),
        "near/above-prose": segments.neighbor(prose, -1),
        "near/below-prose": segments.neighbor(prose, 1),
        "near/above-byline": segments.neighbor(categories["byline"], -1),
        "near/below-forum": segments.neighbor(categories["forum"], 1),
        "near/between-posts": _between_posts(layout, rule_weight, categories["forum"]),
        "near/run-unended": np.where(has_end, 0, np.minimum(runs, 6) / 6),
        "near/run-alike": np.minimum(np.log2(np.maximum(segments.run_sizes(layout.shapes), 1)), 5) / 5,
    }


def _between_posts(layout: Layout, rule_weight: Column, forum: Column) -> Column:
    """Measure whether a line no rule speaks of has a forum's furniture above and below: a post, however short."""
    posts_above, posts_below = layout.segments.sum_before(forum), layout.segments.sum_after(forum)
    thread = np.where(forum + posts_above + posts_below >= THREAD * layout.segments.size, 1.0, 0.5)
    is_between = (posts_above >= 1) & (posts_below >= 1) & (rule_weight < RULE_WEIGHT)
    return np.where(is_between, np.minimum((posts_above + posts_below) / POSTS, 1) * thread, 0)


def _measure_repetition(layout: Layout) -> dict[str, Column]:
    """Measure what the line shares with others."""
    documents = layout.batch.documents
    earlier, later = repetition.count_repeats(repetition.hash_lines(layout.view.characters), documents)
    opening_earlier, opening_later = repetition.count_repeats(repetition.hash_openings(layout.view, 8), documents)
    return {
        "echo/earlier": earlier > 0,
        "echo/later": later > 0,
        "echo/opening-earlier": (opening_earlier > 0) & (earlier == 0),
        "echo/opening-later": (opening_later > 0) & (later == 0),
    }
