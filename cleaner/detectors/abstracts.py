"""Abstracts: heads of a page that repeat its text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.detectors.api import Detections, detector, whole_lines
from cleaner.features.classes import END
from cleaner.lazy_patterns import lazy_pattern
from cleaner.text import hashing
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Rows = NDArray[np.int64]

SHORTEST, LONGEST, LEAST_OPEN = 20, 800, 40
"""Characters of an abstract, at least and at most, and at least of one that does not end like a sentence."""
HEAD = 12
"""Characters that an abstract and the paragraph it was cut from have in common, at least."""
DEPTH, SEARCH_DEPTH, SEARCHES = 4, 2, 4
"""An abstract stands above the fourth line of prose, one from inside a line above the second; so many lines of a
document are searched for inside others."""
SHORTEST_CORE = 16
"""Characters of an abstract without its label and mark of omission, at least."""
LABELLED_PREFIX = 40
"""Characters under a label that must be the same, at most: such abstracts run on over several paragraphs."""
WITH_TAIL, PREFIX = 60, (4, 5)
"""Characters of an abstract that may have a tail of keywords, at least, and the part of it that must be the same."""
LABEL_COLON = range(2, 7)
"""Where a label's colon stands: behind two to six characters."""

_LABEL = lazy_pattern(r"[\u4e00-\u9fff]{2,6}: ?")
_LONGEST_LABEL = 8
_OMISSION = ".…· "


class _Candidate(NamedTuple):
    """A line that may be an abstract.

    Attributes:
        row: its line.
        prose_before: lines of prose before it in its document.
        core: where its text begins behind a label.
        twin: the next line that begins alike, or -1.
        is_below_title: whether another line of the document stands above it.
    """

    row: int
    prose_before: int
    core: int
    twin: int
    is_below_title: int


@detector(decisive=False)
def abstract_copy(view: LineView, *, least: int = SHORTEST) -> Detections:
    """Find leads that copy the beginning of the text, or a part of a longer line below.

    A label in front, a mark of omission at the end and a tail of keywords are looked through. The line is an abstract
    where it ends as a sentence or is long; a title that the text repeats is none, and no line that is not mostly Han
    (code, licences and lists of options begin alike). An author's summary looks alike, so this is evidence, not proof.

    Args:
        view: the lines.
        least: characters of a lead.
    """
    documents = view.batch.documents
    fits = (view.lengths >= max(least, SHORTEST)) & (view.lengths <= LONGEST)
    fits &= ((view.last_bits & END > 0) | (view.lengths >= LEAST_OPEN)) & (view.han * 2 > view.lengths)
    rows = fits.nonzero()[0]
    if not len(rows):
        return whole_lines(view.batch, [])
    cores, twins = _cores_and_twins(view, rows)
    prose_before, is_below_title = view.prose_before[rows], view.segments.position[rows] > 0
    table = np.stack((rows, prose_before, cores, twins, is_below_title.astype(np.int64)), axis=1)
    # as long as a document has no abstract, only these lines of it can be one
    is_likely = ((prose_before < DEPTH) & (twins >= 0)) | ((prose_before < SEARCH_DEPTH) & is_below_title)
    first = [row for candidates in _by_document(view, table[is_likely]) for row in _abstracts(view, candidates)]
    if not first:
        return whole_lines(view.batch, [])
    in_same_documents = np.isin(documents[rows], documents[first])
    return whole_lines(
        view.batch,
        [row for candidates in _by_document(view, table[in_same_documents]) for row in _abstracts(view, candidates)],
    )


def _by_document(view: LineView, table: NDArray[np.int64]) -> Iterator[list[_Candidate]]:
    """Yield the candidates of each document, of a table whose rows are candidates."""
    candidates = list(map(_Candidate._make, table.tolist()))
    starts = run_starts(view.batch.documents[table[:, 0]]).tolist()
    for first, stop in pairwise([*starts, len(candidates)]):
        yield candidates[first:stop]


def _abstracts(view: LineView, candidates: list[_Candidate]) -> list[int]:
    """List the abstracts of one document. They do not count as prose, so that a second look finds no more."""
    abstracts: list[int] = []
    prose = searches = 0
    for candidate in candidates:
        depth = candidate.prose_before - prose
        if depth >= DEPTH:
            break
        may_search = candidate.is_below_title and depth < SEARCH_DEPTH and searches < SEARCHES
        if candidate.twin < 0 and not may_search:
            continue
        stop = _core_stop(view, candidate)
        if stop - candidate.core < SHORTEST_CORE:
            continue
        is_abstract = candidate.twin >= 0 and _begins_twin(view, candidate, stop)
        if not is_abstract and may_search and stop - candidate.core >= SHORTEST:
            is_abstract = _is_inside_longer_line(view, candidate, stop)
            searches += not is_abstract
        if is_abstract:
            abstracts.append(candidate.row)
            prose += bool(view.is_long_prose[candidate.row])
    return abstracts


