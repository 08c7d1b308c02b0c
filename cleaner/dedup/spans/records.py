"""Records of repeated spans: the place that stays, all that repeat it, and a guess at why they do."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.dedup.templates import TEMPLATE_DOCUMENTS
from cleaner.model import Span
from cleaner.text.segments import distinct, run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.spans.places import Places

Origin = Literal["copy", "syndicated", "template", "licence", "quotation", "fragment"]
CUT_ORIGINS: tuple[Origin, ...] = ("copy", "syndicated")
"""Origins that dropping removes. Templates and licences are for rules, a quotation belongs to what quotes it, and a
fragment holds no whole sentence."""
SYNDICATED_SHARE = 0.5
"""The share of a text from which on it is the same article on another host, not a text with a copied part."""


class SpanPlace(Struct, frozen=True, order=True):
    """A span of a document, in code points."""

    document: str
    span: Span


class RepeatedSpan(Struct, frozen=True, order=True):
    """A text that stands in several places, letter for letter but for width, script, case, blanks and kinds of marks.

    `keeper`: the place that stays. `copies`: the places that repeat it, sorted; whole sentences unless `kind` is
    "fragment" or "quotation". `characters`: its length without blanks. `hosts`: how many hosts have it. `text_hash`:
    the same for the same text, wherever it stands. `kind`: a guess; see `guess_origin`.
    """

    keeper: SpanPlace
    copies: tuple[SpanPlace, ...]
    kind: Origin
    characters: int
    hosts: int
    text_hash: str

    @property
    def cuts(self) -> tuple[SpanPlace, ...]:
        """The places that dropping removes."""
        return self.copies if self.kind in CUT_ORIGINS else ()


_WHOLE, _FRAGMENT, _QUOTATION = range(3)
"""What the copies of a record have in common; one with several of these is several records."""


ROWS_AT_ONCE = 1 << 16
"""Places that are turned into Python's numbers at one time."""


def to_records(places: Places, ids: Sequence[str], host_of: Callable[[str], str]) -> list[RepeatedSpan]:
    """Group places into records, sorted by keeper; the copies of each are sorted, too."""
    if not len(places.copies):
        return []
    ranks = _rank_ids(places, ids)
    states = np.where(places.is_quoted, _QUOTATION, np.where(places.is_whole, _WHOLE, _FRAGMENT))
    copies, keepers = ranks[places.copies], ranks[places.keepers]
    by_keeper = (places.copy_starts, copies, states, places.keeper_stops, places.keeper_starts, keepers)
    order = np.lexsort(by_keeper)
    places, states = places.select(order), states[order]
    starts = run_starts(places.keepers, places.keeper_starts, places.keeper_stops, states)
    groups = zip(*(column.tolist() for column in _groups(places, states, starts)), strict=True)
    copy_places = _copy_places(places, ids)
    return [_to_record(_Group(*group), copy_places, ids, host_of) for group in groups]


class _Group(NamedTuple):
    """One record: how many places it has, its keeper's, and what tells why it is repeated."""

    places: int
    keeper: int
    start: int
    stop: int
    size: int
    text_hash: int
    state: int
    share: float
    is_licence: bool


def _groups(places: Places, states: NDArray[np.int64], starts: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    """Yield the columns of all groups."""
    yield np.diff(starts, append=len(states))
    columns = (places.keepers, places.keeper_starts, places.keeper_stops, places.sizes, places.text_hashes, states)
    yield from (column[starts] for column in columns)
    yield np.maximum.reduceat(places.shares, starts)
    yield np.logical_or.reduceat(places.is_licence, starts)


def _copy_places(places: Places, ids: Sequence[str]) -> Iterator[SpanPlace]:
    for first in range(0, len(places.copies), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        columns = (column[rows].tolist() for column in (places.copies, places.copy_starts, places.copy_stops))
        for row, start, stop in zip(*columns, strict=True):
            yield SpanPlace(ids[row], Span(start, stop))


def _rank_ids(places: Places, ids: Sequence[str]) -> NDArray[np.int64]:
    """Rank the ids that places have, by the rows of their texts."""
    rows = distinct(np.concatenate((places.copies, places.keepers)))
    ranks = np.zeros(int(rows.max(initial=-1)) + 1, dtype=np.int64)
    ranks[sorted(rows.tolist(), key=ids.__getitem__)] = np.arange(len(rows))
    return ranks


def _to_record(
    group: _Group, places: Iterator[SpanPlace], ids: Sequence[str], host_of: Callable[[str], str]
) -> RepeatedSpan:
    """Make a record of a group and the next of the places."""
    copies = tuple(islice(places, group.places))
    keeper = SpanPlace(ids[group.keeper], Span(group.start, group.stop))
    documents = {keeper.document, *(place.document for place in copies)}
    hosts = Counter([host for host in map(host_of, documents) if host])
    return RepeatedSpan(keeper, copies, guess_origin(group, hosts), group.size, len(hosts), f"{group.text_hash:016x}")


def guess_origin(group: _Group, hosts: Counter[str]) -> Origin:
    """Guess why a span is repeated.

    `fragment`: none of it is a whole sentence. `template`: `TEMPLATE_DOCUMENTS` or more documents of one host have it.
    `quotation`: every copy stands in quotation marks or in a quoted block. `licence`: it has the words of one.
    `syndicated`: it is most of a document on another host. `copy`: none of these.
    """
    if group.state == _FRAGMENT:
        return "fragment"
    if max(hosts.values(), default=0) >= TEMPLATE_DOCUMENTS:
        return "template"
    if group.state == _QUOTATION:
        return "quotation"
    if group.is_licence:
        return "licence"
    return "syndicated" if len(hosts) > 1 and group.share >= SYNDICATED_SHARE else "copy"
