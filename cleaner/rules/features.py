"""What a line and its place say about it, as numbers: the judge's linear sum runs over these columns.

Every column lies in about -1..1, so that weights can be compared. Columns are named `group/name`; those of the groups
"line", "near", "place", "body" and "echo" come from the text alone, those of "rule" from what the rules found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from cleaner.rules import characters, overlap, windows
from cleaner.rules.layout import Layout, lay_out
from cleaner.rules.schema import Category

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines import Block

__all__ = ["CATEGORIES", "Layout", "lay_out", "measure"]

Column = Any
CATEGORIES: tuple[str, ...] = get_args(Category)
"""The categories of rules; each is a column of its own."""

MARKS = ("related", "pager", "comment-form", "footer", "legal", "share", "login", "nav")
"""Categories whose lines end a body: what comes after them is seldom the author's."""


def measure(
    layout: Layout, found: Mapping[str, NDArray[Any]], hints: Mapping[str, NDArray[Any]] | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Names of the columns and their values (lines, columns).

    `found`: for each rule category (lines,) the weight its rules give a line. `hints`: columns from elsewhere.
    """
    line, prose, counted, rows = layout.looks, layout.prose, layout.counted, layout.rows
    lengths = counted.lengths
    columns = dict(line)
    marked = np.minimum(sum(found.values(), np.zeros(len(lengths))), 1.0)
    columns |= _near(rows, line, counted, prose, marked)
    for name in ("byline", "forum"):
        for by, side in ((-1, "above"), (1, "below")):
            columns[f"near/{side}-{name}"] = rows.shifted(found[name], by)
    columns |= _place(rows, lengths, prose, found)
    columns |= _body(rows, line, lengths, prose, marked)
    firm = np.clip(rows.whole(np.where(prose, lengths, 0)) / 120, 0, 1)
    columns = {name: column * firm if name.startswith(("place/", "body/")) else column for name, column in columns.items()}
    columns |= _echo(layout.block, layout.codes, counted, rows, prose, lengths)
    columns |= {f"rule/{name}": weight for name, weight in found.items()}
    columns |= _crossed(columns, line, prose, lengths)
    columns |= {f"hint/{name}": column for name, column in (hints or {}).items()}
    return tuple(columns), np.stack([np.asarray(c, dtype=np.float32) for c in columns.values()], axis=1)


def _near(
    rows: windows.Rows, line: Mapping[str, Column], counted: characters.Characters, prose: Column, marked: Column
) -> dict[str, Column]:
    """What the neighbours are."""
    lengths = counted.lengths
    columns: dict[str, Column] = {}
    odd = prose & (counted.of("end", "stop", "comma") == 0)
    log = np.log1p(lengths) / 5
    for reach in (2, 5, 10):
        columns[f"near/ends-{reach}"] = rows.window(line["line/ends"], reach)
        columns[f"near/stops-{reach}"] = rows.window(line["line/stop-any"], reach)
        columns[f"near/prose-{reach}"] = rows.window(prose, reach)
        columns[f"near/length-{reach}"] = rows.window(log, reach)
        columns[f"near/rules-{reach}"] = rows.window(marked, reach)
        columns[f"near/function-{reach}"] = rows.window(line["line/function"], reach)
        size = np.maximum(rows.window(lengths, reach), 1)
        for name, of, cap in (("punctuation", ("end", "stop", "comma"), 0.06), ("particles", ("function",), 0.12), ("numerals", ("digit",), 0.3)):
            much = np.where(odd, 0.5 * cap * lengths, counted.of(*of))
            columns[f"near/{name}-{reach}"] = np.minimum(rows.window(much, reach) / size, cap) / cap
        columns[f"near/code-{reach}"] = rows.window(line["line/code"], reach)
    for by, name in ((-1, "above"), (1, "below")):
        columns[f"near/{name}-length"] = rows.shifted(log, by)
        columns[f"near/{name}-prose"] = rows.shifted(prose, by)
        columns[f"near/{name}-rules"] = rows.shifted(marked, by)
        columns[f"near/{name}-2-prose"] = rows.shifted(prose, 2 * by)
    wide = np.maximum(lengths, 1)
    even = (lengths >= 15) & ~line["line/ends"]
    for by, name in ((-1, "above"), (1, "below")):
        other = rows.shifted(lengths, by)
        columns[f"near/wrapped-{name}"] = even & (np.abs(other - wide) <= np.maximum(2, 0.1 * wide))
    columns["near/wrapped"] = columns["near/wrapped-above"] & columns["near/wrapped-below"]
    shape = np.minimum(np.log2(np.maximum(lengths, 1) * 1.5), 6).astype(np.int64) * 2 + line["line/ends"]
    columns["near/run"] = np.minimum(np.log2(rows.runs(shape)), 5) / 5
    columns["near/run-unended"] = np.where(prose | line["line/ends"], 0, np.minimum(np.log2(rows.runs(prose | line["line/ends"])), 6) / 6)
    return columns


def _place(rows: windows.Rows, lengths: Column, prose: Column, found: Mapping[str, Column]) -> dict[str, Column]:
    """Where in the document the line stands, against all prose and against the marks that end a body."""
    weight = np.where(prose, lengths, 0)
    whole = np.maximum(rows.whole(weight), 1)
    mark = np.minimum(sum((found[name] for name in MARKS if name in found), np.zeros(len(lengths))), 1.0)
    mark = np.where(prose, 0, mark)
    marks_above = rows.before(mark)
    last = rows.previous((mark > 0.4) & (rows.before(weight) >= np.maximum(60, 0.25 * whole)))
    since = rows.before(weight) - np.where(last >= 0, rows.before(weight)[last], 0)
    passed = {
        f"place/{name}-passed": (rows.before(np.where(prose, 0, found[name]) * (rows.before(weight) >= np.maximum(60, 0.25 * whole))) >= 0.5)
        for name in ("related", "pager", "comment-form", "footer", "legal", "share")
        if name in found
    }
    characters_before = rows.before(lengths) / np.maximum(rows.whole(lengths), 1)
    return passed | {
        "place/prose-before": rows.before(weight) / whole,
        "place/prose-after": rows.after(weight) / whole,
        "place/prose-none-before": rows.before(weight) == 0,
        "place/prose-none-after": rows.after(weight) == 0,
        "place/prose-before-log": np.minimum(np.log1p(rows.before(weight)), 7) / 7,
        "place/prose-after-log": np.minimum(np.log1p(rows.after(weight)), 7) / 7,
        "place/characters": characters_before,
        "place/first": rows.position == 0,
        "place/first-3": rows.position < 3,
        "place/last": rows.position == rows.size - 1,
        "place/last-3": rows.position >= rows.size - 3,
        "place/mark-passed": last >= 0,
        "place/mark-since": np.where(last >= 0, np.minimum(np.log1p(since), 6) / 6, 0),
        "place/marks-before": np.minimum(marks_above, 5) / 5,
        "place/marks-after": np.minimum(rows.after(mark), 5) / 5,
        "place/lines": np.minimum(np.log2(np.maximum(rows.size, 1)), 8) / 8,
        "place/prose-share": whole / np.maximum(rows.whole(lengths), 1),
        "place/prose-lines": rows.whole(prose) / rows.size,
        "place/prose-log": np.minimum(np.log1p(whole), 8) / 8,
    }


def _body(rows: windows.Rows, line: Mapping[str, Column], lengths: Column, prose: Column, marked: Column) -> dict[str, Column]:
    """Before, inside or after the stretch that gathers most prose for the fewest other lines."""
    gain = np.where(prose, np.minimum(np.log2(np.maximum(lengths, 1)), 8) - 2, -0.7 - marked)
    gain = np.where(prose & line["line/cut"], 1.0, gain)
    gain = np.where(~prose & (line["line/ends"] > 0), 0.5, gain)
    start, stop = rows.densest(gain)
    at = np.arange(len(lengths))
    has = stop > start
    before, after = has & (at < start), has & (at >= stop)
    return {
            "body/none": ~has,
            "body/inside": has & ~before & ~after,
            "body/before": before,
            "body/after": after,
            "body/before-near": np.where(before, 1 / np.maximum(start - at, 1), 0),
            "body/after-near": np.where(after, 1 / np.maximum(at - stop + 1, 1), 0),
            "body/after-far": np.where(after, np.minimum(at - stop, 10) / 10, 0),
            "body/before-far": np.where(before, np.minimum(start - at, 10) / 10, 0),
        }


def _echo(block: Block, codes: Column, counted: characters.Characters, rows: windows.Rows, prose: Column, lengths: Column) -> dict[str, Column]:
    """What the line shares with others."""
    body = overlap.shared_bigrams(block, codes, counted, prose)
    every = overlap.shared_bigrams(block, codes, counted, np.ones_like(prose))
    earlier, later = overlap.repeats(overlap.fingerprints(block, codes, counted), block.documents)
    before, behind = overlap.repeats(overlap.openings(block, codes, 8), block.documents)
    return {
        "echo/body": body,
        "echo/any": every,
        "echo/earlier": earlier > 0,
        "echo/later": later > 0,
        "echo/opening-earlier": (before > 0) & (earlier == 0),
        "echo/opening-later": (behind > 0) & (later == 0),
    }


def _crossed(columns: Mapping[str, Column], line: Mapping[str, Column], prose: Column, lengths: Column) -> dict[str, Column]:
    """The same place means different things for short lines, titles and prose."""
    kinds = {"prose": prose, "short": ~prose & (lengths < 12), "middle": ~prose & (lengths >= 12)}
    crossed = ("echo/body", "echo/any", "near/prose-2", "near/prose-5", "near/prose-10", "near/rules-5", "place/prose-before", "place/prose-after",
               "body/inside", "body/before", "body/after", "place/mark-passed", "place/mark-since", "place/prose-none-before", "place/prose-none-after", "near/below-prose", "line/cut", "place/related-passed", "place/comment-form-passed", "place/footer-passed", "near/run-unended", "place/prose-share")
    out = {f"{kind}*{name}": np.where(of, columns[name], 0) for name in crossed for kind, of in kinds.items()}
    out["kind/prose"] = prose
    out["kind/short"] = kinds["short"]
    return out