def _core_stop(view: LineView, candidate: _Candidate) -> int:
    """Find where a candidate's text ends before a mark of omission."""
    text, stop = view.folded_text, view.stops[candidate.row]
    while stop > candidate.core and text[stop - 1] in _OMISSION:
        stop -= 1
    return stop


def _cores_and_twins(view: LineView, rows: Rows) -> tuple[Rows, Rows]:
    """Find where each line's text begins behind a label, and the next line of its document that begins alike, or -1."""
    batch, codes = view.batch, view.codes
    cores = batch.starts[rows].copy()
    has_colon = np.zeros(len(rows), dtype=bool)
    for index in LABEL_COLON:
        has_colon |= codes[cores + index] == ord(":")
    for index in has_colon.nonzero()[0].tolist():
        label = _LABEL.match(view.folded_text, int(cores[index]), int(cores[index]) + _LONGEST_LABEL)
        cores[index] = label.end() if label else cores[index]
    long_rows = (view.lengths >= SHORTEST).nonzero()[0]
    keys = hashing.hash_heads(codes, batch.starts[long_rows], HEAD) + hashing.spread(batch.documents[long_rows])
    twins = np.full(len(view.lengths), -1, dtype=np.int64)
    twins[long_rows] = _next_equal(keys, long_rows)
    labelled = (cores > batch.starts[rows]).nonzero()[0]
    labelled_rows = rows[labelled]
    wanted_keys = hashing.hash_heads(codes, cores[labelled], HEAD) + hashing.spread(batch.documents[labelled_rows])
    twins[labelled_rows] = _first_below(labelled_rows, wanted_keys, long_rows, keys)
    return cores, twins[rows]


def _next_equal(keys: NDArray[np.uint64], rows: Rows) -> Rows:
    """Find for each of some ascending rows the next one with an equal key, -1 for none."""
    repeated = hashing.is_repeated(keys).nonzero()[0]
    order = repeated[keys[repeated].argsort(kind="stable")]
    has_next = (keys[order[1:]] == keys[order[:-1]]).nonzero()[0]
    following = np.full(len(rows), -1, dtype=np.int64)
    following[order[has_next]] = rows[order[has_next + 1]]
    return following


def _first_below(rows: Rows, wanted_keys: NDArray[np.uint64], others: Rows, keys: NDArray[np.uint64]) -> Rows:
    """Find for each of `rows` the first of `others` below it with the wanted key, which few have; -1 for none."""
    twins = np.full(len(rows), -1, dtype=np.int64)
    ordered = np.sort(keys)
    place = np.minimum(np.searchsorted(ordered, wanted_keys), len(keys) - 1)
    some = (ordered[place] == wanted_keys).nonzero()[0]
    if len(some):
        others = others[keys.argsort(kind="stable")]
        stop = np.searchsorted(ordered, wanted_keys[some], side="right")
        for index, low, high in zip(some.tolist(), place[some].tolist(), stop.tolist(), strict=True):
            below = low + int(np.searchsorted(others[low:high], rows[index], side="right"))
            twins[index] = others[below] if below < high else -1
    return twins


def _is_inside_longer_line(view: LineView, candidate: _Candidate, stop: int) -> bool:
    """Tell whether the text of a candidate up to `stop` stands inside a longer line below in its document."""
    text, row = view.folded_text, candidate.row
    end = int(view.batch.offsets[view.batch.documents[row] + 1])
    # a short beginning is looked for first: preparing to look for a long text takes longer than that
    start = text.find(text[candidate.core : candidate.core + HEAD], view.stops[row], end)
    if start >= 0:
        start = text.find(text[candidate.core : stop], start, end)
    return start >= 0 and int(view.lengths[view.row_at(start)]) > int(view.lengths[row])


def _begins_twin(view: LineView, candidate: _Candidate, stop: int) -> bool:
    """Tell whether a candidate's twin is longer and begins with its text, or with most of it before keywords.

    Under a label (本文摘要：) a beginning in common is enough.
    """
    core, twin = view.folded_text[candidate.core : stop], view.text(candidate.twin)
    numerator, denominator = PREFIX
    prefix = len(core) * numerator // denominator
    if candidate.core > view.starts[candidate.row]:
        return twin.startswith(core[: min(prefix, LABELLED_PREFIX)])
    if len(twin) <= len(core):
        return False
    return twin.startswith(core) or (len(core) >= WITH_TAIL and twin.startswith(core[:prefix]))
