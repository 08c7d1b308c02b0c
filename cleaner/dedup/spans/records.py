"""Records of repeated spans: the place that stays, all that repeat it, and a guess at why they do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cleaner.dedup.templates import TEMPLATE_DOCUMENTS
from cleaner.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    "fragment". `characters`: its length without blanks. `hosts`: how many hosts have it. `text_hash`: the same for the
    same text, wherever it stands. `kind`: a guess; see `guess_origin`.
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


class _Row(Struct, frozen=True, order=True):
    """One place, with what its record needs."""

    keeper: SpanPlace
    state: str
    copy: SpanPlace
    characters: int
    text_hash: str
    share: float
    is_licence: bool


def to_records(places: Places, ids: Sequence[str], host_of: Callable[[str], str]) -> list[RepeatedSpan]:
    """Group places into records, sorted by keeper."""
    rows = sorted(_rows(places, ids))
    groups = groupby(rows, key=lambda row: (row.keeper, row.state))
    return [_to_record(list(group), host_of) for _, group in groups]


def _rows(places: Places, ids: Sequence[str]) -> Iterator[_Row]:
    for row in zip(*(column.tolist() for column in places), strict=True):
        (
            copy,
            start,
            stop,
            keeper,
            keeper_start,
            keeper_stop,
            is_whole,
            text,
            characters,
            share,
            is_quoted,
            is_licence,
        ) = row
        yield _Row(
            SpanPlace(ids[keeper], Span(keeper_start, keeper_stop)),
            "fragment" if not is_whole else "quotation" if is_quoted else "",
            SpanPlace(ids[copy], Span(start, stop)),
            characters,
            f"{text:016x}",
            share,
            is_licence,
        )


def _to_record(rows: list[_Row], host_of: Callable[[str], str]) -> RepeatedSpan:
    first = rows[0]
    documents = {first.keeper.document, *(row.copy.document for row in rows)}
    hosts = [host for host in map(host_of, sorted(documents)) if host]
    kind = guess_origin(rows, hosts)
    copies = tuple(row.copy for row in rows)
    return RepeatedSpan(first.keeper, copies, kind, first.characters, len(set(hosts)), first.text_hash)


def guess_origin(rows: Sequence[_Row], hosts: Sequence[str]) -> Origin:
    """Guess why a span is repeated.

    `fragment`: none of it is a whole sentence. `template`: `TEMPLATE_DOCUMENTS` or more documents of one host have it.
    `quotation`: every copy stands in quotation marks or in a quoted block. `licence`: it has the words of one.
    `syndicated`: it is most of a document on another host. `copy`: none of these.
    """
    if rows[0].state == "fragment":
        return "fragment"
    if _most_of_one(hosts) >= TEMPLATE_DOCUMENTS:
        return "template"
    if rows[0].state == "quotation":
        return "quotation"
    if any(row.is_licence for row in rows):
        return "licence"
    if len(set(hosts)) > 1 and any(row.share >= SYNDICATED_SHARE for row in rows):
        return "syndicated"
    return "copy"


def _most_of_one(hosts: Iterable[str]) -> int:
    counts: dict[str, int] = {}
    for host in hosts:
        counts[host] = counts.get(host, 0) + 1
    return max(counts.values(), default=0)
