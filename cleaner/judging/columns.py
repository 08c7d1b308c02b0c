"""Measure what a line and its place say about it: the columns that the judge's linear sum runs over.

Every column lies in about -1..1, so that weights can be compared. They are named `group/name`: "line" is the line by
itself, "near" its neighbours, "place" what comes before and after it, "body" where it stands to the body, "echo" what
it repeats, "few" how small the document is, "prose" and "short" the same again for lines of prose and for short lines
alone, "hint" what a reader of markup knew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from cleaner.features import repetition
from cleaner.judging.places import RULE_WEIGHT, measure_body, measure_closing, measure_place, prose_lengths
from cleaner.rules.schema import Category

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.layout import Layout

Column = Any
Columns = Mapping[str, Column]

CATEGORIES: tuple[str, ...] = get_args(Category)
"""The categories of rules that `measure` wants matches for."""

SHARED_BIGRAMS = "echo/body"
"""The share of a line's bigrams that lines of prose have too."""

FIRM = 120
"""Characters of running text that make a body; with fewer, place says proportionally less."""
FEW_LINES = 16
"""Lines of a document from which on their number says nothing."""
SHORT = 12
"""Characters below which a line counts as short."""

THREAD, POSTS = 0.08, 6
"""The share of a forum's furniture among lines that makes a thread (readers' comments below an article have less); its
lines around a post from which that is one for sure."""

_PRODUCTS = {
    "prose": (
        SHARED_BIGRAMS,
        "place/prose-before",
        "place/prose-share",
        "place/related-over",
        "body/after",
        "near/below-prose",
    ),
    "short": ("body/before", "place/prose-before", "place/prose-share", "place/prose-none-after", "near/below-prose"),
}


def measure(
    layout: Layout, categories: Columns, markup: Columns | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Measure all columns but those made of SHARED_BIGRAMS, which are left to `fill_shared_bigrams`.

    Args:
        layout: the lines.
        categories: for each of CATEGORIES (lines,) the weight its rules give a line, 0..1.
        markup: columns (lines,) from elsewhere.

    Returns:
        Names of the columns and their values (lines, columns).
    """
    rule_weight = np.minimum(sum(categories.values(), np.zeros(len(layout.prose))), 1.0)
    columns = {f"line/{name}": column for name, column in layout.features.items()}
    columns |= _measure_neighbors(layout, rule_weight, categories)
    firm = np.clip(layout.segments.sum_all(prose_lengths(layout)) / FIRM, 0, 1)
    place = (
        measure_place(layout, rule_weight, categories)
        | measure_closing(layout, categories)
        | measure_body(layout, rule_weight)
    )
    columns |= {name: column * firm for name, column in place.items()} | {"body/none": 1 - firm}
    columns |= _measure_repetition(layout) | _measure_size(layout, rule_weight)
    kinds = _kinds(layout)
    products = ((kind, name) for kind, names in _PRODUCTS.items() for name in names)
    columns |= {f"{kind}*{name}": np.where(kinds[kind], columns[name], 0) for kind, name in products}
    columns |= {f"hint/{name}": column for name, column in (markup or {}).items()}
    return tuple(columns), np.array(list(columns.values()), dtype=np.float32).T


def fill_shared_bigrams(
    layout: Layout, names: Sequence[str], values: NDArray[np.float32], rows: NDArray[np.bool_] | None = None
) -> None:
    """Compute the shared-bigram feature into `values`, in place, for the lines in `rows` (lines,), or for all.

    It costs about as much as all other features together, so the judge scores without it first and asks only for rows
    whose verdict it could change.
    """
    bigrams = repetition.shared_bigrams(layout.view, layout.prose, rows)
    kinds = {"": True} | {f"{kind}*": mask for kind, mask in _kinds(layout).items()}
    for kind, mask in kinds.items():
        if kind + SHARED_BIGRAMS in names:
            values[:, names.index(kind + SHARED_BIGRAMS)] = np.where(mask, bigrams, 0)


def _kinds(layout: Layout) -> dict[str, Column]:
    return {"prose": layout.prose, "short": ~layout.prose & (layout.visible < SHORT)}


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
        "near/run-alike": np.minimum(np.log2(np.maximum(segments.run_sizes(_shapes(layout)), 1)), 5) / 5,
    }


def _between_posts(layout: Layout, rule_weight: Column, forum: Column) -> Column:
    """Measure whether a line no rule speaks of has a forum's furniture above and below: a post, however short."""
    posts_above, posts_below = layout.segments.sum_before(forum), layout.segments.sum_after(forum)
    thread = np.where(forum + posts_above + posts_below >= THREAD * layout.segments.size, 1.0, 0.5)
    is_between = (posts_above >= 1) & (posts_below >= 1) & (rule_weight < RULE_WEIGHT)
    return np.where(is_between, np.minimum((posts_above + posts_below) / POSTS, 1) * thread, 0)


def _shapes(layout: Layout) -> NDArray[np.int64]:
    """Give lines of about the same length that end alike the same number, (lines,)."""
    size = np.minimum(np.log2(np.maximum(layout.visible, 1) * 1.5), 6).astype(np.int64)
    return np.asarray(size * 2 + layout.features["ends"])


def _measure_size(layout: Layout, rule_weight: Column) -> dict[str, Column]:
    """Measure how few lines the document has, and again for lines that are no prose or that no rule speaks of.

    A page has a frame; a few lines by themselves are somebody's text until a rule says otherwise.
    """
    shortness = np.clip(1 - layout.segments.size / FEW_LINES, 0, 1)
    return {
        "few/lines": shortness,
        "few/loose": np.where(layout.prose, 0, shortness),
        "few/unsaid": np.where(rule_weight < RULE_WEIGHT, shortness, 0),
    }


def _measure_repetition(layout: Layout) -> dict[str, Column]:
    """Measure what the line shares with others."""
    documents = layout.batch.documents
    earlier, later = repetition.count_repeats(repetition.hash_lines(layout.view.characters), documents)
    opening_earlier, opening_later = repetition.count_repeats(repetition.hash_openings(layout.view, 8), documents)
    return {
        SHARED_BIGRAMS: np.zeros(len(earlier)),
        "echo/earlier": earlier > 0,
        "echo/later": later > 0,
        "echo/opening-earlier": (opening_earlier > 0) & (earlier == 0),
        "echo/opening-later": (opening_later > 0) & (later == 0),
    }
