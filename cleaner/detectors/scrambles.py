"""Documents that a machine put together from parts of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, whole_documents
from cleaner.text import hashing
from cleaner.text.segments import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

SENTENCE_LENGTH = 15
"""Characters of a sentence that no two authors write by chance."""
REPEATED_SHARE = 5
"""At least one in so many sentences stands in another line too."""
LEAST_SCORE = 0.5


@detector(decisive=True)
def scramble(view: LineView, *, least: int = 4, lines: int = 3) -> Detections:
    """Find documents whose paragraphs share sentences crosswise without being copies of each other.

    A scraper's generator draws overlapping windows from a few sources: every line reads well, the whole says nothing.
    An author repeats a whole paragraph or a refrain; not one sentence in three paragraphs and another in two others.
    Score: the share of such sentences among all, at least 0.5.

    Args:
        view: the lines.
        least: long sentences that stand in different lines.
        lines: lines that have such.
    """
    batch, documents = view.batch, len(view.batch.texts)
    if view.most_lines < lines:
        return whole_documents(batch, [])
    starts, stops, rows = _sentences(view)
    if len(rows) < 2 * least:
        return whole_documents(batch, [])
    keys, candidates = hashing.hash_by_group(view.codes, starts, stops, batch.documents[rows])
    is_shared = np.zeros(len(keys), dtype=bool)
    is_shared[candidates] = _stand_in_other_lines(keys[candidates], rows[candidates])
    is_shared &= view.copies[rows] == 1
    if not is_shared.any():
        return whole_documents(batch, [])
    sentences = np.bincount(batch.documents[rows], minlength=documents)
    repeats = np.bincount(batch.documents[rows[is_shared]], minlength=documents)
    holders = np.bincount(batch.documents[distinct(rows[is_shared])], minlength=documents)
    fits = (repeats >= 2 * least) & (holders >= lines) & (repeats * REPEATED_SHARE >= sentences)
    scrambled_documents = fits.nonzero()[0]
    score = np.clip(repeats[scrambled_documents] / sentences[scrambled_documents], LEAST_SCORE, 1.0)
    return whole_documents(batch, scrambled_documents.tolist(), score.tolist())


def _sentences(view: LineView) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the starts, stops and lines of all finished long sentences in lines of prose."""
    stops, rows = view.characters.find_marks("。!?")
    in_prose = view.is_long_prose[rows]
    stops, rows = stops[in_prose] + 1, rows[in_prose]
    starts = view.batch.starts[rows]
    later = (rows[1:] == rows[:-1]).nonzero()[0] + 1
    starts[later] = stops[later - 1]
    is_long = stops - starts >= SENTENCE_LENGTH
    return starts[is_long], stops[is_long], rows[is_long]


def _stand_in_other_lines(keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark sentences that stand in another line too."""
    order = keys.argsort(kind="stable")
    twins = (keys[order[1:]] == keys[order[:-1]]) & (rows[order[1:]] != rows[order[:-1]])
    mask = np.zeros(len(keys), dtype=bool)
    mask[order[1:][twins]] = True
    mask[order[:-1][twins]] = True
    return mask
