"""Lines that repeat others: equal lines, equal beginnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.features.counts import CODE
from cleaner.text.hashing import hash_heads, hash_ranges, is_repeated, spread
from cleaner.text.segments import run_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.features.line_view import LineView

    Indices = NDArray[np.int64]
    Mask = NDArray[np.bool_]


def hash_lines(characters: Characters) -> NDArray[np.uint64]:
    """Hash each line; lines of a document with the same characters, white space aside, have equal hashes, (lines,).

    Most lines differ from all others by their first and last character and how many they have of each class: only what
    does not is read in full. White space that does not count as such at a line's ends leaves all in doubt.
    """
    starts, lasts = characters.batch.starts, characters.batch.stops - 1
    classes = [name for name in CODE if name != "space"]
    counts = np.stack([characters.count(name) for name in classes]).view(np.uint64)
    terms = spread(np.arange(len(classes))) @ counts
    ends = characters.codes[starts] + (characters.codes[lasts].astype(np.uint64) << 32)
    hashes = spread(terms + ends + spread(characters.batch.documents))
    space_at_end = (characters.classes_at(np.stack((starts, lasts))) == CODE["space"]).any()
    doubtful = is_repeated(hashes) | bool(space_at_end)
    if doubtful.any():
        hashes[doubtful] = _hash_visible(characters, doubtful)
    return hashes


def _hash_visible(characters: Characters, lines: Mask) -> NDArray[np.uint64]:
    """Hash all characters of some lines that are not white space."""
    edges = np.append(characters.batch.starts, len(characters.codes))
    begins, lengths = edges[:-1][lines], np.diff(edges)[lines]
    visible = np.arange(int(lengths.sum())) + np.repeat(begins - (lengths.cumsum() - lengths), lengths)
    visible = visible[characters.classes_at(visible) != CODE["space"]]
    sizes = characters.visible[lines]
    stops = sizes.cumsum()
    return hash_ranges(characters.codes[visible], stops - sizes, stops)


def hash_openings(view: LineView, width: int) -> NDArray[np.uint64]:
    """Hash the first `width` code points of each line; lines that are shorter differ from all others, (lines,)."""
    is_short = view.lengths < width
    return np.where(is_short, spread(np.arange(len(is_short))), hash_heads(view.codes, view.batch.starts, width))


def count_repeats(keys: NDArray[np.uint64], documents: Indices) -> tuple[Indices, Indices]:
    """Count the earlier and the later lines of the same document that have the same key, each (lines,)."""
    earlier, later = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    keys = keys + spread(documents)
    rows = is_repeated(keys).nonzero()[0]
    if not len(rows):
        return earlier, later
    order = rows[keys[rows].argsort(kind="stable")]
    group = run_ids(keys[order])
    sizes = np.bincount(group)
    rank = np.arange(len(order)) - (sizes.cumsum() - sizes)[group]
    earlier[order], later[order] = rank, sizes[group] - 1 - rank
    return earlier, later
