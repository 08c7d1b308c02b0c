"""What a line and its place say about it, as numbers: the judge's linear sum runs over these columns.

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
"""The categories of rules that `measure` wants hits for."""

ECHO = "echo/body"
"""The share of a line's bigrams that lines of prose have too."""

CLOSING = ("related", "pager", "comment-form", "footer", "legal", "share")
"""Categories whose lines close a body: what stands behind them is seldom the author's."""

MARKS = (*CLOSING, "login", "nav")

FIRM = 120
"""Characters of running text that make a body; with fewer, place says proportionally less."""

_THREAD = 0.08
"""The share of a forum's furniture among lines that makes a thread; readers' comments below an article have less."""

FEW = 16
"""Lines of a document from which on their number says nothing."""

_CROSSED = {
    "prose": (
        ECHO,
        "place/prose-before",
        "place/prose-share",
        "place/related-over",
        "body/after",
        "near/below-prose",
    ),
    "short": ("body/before", "place/prose-before", "place/prose-share", "place/prose-none-after", "near/below-prose"),
}


def measure(
    layout: Layout, found: Columns, hints: Columns | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Names of the columns and their values (lines, columns); those made of ECHO are left to `listen`.

    `found`: for each of CATEGORIES (lines,) the weight its rules give a line, 0..1. `hints`: columns (lines,) from
    elsewhere.
    """
    marked = np.minimum(sum(found.values(), np.zeros(len(layout.prose))), 1.0)
    columns = {f"line/{name}": column for name, column in layout.looks.items()}
    columns |= _near(layout, marked, found)
    firm = np.clip(layout.rows.whole(np.where(layout.prose, layout.lengths, 0)) / FIRM, 0, 1)
    placed = _place(layout, marked, found) | _closed(layout, found) | _body(layout, marked)
    columns |= {name: column * firm for name, column in placed.items()} | {"body/none": 1 - firm}
    columns |= _echo(layout) | _few(layout, marked)
    kinds = _kinds(layout)
    crossed = ((kind, name) for kind, names in _CROSSED.items() for name in names)
    columns |= {f"{kind}*{name}": np.where(kinds[kind], columns[name], 0) for kind, name in crossed}
    columns |= {f"hint/{name}": column for name, column in (hints or {}).items()}
    return tuple(columns), np.array(list(columns.values()), dtype=np.float32).T


def listen(
    layout: Layout, names: Sequence[str], values: NDArray[np.float32], asked: NDArray[np.bool_] | None = None
) -> None:
    """Put ECHO into the columns that are made of it, for the lines `asked` (lines,), or for all.

    It takes as long as most others together.
    """
    shared = repetition.shared_bigrams(layout.block, layout.counted, layout.prose, asked)
    kinds = {"": True} | {f"{kind}*": where for kind, where in _kinds(layout).items()}
    for kind, where in kinds.items():
        if kind + ECHO in names:
            values[:, names.index(kind + ECHO)] = np.where(where, shared, 0)


def _kinds(layout: Layout) -> dict[str, Column]:
    return {"prose": layout.prose, "short": ~layout.prose & (layout.lengths < 12)}


def _near(layout: Layout, marked: Column, found: Columns) -> dict[str, Column]:
    """What the neighbours are."""
    rows, looks, prose = layout.rows, layout.looks, layout.prose
    bare = prose | looks["ends"]
    runs = np.log2(np.maximum(rows.runs(bare), 1))
    return {
        "near/ends-5": rows.window(looks["ends"], 5),
        "near/ends-10": rows.window(looks["ends"], 10),
        "near/stops-5": rows.window(looks["stop-any"], 5),
        "near/length-5": rows.window(np.log1p(layout.lengths) / 5, 5),
        "near/rules-5": rows.window(marked, 5),
        "near/colons-3": rows.window(looks["colon"], 3),
        "near/above-prose": rows.shifted(prose, -1),
        "near/below-prose": rows.shifted(prose, 1),
        "near/above-byline": rows.shifted(found["byline"], -1),
        "near/below-forum": rows.shifted(found["forum"], 1),
        "near/between-posts": _between_posts(layout, marked, found["forum"]),
        "near/run-unended": np.where(bare, 0, np.minimum(runs, 6) / 6),
        "near/run-alike": np.minimum(np.log2(np.maximum(rows.runs(_shape(layout)), 1)), 5) / 5,
    }


def _between_posts(layout: Layout, marked: Column, forum: Column) -> Column:
    """A line no rule speaks of with a forum's furniture above and below: a post, however short."""
    above, below = layout.rows.before(forum), layout.rows.after(forum)
    thread = np.where(forum + above + below >= _THREAD * layout.rows.size, 1.0, 0.5)
    return np.where((above >= 1) & (below >= 1) & (marked < 0.1), np.minimum((above + below) / 6, 1) * thread, 0)


def _shape(layout: Layout) -> NDArray[np.int64]:
    """Lines of about the same length that end alike have the same shape."""
    size = np.minimum(np.log2(np.maximum(layout.lengths, 1) * 1.5), 6).astype(np.int64)
    return np.asarray(size * 2 + layout.looks["ends"])


def _place(layout: Layout, marked: Column, found: Columns) -> dict[str, Column]:
    """How much prose and how many marks stand before and after the line."""
    rows, lengths = layout.rows, layout.lengths
    prose = np.where(layout.prose, lengths, 0)
    whole = np.maximum(rows.whole(prose), 1)
    before, after = rows.before(prose), rows.after(prose)
    mark = np.where(layout.prose, 0, np.minimum(sum((found[name] for name in MARKS), np.zeros(len(lengths))), 1.0))
    long = rows.size >= 8
    return {
        "place/prose-before": before / whole,
        "place/prose-after": after / whole,
        "place/prose-none-before": before == 0,
        "place/prose-none-after": after == 0,
        "place/prose-before-log": np.minimum(np.log1p(before), 7) / 7,
        "place/prose-after-log": np.minimum(np.log1p(after), 7) / 7,
        "place/characters": rows.before(lengths) / np.maximum(rows.whole(lengths), 1),
        "place/first-3": (rows.position < 3) & long,
        "place/last-3": (rows.position >= rows.size - 3) & long,
        "place/marks-after": np.minimum(rows.after(mark), 5) / 5,
        "place/lines": np.minimum(np.log2(rows.size), 8) / 8,
        "place/prose-share": whole / np.maximum(rows.whole(lengths), 1),
        "place/prose-lines": rows.whole(layout.prose) / rows.size,
        "place/prose-log": np.minimum(np.log1p(whole), 8) / 8,
        "place/title": _title(layout, marked >= 0.5, found["byline"] >= 0.3),
        "place/headline": _headline(layout, marked >= 0.1),
    }


def _title(layout: Layout, marked: Column, byline: Column) -> Column:
    """A line no rule speaks of, not prose, that stands right above a byline and at most ten lines above prose."""
    rows = layout.rows
    at = np.arange(len(marked))
    ahead = np.minimum.accumulate(np.where(layout.prose & (layout.lengths >= 30), at, len(at))[::-1])[::-1]
    near = (ahead < rows.high) & (ahead - at <= 10)
    stands = near & ~marked & ~layout.prose & (layout.lengths >= 4) & ~layout.looks["separator-any"].astype(np.bool_)
    return stands & ((rows.shifted(byline, 1) > 0) | ((rows.shifted(marked, 1) > 0) & (rows.shifted(byline, 2) > 0)))


def _headline(layout: Layout, marked: Column) -> Column:
    """The last line above the first longer prose, at most ten lines away, that could be a title."""
    rows, looks, n = layout.rows, layout.looks, layout.lengths
    long = layout.prose & (n >= 30)
    at = np.arange(len(n))
    ahead = np.minimum.accumulate(np.where(long, at, len(at))[::-1])[::-1]
    first = (rows.before(long) == 0) & (ahead < rows.high) & (ahead - at <= 10)
    plain = ~layout.prose & ~marked & (n >= 8) & (n <= 60) & (looks["ends-colon"] == 0) & (looks["digits"] < 0.4)
    found = first & plain & (looks["separator-any"] == 0)
    return found & (rows.after(found) == 0)


def _closed(layout: Layout, found: Columns) -> dict[str, Column]:
    """Whether a mark that closes a body was passed, and whether little that ends like a sentence came after it.

    Marks count once a quarter of the document's prose has gone by.
    """
    rows, lengths = layout.rows, layout.lengths
    prose = np.where(layout.prose, lengths, 0)
    ended = np.where(layout.prose & layout.looks["ends"], lengths, 0)
    begun = rows.before(prose) >= np.maximum(60, 0.25 * rows.whole(prose))
    left = rows.after(ended) / np.maximum(rows.whole(ended), 1)
    columns: dict[str, Column] = {}
    for name in CLOSING:
        last = rows.previous(~layout.prose & (found[name] >= 0.5) & begun)
        columns[f"place/{name}-passed"] = last >= 0
        columns[f"place/{name}-over"] = np.where(last >= 0, 1 - np.minimum(left[last] / 0.3, 1), 0)
    return columns


def _body(layout: Layout, marked: Column) -> dict[str, Column]:
    """Before, inside or after the stretch that gathers most prose for the fewest other lines and marks."""
    rows = layout.rows
    start, stop = rows.densest(layout.gain - np.where(layout.prose, 0, marked))
    at = np.arange(len(start))
    has = stop > start
    before, after = has & (at < start), has & (at >= stop)
    return {
        "body/inside": has & ~before & ~after,
        "body/before": before,
        "body/before-near": np.where(before, 1 / np.maximum(start - at, 1), 0),
        "body/before-far": np.where(before, np.minimum(start - at, 10) / 10, 0),
        "body/after": after,
        "body/after-far": np.where(after, np.minimum(at - stop, 10) / 10, 0),
    }


def _few(layout: Layout, marked: Column) -> dict[str, Column]:
    """How few lines the document has, and the same again for what is no prose and for what no rule speaks of.

    A page has a frame; a few lines by themselves are somebody's text until a rule says otherwise.
    """
    few = np.clip(1 - layout.rows.size / FEW, 0, 1)
    return {"few/lines": few, "few/loose": np.where(layout.prose, 0, few), "few/unsaid": np.where(marked < 0.1, few, 0)}


def _echo(layout: Layout) -> dict[str, Column]:
    """What the line shares with others."""
    block, codes, counted = layout.block, layout.codes, layout.counted
    earlier, later = repetition.repeats(repetition.fingerprints(codes, counted), block.documents)
    before, behind = repetition.repeats(repetition.openings(block, codes, 8), block.documents)
    return {
        ECHO: np.zeros(len(earlier)),
        "echo/earlier": earlier > 0,
        "echo/later": later > 0,
        "echo/opening-earlier": (before > 0) & (earlier == 0),
        "echo/opening-later": (behind > 0) & (later == 0),
    }
