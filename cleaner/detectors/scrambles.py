"""Documents that a machine put together from pieces of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, documents
from cleaner.text import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block


def scramble(block: Block, folded: str, params: Params) -> Found:
    """Verdicts on documents whose paragraphs share sentences without being copies of each other.

    A scraper's generator draws overlapping windows from a few sources: every line reads well, the whole says nothing.
    An author repeats a whole paragraph or a refrain; not one sentence in three paragraphs and another in two others.
    `params`: `least` (4) sentences of 15 characters or more that stand in different lines; `lines` (3) that have such.
    Score: the share of such sentences among all, at least 0.5.
    """
    made = line_view.of(block, folded)
    starts, stops, lines = _sentences(made)
    keys, alike = hashing.within(made.codes, starts, stops, block.documents[lines])
    again = np.zeros(len(keys), dtype=bool)
    again[alike] = _in_other_lines(keys[alike], lines[alike])
    again &= made.copies[lines] == 1
    if not again.any():
        return documents(block, [])
    size = len(block.texts)
    sentences = np.bincount(block.documents[lines], minlength=size)
    repeated = np.bincount(block.documents[lines[again]], minlength=size)
    holders = np.bincount(block.documents[np.unique(lines[again])], minlength=size)
    fits = (repeated >= 2 * int(params.get("least", 4))) & (holders >= int(params.get("lines", 3)))
    fits &= repeated * 5 >= sentences
    chosen = np.flatnonzero(fits)
    return documents(block, chosen.tolist(), np.clip(repeated[chosen] / sentences[chosen], 0.5, 1.0).tolist())


def _sentences(made: Shape) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Starts, stops and lines of all finished sentences of 15 characters or more in lines of prose."""
    stops, lines = made.characters.stand("。!?")
    inside = made.prose[lines]
    stops, lines = stops[inside] + 1, lines[inside]
    starts = made.block.starts[lines]
    follows = np.flatnonzero(lines[1:] == lines[:-1]) + 1
    starts[follows] = stops[follows - 1]
    long = stops - starts >= 15
    return starts[long], stops[long], lines[long]


def _in_other_lines(keys: NDArray[np.uint64], lines: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which sentences stand in another line too."""
    order = np.argsort(keys, kind="stable")
    same = (keys[order[1:]] == keys[order[:-1]]) & (lines[order[1:]] != lines[order[:-1]])
    again = np.zeros(len(keys), dtype=bool)
    again[order[1:][same]] = True
    again[order[:-1][same]] = True
    return again
