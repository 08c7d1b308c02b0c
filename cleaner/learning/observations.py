"""What pages show of the lines that recur on their hosts: counts that add up in any order, and texts to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.learning.elements.counts import ElementCounts, ElementMarks
from cleaner.learning.line_keys import LONGEST, hash_names, key_lines
from cleaner.learning.lists import ListMarks, ListRow, Lists, observe_lists
from cleaner.learning.places import STEADY, is_prose, place_lines
from cleaner.learning.spans.counts import SpanCounts, SpanMarks
from cleaner.text import hashing, lines
from cleaner.text.printable import make_encodable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.learning.line_counts import LineCounts
    from cleaner.learning.pages import Pages, RuleSigns
    from cleaner.learning.places import LinePlaces
    from cleaner.text.lines import Batch

    Mask = NDArray[np.bool_]
    _Rows = tuple[NDArray[np.int64], NDArray[np.int64]]
    """Lines that recur: their rows in a batch, and in the counts."""

COLUMNS = ("places", "head", "tail", "outer", "values", "labels", "sample", "evidence", "decisions")
"""What is counted of each line: places it was seen at; before and after the body; outermost; below a value; next to a
label; and among pages that were judged, those where it was, where rules spoke against it, where one decided."""
_PLACES = COLUMNS[1:6]
BODY_LINES = 60
"""Lines of bodies that are kept of each host, for the cases that a rule must leave."""
BODY_LENGTH = 80
"""Characters of such a line, at most."""


class Occurrence(NamedTuple):
    """One place of a line: the number that chose it among all, its text, the lines before and behind it, and the path
    to the element that it stands in, "" where its page is no HTML."""

    choice: int
    text: str
    before: str
    after: str
    path: str = ""


_Encoding = tuple[
    list[bytes],
    dict[int, tuple[Occurrence, Occurrence]],
    dict[int, str],
    dict[str, list[tuple[int, str]]],
    list[ListRow],
    bytes,
    bytes,
]


@dataclass
class Observations:
    """What was seen of recurring lines, one row a line of `counts`.

    Attributes:
        counts: the lines.
        numbers: (COLUMNS, lines) int64.
        first, last: (lines,) uint64, the choices of the samples.
        samples: by row the occurrences with the lowest choice and the highest.
        hosts: by row the host.
        bodies: by host lines of bodies with their hashes, the lowest ones.
        lists: those under heads, on pages that were judged.
        elements: what the elements of pages in markup hold.
        spans: those at the head or the tail of lines.
    """

    counts: LineCounts
    numbers: NDArray[np.int64]
    first: NDArray[np.uint64]
    last: NDArray[np.uint64]
    samples: dict[int, tuple[Occurrence, Occurrence]] = field(default_factory=dict)
    hosts: dict[int, str] = field(default_factory=dict)
    bodies: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    lists: Lists = field(default_factory=Lists)
    elements: ElementCounts = field(default_factory=ElementCounts)
    spans: SpanCounts = field(default_factory=SpanCounts)

    @classmethod
    def start(cls, counts: LineCounts) -> Observations:
        """Begin without any page."""
        size = len(counts.keys)
        numbers = np.zeros((len(COLUMNS), size), dtype=np.int64)
        last = np.zeros(size, dtype=np.uint64)
        return cls(counts, numbers, ~last, last)

    def number(self, name: str) -> NDArray[np.int64]:
        """Return one of COLUMNS, (lines,)."""
        row: NDArray[np.int64] = self.numbers[COLUMNS.index(name)]
        return row

    def to_bytes(self) -> bytes:
        """Encode what was seen, without the counts."""
        arrays = (self.numbers, self.first, self.last)
        plain = [array.tobytes() for array in arrays]
        parts = (self.lists.to_rows(), self.elements.to_bytes(), self.spans.to_bytes())
        return msgspec.msgpack.encode((plain, self.samples, self.hosts, self.bodies, *parts))

    def merge_bytes(self, data: bytes) -> None:
        """Add what was encoded elsewhere of the same lines."""
        arrays, samples, hosts, bodies, lists, elements, spans = msgspec.msgpack.decode(data, type=_Encoding)
        numbers = np.frombuffer(arrays[0], dtype=np.int64).reshape(self.numbers.shape)
        first, last = (np.frombuffer(array, dtype=np.uint64) for array in arrays[1:])
        parts = (Lists.from_rows(lists), ElementCounts.from_bytes(elements), SpanCounts.from_bytes(spans))
        self.merge(Observations(self.counts, numbers, first, last, samples, hosts, bodies, *parts))

    def merge(self, other: Observations) -> None:
        """Add what was seen of the same lines elsewhere; the order of merging does not matter."""
        self.numbers += other.numbers
        for row, (low, high) in other.samples.items():
            first_last = self.samples.get(row, (low, high))
            self.samples[row] = min(first_last[0], low), max(first_last[1], high)
        np.minimum(self.first, other.first, out=self.first)
        np.maximum(self.last, other.last, out=self.last)
        self.hosts |= other.hosts
        self.lists.merge(other.lists)
        self.elements.merge(other.elements)
        self.spans.merge(other.spans)
        for host, body_lines in other.bodies.items():
            self.bodies[host] = _lowest([*self.bodies.get(host, ()), *body_lines])


def _lowest(body_lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(set(body_lines))[:BODY_LINES]


def observe(observations: Observations, pages: Pages, least: Mapping[str, int]) -> None:
    """Add a batch of pages.

    Args:
        observations: is changed.
        pages: the batch; `signs` has its lines in the order of `cleaner.text.lines.join`.
        least: pages on which a line recurs, by host; pages of others are passed over.
    """
    batch = lines.join(pages.texts)
    if not len(batch.starts):
        return
    view = view_lines(batch)
    rows, keys, _ = key_lines(view, hash_names(pages.hosts))
    is_own = batch.lengths > LONGEST
    is_own[rows] = True
    indices = observations.counts.find(keys)
    threshold = np.array([least.get(host, 0) for host in pages.hosts], dtype=np.int64)[batch.documents[rows]]
    frequency = np.append(observations.counts.pages, np.uint32(0))[indices]
    is_frequent = (indices >= 0) & (threshold > 0) & (frequency >= threshold)
    rows, indices = rows[is_frequent], indices[is_frequent]
    host_pages = np.array([observations.counts.hosts[host] for host in pages.hosts], dtype=np.float64)
    shares = np.zeros(len(batch.starts))
    shares[rows] = frequency[is_frequent] / host_pages[batch.documents[rows]]
    varies = np.zeros(len(batch.starts), dtype=np.bool_)
    varies[rows] = observations.counts.is_variable[indices]
    is_own &= (shares == 0) | varies
    places = place_lines(view, np.where(varies, 0.0, shares), is_own)
    _count(observations, batch, (rows, indices), places, pages.signs)
    _sample(observations, batch, (rows, indices), pages)
    _keep_bodies(observations, batch, places.body, pages)
    span_pages = [(name, host, least.get(host, 0)) for name, host in zip(pages.ids, pages.hosts, strict=True)]
    is_own_prose = is_own & is_prose(view)
    is_last = is_own_prose & (view.segments.sum_after(is_own_prose.astype(np.float64)) == 0)
    observations.spans.observe(observations.counts, view, span_pages, SpanMarks(is_own & (shares == 0), is_last))
    if any(pages.hints):
        marks = ElementMarks((shares >= STEADY) & ~varies, is_own_prose)
        observations.elements.observe(batch, marks, list(zip(pages.ids, pages.hosts, pages.hints, strict=True)))
    if pages.signs:
        is_steady = (shares[rows] >= STEADY) & ~varies[rows] & pages.signs.pages[batch.documents[rows]]
        steady_rows = rows[is_steady]
        prose = view.segments.sum_before(is_own_prose).astype(np.int64)
        choices = hashing.spread(hash_names(pages.ids))[batch.documents[steady_rows]]
        is_head = pages.signs.heads[steady_rows]
        list_marks = ListMarks(steady_rows, indices[is_steady], is_head, prose[steady_rows], choices)
        observe_lists(observations.lists, batch, list_marks)


def _count(
    observations: Observations, batch: Batch, frequent: _Rows, places: LinePlaces, signs: RuleSigns | None
) -> None:
    rows, indices = frequent
    columns: dict[str, Mask] = {name: getattr(places, name)[rows] for name in _PLACES}
    columns["places"] = np.ones(len(rows), dtype=np.bool_)
    if signs:
        columns["sample"] = signs.pages[batch.documents[rows]]
        columns |= {name: getattr(signs, name)[rows] for name in ("evidence", "decisions")}
    for name, mask in columns.items():
        np.add.at(observations.numbers[COLUMNS.index(name)], indices[mask], 1)


def _sample(observations: Observations, batch: Batch, frequent: _Rows, pages: Pages) -> None:
    """Keep for each line the lowest and the highest choice among its places; each page has it once."""
    rows, indices = frequent
    texts = hashing.hash_ranges(batch.codes, batch.starts[rows], batch.stops[rows])
    documents = batch.documents[rows]
    choices = hashing.spread(texts ^ hash_names(pages.ids)[documents])
    is_new = (choices < observations.first[indices]) | (choices > observations.last[indices])
    for number in is_new.nonzero()[0].tolist():
        index = int(indices[number])
        row, document = int(rows[number]), int(documents[number])
        path = _path(pages, document, row - int(batch.first_lines[document]))
        occurrence = Occurrence(int(choices[number]), *_around(batch, row), path)
        low, high = observations.samples.get(index, (occurrence, occurrence))
        observations.samples[index] = min(low, occurrence), max(high, occurrence)
        observations.hosts[index] = pages.hosts[document]
    np.minimum.at(observations.first, indices, choices)
    np.maximum.at(observations.last, indices, choices)


def _path(pages: Pages, document: int, line: int) -> str:
    """Return the path to the element that a line of a page stands in, of links if it is one; "" where there is none."""
    hints = pages.hints[document] if pages.hints else None
    return hints.elements.path(line) if hints and hints.elements else ""


def _around(batch: Batch, row: int) -> tuple[str, str, str]:
    """Return the text of a line, and the lines before and behind it on its page."""

    def text(at: int) -> str:
        is_inside = 0 <= at < len(batch.starts) and batch.documents[at] == batch.documents[row]
        return make_encodable(batch.text[batch.starts[at] : batch.stops[at]]) if is_inside else ""

    return text(row), text(row - 1), text(row + 1)


def _keep_bodies(observations: Observations, batch: Batch, body: Mask, pages: Pages) -> None:
    """Keep some lines of the bodies of pages that were judged."""
    if pages.signs is None:
        return
    rows = (body & (batch.lengths <= BODY_LENGTH) & pages.signs.pages[batch.documents]).nonzero()[0]
    choices = hashing.hash_ranges(batch.codes, batch.starts[rows], batch.stops[rows])
    by_host: dict[str, list[tuple[int, str]]] = {}
    for row, choice in zip(rows.tolist(), choices.tolist(), strict=True):
        text = make_encodable(batch.text[batch.starts[row] : batch.stops[row]])
        by_host.setdefault(pages.hosts[int(batch.documents[row])], []).append((choice, text))
    for host, body_lines in by_host.items():
        observations.bodies[host] = _lowest([*observations.bodies.get(host, ()), *body_lines])
