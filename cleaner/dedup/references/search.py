"""Find references in texts: by their grams, then aligned character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.dedup import shingles
from cleaner.dedup.references.catalogue import GRAM, Catalogue, Reference, fold_table, shorten, slots
from cleaner.dedup.references.tokens import Gap, is_other
from cleaner.model import Span
from cleaner.text import codepoints
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_RUN = 8
"""Characters in a row that a text shares with a reference, at least."""
SHORT = 20
"""Characters of a reference up to which `GRAM` in a row are enough."""
_BLOCK = 2
"""Characters in a row that count as shared; single ones are the same by chance."""
_CONTEXT = 12
"""Characters beside a difference that are looked at for the number or name it stands in."""


class ReferenceMatch(Struct, frozen=True, order=True):
    """A reference in a document. `containment`: the share of its weight that stands there, in its order.

    `question`, `text`: the reference and the span, their beginnings.
    """

    document: str
    span: Span
    reference: str
    containment: float
    question: str
    text: str


class _Candidate(NamedTuple):
    """A stretch of a text, in folded characters, in which a reference may stand."""

    row: int
    start: int
    stop: int


def find_references(texts: Sequence[tuple[str, str]], catalogue: Catalogue, threshold: float) -> list[ReferenceMatch]:
    """Find the references in some documents, sorted.

    Args:
        texts: ids and texts.
        catalogue: the references.
        threshold: the least containment.
    """
    content = [text for _, text in texts]
    edges = np.concatenate(([0], np.cumsum([len(text) + 1 for text in content], dtype=np.int64)))
    codes = codepoints.from_text("\n".join(content))
    ink, positions = shingles.fold_with_positions(codes, fold_table())
    bounds = np.searchsorted(positions, edges)
    matches = []
    for document, candidate in _candidates(ink, bounds, catalogue):
        reference = catalogue.references[candidate.row]
        window = codepoints.to_text(ink[candidate.start : candidate.stop] - np.uint32(1))
        if (place := align(reference, window)) and place[2] >= threshold:
            first, last = positions[candidate.start + place[0]], positions[candidate.start + place[1] - 1]
            span = Span(int(first - edges[document]), int(last + 1 - edges[document]))
            key, excerpt = texts[document][0], shorten(content[document][span.start : span.stop])
            matches.append(ReferenceMatch(key, span, reference.id, round(place[2], 4), reference.excerpt, excerpt))
    return sorted(set(matches))


def _candidates(
    ink: NDArray[np.uint32], bounds: NDArray[np.int64], catalogue: Catalogue
) -> Iterator[tuple[int, _Candidate]]:
    """Yield documents with stretches that share enough grams in a row with a reference."""
    positions, rows, places = _find_grams(ink, bounds, catalogue)
    if not len(positions):
        return
    documents = np.searchsorted(bounds, positions, side="right") - 1
    lengths = np.array([len(reference.text) for reference in catalogue.references])
    shifts = positions - places
    order = np.lexsort((places, shifts, rows, documents))
    documents, rows, places, shifts = documents[order], rows[order], places[order], shifts[order]
    runs = run_starts(documents, rows, shifts, places - np.arange(len(places)))
    sizes = np.diff(runs, append=len(order)) + GRAM - 1
    least = np.where(lengths[rows[runs]] <= SHORT, GRAM, MIN_RUN)
    runs = runs[sizes >= least]
    reach = lengths[rows[runs]] // 3 + MIN_RUN
    starts = np.maximum(shifts[runs] - reach, bounds[documents[runs]])
    stops = np.minimum(shifts[runs] + lengths[rows[runs]] + reach, bounds[documents[runs] + 1])
    columns = zip(documents[runs].tolist(), rows[runs].tolist(), starts.tolist(), stops.tolist(), strict=True)
    yield from _merge(columns)


def _merge(columns: Iterator[tuple[int, int, int, int]]) -> Iterator[tuple[int, _Candidate]]:
    """Yield stretches of one reference that overlap as one."""
    document, candidate = -1, _Candidate(-1, 0, 0)
    for number, row, start, stop in columns:
        if (number, row) == (document, candidate.row) and start <= candidate.stop:
            candidate = candidate._replace(stop=max(stop, candidate.stop))
            continue
        if document >= 0:
            yield document, candidate
        document, candidate = number, _Candidate(row, start, stop)
    if document >= 0:
        yield document, candidate


def _find_grams(
    ink: NDArray[np.uint32], bounds: NDArray[np.int64], catalogue: Catalogue
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Look all grams of texts up: where they stand, and the references and places there that have them."""
    grams, sieve = catalogue.grams, catalogue.sieve
    keys = shingles.hash_shingles(ink, GRAM)
    positions = np.flatnonzero(sieve[slots(keys, len(sieve))])
    if not len(positions) or not len(grams.keys):
        return (np.empty(0, dtype=np.int64),) * 3
    stops = bounds[np.searchsorted(bounds, positions, side="right")]
    positions = positions[positions + GRAM <= stops]
    index = np.minimum(np.searchsorted(grams.keys, keys[positions]), len(grams.keys) - 1)
    is_there = grams.keys[index] == keys[positions]
    positions, index = positions[is_there], index[is_there]
    counts = grams.bounds[index + 1] - grams.bounds[index]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    entries = np.repeat(grams.bounds[index], counts) + offsets
    return np.repeat(positions, counts), grams.rows[entries], grams.places[entries]


def align(reference: Reference, window: str) -> tuple[int, int, float] | None:
    """Find where a reference stands in a stretch of text.

    Returns:
        start, stop and containment; None where the text has another number or name there.
    """
    start = window.find(reference.text)
    blocks = [(start, 0, len(reference.text))] if start >= 0 else _blocks(reference.text, window)
    if not blocks or any(map(is_other, _gaps(reference.text, window, blocks))):
        return None
    weight = sum(reference.weights[place : place + size - 1].sum() for _, place, size in blocks)
    return blocks[0][0], blocks[-1][0] + blocks[-1][2], float(weight / reference.weights.sum())


def _blocks(text: str, window: str) -> list[tuple[int, int, int]]:
    """Return what a window and a reference share, as start in either and length, in order."""
    matcher = SequenceMatcher(None, window, text, autojunk=False)
    return [(a, b, size) for a, b, size in matcher.get_matching_blocks() if size >= _BLOCK]


def _gaps(text: str, window: str, blocks: list[tuple[int, int, int]]) -> Iterator[Gap]:
    """Yield where a reference and a window differ: before, between and behind what they share."""
    start, place, _ = blocks[0]
    yield Gap(text[:place], window[max(start - place - 1, 0) : start], "", text[place : place + _CONTEXT], True)
    for (a, b, size), (next_a, next_b, _) in pairwise(blocks):
        before, after = text[max(b, b + size - _CONTEXT) : b + size], text[next_b : next_b + _CONTEXT]
        yield Gap(text[b + size : next_b], window[a + size : next_a], before, after, False)
    a, b, size = blocks[-1]
    rest = len(text) - b - size
    before = text[max(b, b + size - _CONTEXT) : b + size]
    yield Gap(text[b + size :], window[a + size : a + size + rest + 1], before, "", True)
