"""Abstracts: heads of a page that repeat its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, whole
from cleaner.text import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

LABEL = re.compile(r"[\u4e00-\u9fff]{2,6}: ?")
HEAD = 12
"""Characters that an abstract and the paragraph it was cut from have in common at least."""
DEPTH, SEARCHES = 4, 4
"""An abstract stands above the fourth line of prose; so many lines of a document are searched for inside others."""


def abstract_copy(block: Block, folded: str, params: Params) -> Found:
    """Head lines whose text is printed again in a longer line below: an abstract cut from the text.

    A label in front, a mark of omission at the end and a tail of keywords are looked through. The line is an abstract
    where it ends as a sentence or is long; a title that the text repeats is none.
    `params`: `least` (20) is the least length in characters.
    """
    made = line_view.of(block, folded)
    least = max(int(params.get("least", 20)), 20)
    fits = (made.lengths >= least) & (made.lengths <= 800)
    fits &= (made.ends & line_view.END > 0) | (made.lengths >= 40)
    lines = np.flatnonzero(fits)
    cores, twins = _twins(made, lines)
    above = made.prose_before[lines]
    behind = made.numbers[lines] > 0
    table = np.stack((lines, above, cores, twins, behind.astype(np.int64)), axis=1)
    # as long as nothing is found in a document, only these lines of it can be abstracts
    likely = ((above < DEPTH) & (twins >= 0)) | ((above < 2) & behind)
    found = [row for rows in _by_document(made, table[likely]) for row in _of_document(made, rows)]
    if not found:
        return whole(block, [])
    again = np.isin(block.documents[lines], block.documents[found])
    return whole(block, [row for rows in _by_document(made, table[again]) for row in _of_document(made, rows)])


def _by_document(made: Shape, table: NDArray[np.int64]) -> Iterator[list[list[int]]]:
    """The rows of each document, which begin with a line."""
    rows, edges = table.tolist(), np.flatnonzero(np.diff(made.block.documents[table[:, 0]], prepend=-1)).tolist()
    for first, last in pairwise([*edges, len(rows)]):
        yield rows[first:last]


def _of_document(made: Shape, rows: list[list[int]]) -> list[int]:
    """The abstracts of one document. Those found do not count as prose, so that a second look finds no more."""
    hits: list[int] = []
    gone = searched = 0
    folded, end = made.folded, int(made.block.offsets[made.block.documents[rows[0][0]] + 1])
    for line, depth, begin, twin, behind in rows:
        if depth - gone >= DEPTH:
            break
        search = behind and depth - gone < 2 and searched < SEARCHES
        if not search and twin < 0:
            continue
        stop = made.stops[line]
        while stop > begin and folded[stop - 1] in ".…· ":
            stop -= 1
        if stop - begin < 16:
            continue
        found = twin >= 0 and _begins(folded[begin:stop], made.text(twin), begin > made.starts[line])
        if not found and search and stop - begin >= 20:
            found = _is_inside(made, line, begin, stop, end)
            searched += not found
        if found:
            hits.append(line)
            gone += bool(made.prose[line])
    return hits


def _twins(made: Shape, lines: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each line's text begins behind a label, and the next line of its document that begins alike, or -1."""
    block = made.block
    cores = block.starts[lines].copy()
    # a label's colon stands behind two to six characters
    marked = np.zeros(len(lines), dtype=bool)
    for step in range(2, 7):
        marked |= made.codes[cores + step] == ord(":")
    for place in np.flatnonzero(marked).tolist():
        label = LABEL.match(made.folded, int(cores[place]), int(cores[place]) + 8)
        cores[place] = label.end() if label else cores[place]
    long = np.flatnonzero(made.lengths >= 20)
    keys = hashing.heads(made.codes, block.starts[long], HEAD) + hashing.spread(block.documents[long])
    wanted = hashing.heads(made.codes, cores, HEAD) + hashing.spread(block.documents[lines])
    return cores, _next(long, keys, wanted, lines)


def _next(
    long: NDArray[np.int64], keys: NDArray[np.uint64], wanted: NDArray[np.uint64], lines: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each wanted key the first of the lines `long` with that key behind its own line; -1 for none."""
    twins = np.full(len(lines), -1, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    keys, long = keys[order], long[order]
    low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    own = (high > low) & (long[np.minimum(low, len(long) - 1)] > lines) if len(long) else high > low
    twins[own] = long[low[own]]
    for place in np.flatnonzero((high > low) & ~own & (high - low > 1)).tolist():
        behind = low[place] + np.searchsorted(long[low[place] : high[place]], lines[place], side="right")
        twins[place] = long[behind] if behind < high[place] else -1
    return twins


def _is_inside(made: Shape, line: int, begin: int, stop: int, end: int) -> bool:
    """Whether the text `begin:stop` of a line stands inside a longer line below, before `end`."""
    # a short beginning is looked for first: preparing to look for a long text takes longer than that
    found = made.folded.find(made.folded[begin : begin + HEAD], made.stops[line], end)
    if found >= 0:
        found = made.folded.find(made.folded[begin:stop], found, end)
    if found < 0:
        return False
    holder = made.line(found)
    return int(made.lengths[holder]) > int(made.lengths[line])


def _begins(core: str, other: str, labelled: bool) -> bool:
    """Whether `other` is longer than `core` and begins with it, or with most of it before a tail of keywords.

    Under a label (本文摘要：) a beginning in common is enough: such abstracts run on over several paragraphs.
    """
    if labelled:
        return other.startswith(core[: min(len(core) * 4 // 5, 40)])
    if len(other) <= len(core):
        return False
    return other.startswith(core) or (len(core) >= 60 and other.startswith(core[: len(core) * 4 // 5]))
