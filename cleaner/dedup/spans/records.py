"""Records of repeated spans: the place that stays, all that repeat it, and a guess at why they do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from msgspec import Struct

from cleaner.dedup.templates import TEMPLATE_DOCUMENTS
from cleaner.model import Span
from cleaner.text.segments import distinct, run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def to_records(places: Places, ids: Sequence[str], host_of: Callable[[str], str]) -> list[RepeatedSpan]:
    """Group places into records, sorted by keeper; the copies of each are sorted, too."""
    ranks = _rank_ids(places, ids)
    states = np.where(places.is_quoted, _QUOTATION, np.where(places.is_whole, _WHOLE, _FRAGMENT))
    copies, keepers = ranks[places.copies], ranks[places.keepers]
    by_keeper = (places.copy_starts, copies, states, places.keeper_stops, places.keeper_starts, keepers)
    order = np.lexsort(by_keeper)
    places, states = places.select(order), states[order]
    starts = (
        run_starts(places.keepers, places.keeper_starts, places.keeper_stops, states).tolist() if len(order) else []
    )
    groups = zip(starts, [*starts[1:], len(order)], strict=True)
    return [_to_record(places, slice(start, stop), int(states[start]), (ids, host_of)) for start, stop in groups]


def _rank_ids(places: Places, ids: Sequence[str]) -> NDArray[np.int64]:
    """Rank the ids that places have, by the rows of their texts."""
    rows = distinct(np.concatenate((places.copies, places.keepers)))
    ranks = np.zeros(int(rows.max(initial=-1)) + 1, dtype=np.int64)
    ranks[sorted(rows.tolist(), key=ids.__getitem__)] = np.arange(len(rows))
    return ranks


def _to_record(
    places: Places, rows: slice, state: int, naming: tuple[Sequence[str], Callable[[str], str]]
) -> RepeatedSpan:
    ids, host_of = naming
    columns = (column[rows].tolist() for column in (places.copies, places.copy_starts, places.copy_stops))
    copies = tuple(SpanPlace(ids[row], Span(start, stop)) for row, start, stop in zip(*columns, strict=True))
    first = rows.start
    span = Span(int(places.keeper_starts[first]), int(places.keeper_stops[first]))
    keeper = SpanPlace(ids[int(places.keepers[first])], span)
    documents = {keeper.document, *(place.document for place in copies)}
    hosts = Counter(host for host in map(host_of, documents) if host)
    hints = _Hints(state, float(places.shares[rows].max()), bool(places.is_licence[rows].any()))
    return RepeatedSpan(
        keeper,
        copies,
        guess_origin(hints, hosts),
        int(places.sizes[first]),
        len(hosts),
        f"{int(places.text_hashes[first]):016x}",
    )


class _Hints(NamedTuple):
    """What tells why a span is repeated: the state of its copies, its greatest share of one, words of a licence."""

    state: int
    share: float
    is_licence: bool


def guess_origin(hints: _Hints, hosts: Counter[str]) -> Origin:
    """Guess why a span is repeated.

    `fragment`: none of it is a whole sentence. `template`: `TEMPLATE_DOCUMENTS` or more documents of one host have it.
    `quotation`: every copy stands in quotation marks or in a quoted block. `licence`: it has the words of one.
    `syndicated`: it is most of a document on another host. `copy`: none of these.
    """
    if hints.state == _FRAGMENT:
        return "fragment"
    if max(hosts.values(), default=0) >= TEMPLATE_DOCUMENTS:
        return "template"
    if hints.state == _QUOTATION:
        return "quotation"
    if hints.is_licence:
        return "licence"
    return "syndicated" if len(hosts) > 1 and hints.share >= SYNDICATED_SHARE else "copy"
