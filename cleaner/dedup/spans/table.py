"""Repeated spans as columns: records are made one at a time, as one may have millions of places."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cleaner.dedup.spans import origins
from cleaner.dedup.spans.places import NO_PLACES, Places
from cleaner.dedup.spans.records import RepeatedSpan, SpanPlace
from cleaner.model import Span
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.spans.column_store import ColumnStore
    from cleaner.dedup.spans.records import Origin

PLACES_AT_ONCE = 1 << 14
"""Places that are turned into Python's objects at one time."""
PLACES_PER_PART = 1 << 18
"""Places that are sorted into their spans at one time."""
_NO_COPIES = b'"copies":[]'
"""How a record without copies is written; within a string the quotes are escaped."""


class SpanHeads(NamedTuple):
    """All of records but their copies, as columns (spans,)."""

    keepers: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    characters: NDArray[np.int64]
    text_hashes: NDArray[np.uint64]
    hosts: NDArray[np.int64]
    kinds: Sequence[Origin]


class SpanTable(NamedTuple):
    """Repeated spans, sorted by keeper; the copies of each are sorted, too.

    `ids`: names of the texts. `heads`: the records without their copies. `sizes` (spans,): how many these are.
    `texts`, `starts`, `stops` (copies,): their places, span by span.
    """

    ids: Sequence[str]
    heads: SpanHeads
    sizes: NDArray[np.int64]
    texts: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def records(self) -> Iterator[RepeatedSpan]:
        """Yield the records."""
        places = self._places()
        for *head, size in self._rows():
            yield self._record(head, tuple(islice(places, size)))

    def encode(self) -> Iterator[bytes]:
        """Yield the records as lines of JSON, a long one in parts."""
        encode, places = msgspec.json.Encoder().encode, self._places()
        for *head, size in self._rows():
            if size <= PLACES_AT_ONCE:
                yield encode(self._record(head, tuple(islice(places, size)))) + b"\n"
                continue
            before, _, after = encode(self._record(head, ())).partition(_NO_COPIES)
            yield before + _NO_COPIES[:-1]
            for first in range(0, size, PLACES_AT_ONCE):
                copies = encode(list(islice(places, min(PLACES_AT_ONCE, size - first))))[1:-1]
                yield b"," + copies if first else copies
            yield _NO_COPIES[-1:] + after + b"\n"

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of heads, and the number of copies, of one record after the other."""
        for first in range(0, len(self.sizes), PLACES_AT_ONCE):
            rows = slice(first, first + PLACES_AT_ONCE)
            *columns, kinds = self.heads
            values = (column[rows].tolist() for column in columns)
            yield from zip(*values, kinds[rows], self.sizes[rows].tolist(), strict=True)

    def _record(self, head: Sequence[Any], copies: tuple[SpanPlace, ...]) -> RepeatedSpan:
        keeper, start, stop, characters, text_hash, hosts, kind = head
        place = SpanPlace(self.ids[keeper], Span(start, stop))
        return RepeatedSpan(place, copies, kind, characters, hosts, f"{text_hash:016x}")

    def _places(self) -> Iterator[SpanPlace]:
        for first in range(0, len(self.texts), PLACES_AT_ONCE):
            rows = slice(first, first + PLACES_AT_ONCE)
            columns = (column[rows].tolist() for column in (self.texts, self.starts, self.stops))
            for row, start, stop in zip(*columns, strict=True):
                yield SpanPlace(self.ids[row], Span(start, stop))


class Names(NamedTuple):
    """Names of texts: `ids`, their `ranks` when sorted (texts,), and the `hosts` of these, "" for none."""

    ids: Sequence[str]
    ranks: NDArray[np.integer[Any]]
    hosts: Sequence[str]


def tabulate(places: Places, names: Names, store: ColumnStore) -> SpanTable:
    """Group places into spans, which `store` keeps."""
    order = _sort(places, names.ranks, store)
    parts = (places.select(order[first : first + PLACES_PER_PART]) for first in range(0, len(order), PLACES_PER_PART))
    places = Places(*store.collect("spans", _release_each(chain([NO_PLACES], parts), store)))
    del order
    states = origins.find_states(places)
    starts = run_starts(places.keepers, places.keeper_starts, places.keeper_stops, states)
    sizes = np.diff(starts, append=len(states))
    store.release()
    counts = origins.count_hosts(places, starts, names.hosts)
    heads = SpanHeads(
        places.keepers[starts],
        places.keeper_starts[starts],
        places.keeper_stops[starts],
        places.sizes[starts],
        places.text_hashes[starts],
        counts.hosts,
        origins.guess_origins(places, states, starts, counts),
    )
    store.release()
    return SpanTable(names.ids, heads, sizes, places.copies, places.copy_starts, places.copy_stops)


def _sort(places: Places, ranks: NDArray[np.integer[Any]], store: ColumnStore) -> NDArray[np.int64]:
    """Return the order of places by keeper, state and copy; one column is in memory at a time."""
    order = np.argsort(places.copy_starts, kind="stable")
    columns: tuple[Callable[[], NDArray[Any]], ...] = (
        lambda: ranks[places.copies],
        lambda: origins.find_states(places),
        lambda: places.keeper_stops,
        lambda: places.keeper_starts,
        lambda: ranks[places.keepers],
    )
    for column in columns:
        order = order[np.argsort(column()[order], kind="stable")]
        store.release()
    return order


def _release_each(parts: Iterable[Places], store: ColumnStore) -> Iterator[Places]:
    for part in parts:
        yield part
        store.release()
