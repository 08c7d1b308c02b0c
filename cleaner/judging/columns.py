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

CLOSING = ("related", "pager", "comment-form", "footer", "legal", "share")
"""Categories whose lines close a body: what stands behind them is seldom the author's."""

FURNITURE = (*CLOSING, "login", "nav")
"""Categories whose lines are counted before and after a line."""

FIRM = 120
"""Characters of running text that make a body; with fewer, place says proportionally less."""
FEW = 16
"""Lines of a document from which on their number says nothing."""
SHORT = 12
"""Characters below which a line counts as short."""

MARKED, MATCHED, SAID, BYLINE = 0.5, 0.5, 0.1, 0.3
"""Weights of rules from which a line is furniture, closes a body, is spoken of, and is a byline."""

THREAD, POSTS = 0.08, 6
"""The share of a forum's furniture among lines that makes a thread (readers' comments below an article have less); its
lines around a post from which that is one for sure."""

EDGE, LONG_PAGE = 3, 8
"""Lines at either end of a document that are so marked, in documents of so many lines at least."""

TITLE, TITLE_REACH, HEADLINE = 4, 10, (8, 60)
"""Characters of a title above a byline, at least; lines to the prose, at most; characters of a headline."""
TITLE_PROSE, HEADLINE_DIGITS = 30, 0.4
"""Characters of the prose a title stands above, at least, and the share of digits in a headline, at most."""

BEGUN, BEGUN_SHARE, OVER = 60, 0.25, 0.3
"""Characters of prose, and the share of it, that stand before a mark which closes the body; the share of prose behind
it from which it is not over at all."""

_CROSSED = {
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
    said = np.minimum(sum(categories.values(), np.zeros(len(layout.prose))), 1.0)
    columns = {f"line/{name}": column for name, column in layout.features.items()}
    columns |= _neighbors(layout, said, categories)
    firm = np.clip(layout.segments.sum_all(_prose_length(layout)) / FIRM, 0, 1)
    place = _place(layout, said, categories) | _closed(layout, categories) | _body(layout, said)
    columns |= {name: column * firm for name, column in place.items()} | {"body/none": 1 - firm}
    columns |= _repetition(layout) | _few(layout, said)
    kinds = _kinds(layout)
    crossed = ((kind, name) for kind, names in _CROSSED.items() for name in names)
    columns |= {f"{kind}*{name}": np.where(kinds[kind], columns[name], 0) for kind, name in crossed}
    columns |= {f"hint/{name}": column for name, column in (markup or {}).items()}
    return tuple(columns), np.array(list(columns.values()), dtype=np.float32).T


def fill_shared_bigrams(
    layout: Layout, names: Sequence[str], values: NDArray[np.float32], rows: NDArray[np.bool_] | None = None
) -> None:
    """Compute the shared-bigram feature into `values`, in place, for the lines in `rows` (lines,), or for all.

    It costs about as much as all other features together, so the judge scores without it first and asks only for rows
    whose verdict it could change.
    """
    shared = repetition.shared_bigrams(layout.view, layout.prose, rows)
    kinds = {"": True} | {f"{kind}*": mask for kind, mask in _kinds(layout).items()}
    for kind, mask in kinds.items():
        if kind + SHARED_BIGRAMS in names:
            values[:, names.index(kind + SHARED_BIGRAMS)] = np.where(mask, shared, 0)


def _kinds(layout: Layout) -> dict[str, Column]:
    return {"prose": layout.prose, "short": ~layout.prose & (layout.visible < SHORT)}


def _prose_length(layout: Layout) -> Column:
    """Take the characters of lines of prose, 0 for the others, (lines,)."""
    return np.where(layout.prose, layout.visible, 0)


def _neighbors(layout: Layout, said: Column, categories: Columns) -> dict[str, Column]:
    """Measure what the neighbours are."""
    segments, features, prose = layout.segments, layout.features, layout.prose
    near, ended = segments.windows(5), prose | features["ends"]
    runs = np.log2(np.maximum(segments.run_sizes(ended), 1))
    return {
        "near/ends-5": near.mean(features["ends"]),
        "near/ends-10": segments.windows(10).mean(features["ends"]),
        "near/stops-5": near.mean(features["stop-any"]),
        "near/length-5": near.mean(np.log1p(layout.visible) / 5),
        "near/rules-5": near.mean(said),
        "near/colons-3": segments.windows(3).mean(features["colon"]),
        "near/above-prose": segments.neighbor(prose, -1),
        "near/below-prose": segments.neighbor(prose, 1),
        "near/above-byline": segments.neighbor(categories["byline"], -1),
        "near/below-forum": segments.neighbor(categories["forum"], 1),
        "near/between-posts": _between_posts(layout, said, categories["forum"]),
        "near/run-unended": np.where(ended, 0, np.minimum(runs, 6) / 6),
        "near/run-alike": np.minimum(np.log2(np.maximum(segments.run_sizes(_shapes(layout)), 1)), 5) / 5,
    }


def _between_posts(layout: Layout, said: Column, forum: Column) -> Column:
    """Measure whether a line no rule speaks of has a forum's furniture above and below: a post, however short."""
    above, below = layout.segments.sum_before(forum), layout.segments.sum_after(forum)
    thread = np.where(forum + above + below >= THREAD * layout.segments.size, 1.0, 0.5)
    is_between = (above >= 1) & (below >= 1) & (said < SAID)
    return np.where(is_between, np.minimum((above + below) / POSTS, 1) * thread, 0)


def _shapes(layout: Layout) -> NDArray[np.int64]:
    """Number the shapes of lines: those of about the same length that end alike have the same."""
    size = np.minimum(np.log2(np.maximum(layout.visible, 1) * 1.5), 6).astype(np.int64)
    return np.asarray(size * 2 + layout.features["ends"])


def _place(layout: Layout, said: Column, categories: Columns) -> dict[str, Column]:
    """Measure how much prose and how much furniture stand before and after the line."""
    segments, lengths, prose = layout.segments, layout.visible, _prose_length(layout)
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
        "place/lines": np.minimum(np.log2(segments.size), 8) / 8,
        "place/prose-share": all_prose / all_lengths,
        "place/prose-lines": segments.sum_all(layout.prose) / segments.size,
        "place/prose-log": np.minimum(np.log1p(all_prose), 8) / 8,
        "place/title": _is_title(layout, said >= MARKED, categories["byline"] >= BYLINE),
        "place/headline": _is_headline(layout, said >= SAID),
    }


