"""Guesses at why spans are repeated, from their spread over hosts and their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np

from cleaner.dedup.spans.records import Origin
from cleaner.dedup.templates import TEMPLATE_DOCUMENTS
from cleaner.text.packing import pack_pairs, unpack_pairs
from cleaner.text.segments import distinct, run_lengths, run_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.dedup.spans.places import Places

SYNDICATED_SHARE = 0.5
"""The share of a text from which on it is the same article on another host, not a text with a copied part."""
_WHOLE, _FRAGMENT, _QUOTATION = range(3)
"""What the copies of a record have in common; one with several of these is several records."""
_ORIGINS: tuple[Origin, ...] = get_args(Origin)


class SpanHosts(NamedTuple):
    """Hosts of spans, as arrays (spans,): how many have it, and the documents of the one that has most."""

    hosts: NDArray[np.int64]
    most_documents: NDArray[np.int64]


def find_states(places: Places) -> NDArray[np.int8]:
    """Tell whether each place is a quotation, whole sentences, or neither."""
    states = np.where(places.is_whole, np.int8(_WHOLE), np.int8(_FRAGMENT))
    states[places.is_quoted] = _QUOTATION
    return states


def count_hosts(places: Places, starts: NDArray[np.int64], hosts: Sequence[str]) -> SpanHosts:
    """Count the hosts of spans, keepers included.

    Args:
        places: sorted by span.
        starts: (spans,) where the places of each span begin.
        hosts: (texts,) the host of each, or "".
    """
    counts = SpanHosts(*np.zeros((2, len(starts)), dtype=np.int64))
    numbers: dict[str, int] = {"": -1}
    row_hosts = np.full(len(hosts), -1, dtype=np.int64)
    is_there = np.zeros(len(hosts), dtype=np.bool_)
    is_there[places.copies] = is_there[places.keepers[starts]] = True
    for row in map(int, np.flatnonzero(is_there)):
        row_hosts[row] = numbers.setdefault(hosts[row], len(numbers) - 1)
    if len(numbers) == 1:
        return counts
    spans = np.arange(len(starts))
    sizes = np.diff(starts, append=len(places.copies))
    documents = distinct(
        np.concatenate((pack_pairs(np.repeat(spans, sizes), places.copies), pack_pairs(spans, places.keepers[starts])))
    )
    owners, rows = unpack_pairs(documents)
    has_host = row_hosts[rows] >= 0
    pairs = np.sort(pack_pairs(owners[has_host], row_hosts[rows[has_host]]))
    owners, _ = unpack_pairs(pairs[run_starts(pairs)])
    np.add.at(counts.hosts, owners, 1)
    np.maximum.at(counts.most_documents, owners, run_lengths(pairs))
    return counts


def guess_origins(
    places: Places, states: NDArray[np.int8], starts: NDArray[np.int64], counts: SpanHosts
) -> list[Origin]:
    """Guess why spans are repeated.

    `fragment`: none of it is a whole sentence. `template`: `TEMPLATE_DOCUMENTS` or more documents of one host have it.
    `quotation`: every copy stands in quotation marks or in a quoted block. `licence`: it has the words of one.
    `syndicated`: it is most of a document on another host. `copy`: none of these.

    Args:
        places: sorted by span.
        states: (places,) see `find_states`; the same for all places of a span.
        starts: (spans,) where the places of each span begin.
        counts: of its hosts.
    """
    is_most = np.maximum.reduceat(places.shares, starts) >= SYNDICATED_SHARE
    guesses: dict[Origin, NDArray[np.bool_]] = {
        "fragment": states[starts] == _FRAGMENT,
        "template": counts.most_documents >= TEMPLATE_DOCUMENTS,
        "quotation": states[starts] == _QUOTATION,
        "licence": np.logical_or.reduceat(places.is_licence, starts),
        "syndicated": is_most & (counts.hosts > 1),
    }
    choices = [_ORIGINS.index(origin) for origin in guesses]
    numbers = np.select(list(guesses.values()), choices, _ORIGINS.index("copy"))
    return [_ORIGINS[number] for number in numbers.tolist()]
