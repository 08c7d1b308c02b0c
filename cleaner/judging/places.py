"""Measure where a line stands: before, in and after the body, below a mark that closes it, in a title's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from cleaner.features.layout import Layout

Column = Any
Columns = Mapping[str, Column]

CLOSING = ("related", "pager", "comment-form", "footer", "legal", "share")
"""Categories whose lines close a body: what stands behind them is seldom the author's."""

FURNITURE = (*CLOSING, "login", "nav")
"""Categories whose lines are counted before and after a line."""

FURNITURE_WEIGHT, CLOSING_WEIGHT, RULE_WEIGHT, BYLINE_WEIGHT = 0.5, 0.5, 0.1, 0.3
"""Weights of rules from which a line is furniture, closes a body, has a rule that speaks of it, and is a byline."""

EDGE, LONG_PAGE = 3, 8
"""Lines at either end of a document that are so marked, in documents of so many lines at least."""

TITLE, TITLE_REACH, HEADLINE = 4, 10, (8, 60)
"""Characters of a title above a byline, at least; lines to the prose, at most; characters of a headline."""
TITLE_PROSE, HEADLINE_DIGITS = 30, 0.4
"""Characters of the prose a title stands above, at least, and the share of digits in a headline, at most."""

BODY_START, BODY_SHARE, CLOSED_SHARE = 60, 0.25, 0.3
"""Characters of prose, and the share of it, that stand before a mark which closes the body; the share of prose behind
it from which it is not over at all."""


def prose_lengths(layout: Layout) -> Column:
    """Take the characters of lines of prose, 0 for the others, (lines,)."""
    return np.where(layout.prose, layout.visible, 0)


def measure_place(layout: Layout, rule_weight: Column, categories: Columns) -> dict[str, Column]:
    """Measure how much prose and how much furniture stand before and after the line."""
    segments, lengths, prose = layout.segments, layout.visible, prose_lengths(layout)
    all_prose = np.maximum(segments.sum_all(prose), 1)
    all_lengths = np.maximum(segments.sum_all(lengths), 1)
    before, after = segments.sum_before(prose), segments.sum_after(prose)
    furniture = np.minimum(sum((categories[name] for name in FURNITURE), np.zeros(len(lengths))), 1.0)
    furniture = np.where(layout.prose, 0, furniture)
    is_long = segments.size >= LONG_PAGE
    return {
        "place/prose-before": before / all_prose,
        "place/prose-after": after / all_prose,
        "place/prose-none-before": before == 0,
        "place/prose-none-after": after == 0,
        "place/prose-before-log": np.minimum(np.log1p(before), 7) / 7,
        "place/prose-after-log": np.minimum(np.log1p(after), 7) / 7,
        "place/characters": segments.sum_before(lengths) / all_lengths,
        "place/first-3": (segments.position < EDGE) & is_long,
        "place/last-3": (segments.position >= segments.size - EDGE) & is_long,
        "place/marks-after": np.minimum(segments.sum_after(furniture), 5) / 5,
        "place/title": _is_title(layout, rule_weight >= FURNITURE_WEIGHT, categories["byline"] >= BYLINE_WEIGHT),
        "place/headline": _is_headline(layout, rule_weight >= RULE_WEIGHT),
    }


def _is_above_prose(layout: Layout) -> Column:
    """Mark lines with longer prose at most ten lines below, in their document."""
    rows = np.arange(len(layout.prose))
    is_long = layout.prose & (layout.visible >= TITLE_PROSE)
    next_prose = np.minimum.accumulate(np.where(is_long, rows, len(rows))[::-1])[::-1]
    return (next_prose < layout.segments.high) & (next_prose - rows <= TITLE_REACH)


def _is_title(layout: Layout, is_furniture: Column, is_byline: Column) -> Column:
    """Mark lines no rule speaks of, not prose, that stand right above a byline and not far above prose."""
    neighbor = layout.segments.neighbor
    has_no_bar = ~layout.features["separator-any"].astype(np.bool_)
    could_be = _is_above_prose(layout) & ~is_furniture & ~layout.prose & (layout.visible >= TITLE) & has_no_bar
    above_byline = neighbor(is_byline, 1) > 0
    return could_be & (above_byline | ((neighbor(is_furniture, 1) > 0) & (neighbor(is_byline, 2) > 0)))


def _is_headline(layout: Layout, has_rule: Column) -> Column:
    """Mark the last line above the first longer prose, not far away, that could be a title."""
    segments, features, n = layout.segments, layout.features, layout.visible
    shortest, longest = HEADLINE
    is_first = segments.sum_before(layout.prose & (n >= TITLE_PROSE)) == 0
    could_be = is_first & _is_above_prose(layout) & ~layout.prose & ~has_rule & (n >= shortest) & (n <= longest)
    could_be &= (features["ends-colon"] == 0) & (features["digits"] < HEADLINE_DIGITS)
    could_be &= features["separator-any"] == 0
    return could_be & (segments.sum_after(could_be) == 0)


def measure_closing(layout: Layout, categories: Columns) -> dict[str, Column]:
    """Measure whether a mark that closes a body was passed, and whether little prose that ends came after it.

    Marks count once a quarter of the document's prose has gone by.
    """
    segments, prose = layout.segments, prose_lengths(layout)
    sentences = np.where(layout.features["ends"], prose, 0)
    has_begun = segments.sum_before(prose) >= np.maximum(BODY_START, BODY_SHARE * segments.sum_all(prose))
    remaining = segments.sum_after(sentences) / np.maximum(segments.sum_all(sentences), 1)
    columns: dict[str, Column] = {}
    for name in CLOSING:
        last = segments.previous(~layout.prose & (categories[name] >= CLOSING_WEIGHT) & has_begun)
        columns[f"place/{name}-passed"] = last >= 0
        columns[f"place/{name}-over"] = np.where(last >= 0, 1 - np.minimum(remaining[last] / CLOSED_SHARE, 1), 0)
    return columns


def measure_body(layout: Layout, rule_weight: Column) -> dict[str, Column]:
    """Tell lines before, inside and after the stretch that gathers most prose for the fewest other lines."""
    start, stop = layout.segments.densest(layout.gain - np.where(layout.prose, 0, rule_weight))
    rows = np.arange(len(start))
    has_body = stop > start
    before, after = has_body & (rows < start), has_body & (rows >= stop)
    return {
        "body/inside": has_body & ~before & ~after,
        "body/before": before,
        "body/before-near": np.where(before, 1 / np.maximum(start - rows, 1), 0),
        "body/before-far": np.where(before, np.minimum(start - rows, 10) / 10, 0),
        "body/after": after,
        "body/after-far": np.where(after, np.minimum(rows - stop, 10) / 10, 0),
    }