def _is_above_prose(layout: Layout) -> Column:
    """Mark lines with longer prose at most ten lines below, in their document."""
    rows = np.arange(len(layout.prose))
    is_long = layout.prose & (layout.visible >= TITLE_PROSE)
    next_prose = np.minimum.accumulate(np.where(is_long, rows, len(rows))[::-1])[::-1]
    return (next_prose < layout.segments.high) & (next_prose - rows <= TITLE_REACH)


def _is_title(layout: Layout, is_marked: Column, is_byline: Column) -> Column:
    """Mark lines no rule speaks of, not prose, that stand right above a byline and not far above prose."""
    neighbor = layout.segments.neighbor
    has_no_bar = ~layout.features["separator-any"].astype(np.bool_)
    could_be = _is_above_prose(layout) & ~is_marked & ~layout.prose & (layout.visible >= TITLE) & has_no_bar
    above_byline = neighbor(is_byline, 1) > 0
    return could_be & (above_byline | ((neighbor(is_marked, 1) > 0) & (neighbor(is_byline, 2) > 0)))


def _is_headline(layout: Layout, is_said: Column) -> Column:
    """Mark the last line above the first longer prose, not far away, that could be a title."""
    segments, features, n = layout.segments, layout.features, layout.visible
    shortest, longest = HEADLINE
    is_first = segments.sum_before(layout.prose & (n >= TITLE_PROSE)) == 0
    could_be = is_first & _is_above_prose(layout) & ~layout.prose & ~is_said & (n >= shortest) & (n <= longest)
    could_be &= (features["ends-colon"] == 0) & (features["digits"] < HEADLINE_DIGITS)
    could_be &= features["separator-any"] == 0
    return could_be & (segments.sum_after(could_be) == 0)


def _closed(layout: Layout, categories: Columns) -> dict[str, Column]:
    """Measure whether a mark that closes a body was passed, and whether little prose that ends came after it.

    Marks count once a quarter of the document's prose has gone by.
    """
    segments, prose = layout.segments, _prose_length(layout)
    ended = np.where(layout.features["ends"], prose, 0)
    has_begun = segments.sum_before(prose) >= np.maximum(BEGUN, BEGUN_SHARE * segments.sum_all(prose))
    remaining = segments.sum_after(ended) / np.maximum(segments.sum_all(ended), 1)
    columns: dict[str, Column] = {}
    for name in CLOSING:
        last = segments.previous(~layout.prose & (categories[name] >= MATCHED) & has_begun)
        columns[f"place/{name}-passed"] = last >= 0
        columns[f"place/{name}-over"] = np.where(last >= 0, 1 - np.minimum(remaining[last] / OVER, 1), 0)
    return columns


def _body(layout: Layout, said: Column) -> dict[str, Column]:
    """Tell lines before, inside and after the stretch that gathers most prose for the fewest other lines."""
    start, stop = layout.segments.densest(layout.gain - np.where(layout.prose, 0, said))
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


def _few(layout: Layout, said: Column) -> dict[str, Column]:
    """Measure how few lines the document has, and again for lines that are no prose or that no rule speaks of.

    A page has a frame; a few lines by themselves are somebody's text until a rule says otherwise.
    """
    few = np.clip(1 - layout.segments.size / FEW, 0, 1)
    return {"few/lines": few, "few/loose": np.where(layout.prose, 0, few), "few/unsaid": np.where(said < SAID, few, 0)}


def _repetition(layout: Layout) -> dict[str, Column]:
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
