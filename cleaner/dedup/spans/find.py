"""All repeated spans of a collection: one search for memory and files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.dedup.spans.anchors import Sampling
from cleaner.dedup.spans.buckets import Buckets, find_buckets
from cleaner.dedup.spans.matches import NO_MATCHES, Links, SpanMatches, distinct_matches, extend, sort_links
from cleaner.dedup.spans.places import NO_PLACES, Places, place_copies, place_keepers
from cleaner.dedup.spans.recent_inks import RecentInks
from cleaner.text.segments import run_start_mask, run_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.dedup.spans.anchors import AnchorSource
    from cleaner.dedup.spans.column_store import ColumnStore
    from cleaner.dedup.spans.folds import FoldedTexts

ATTEMPTS = 5
"""Texts that an anchor is compared with, at most, until one shares all around it that could be a span."""
BATCH_CHARACTERS = 1 << 21
"""Characters of the texts that are compared together."""


class SpanCollection(NamedTuple):
    """Texts with their anchors.

    `load_anchors`: finds the anchors of all; nothing else holds them, as they are what takes most memory.

    `ranks` (texts,): the rank of each as a keeper, best first. `lengths` (texts,): their characters.

    `fetch`: reads the code points of texts, end to end, by ascending rows.

    `store`: keeps what grows with the places that are found.
    """

    load_anchors: Callable[[], AnchorSource]
    ranks: NDArray[np.integer[Any]]
    lengths: NDArray[np.int64]
    fetch: Callable[[NDArray[np.int64]], NDArray[np.uint32]]
    store: ColumnStore


def find_places(collection: SpanCollection, min_span: int) -> Places:
    """Find every place that repeats a better-ranked text, or an earlier place of its own, and the place it repeats.

    Args:
        collection: the texts; the same ones give the same places, in whatever order they stand.
        min_span: least length of what is the same, in characters of ink.
    """
    ranks, lengths, fetch = collection.ranks, collection.lengths, collection.fetch
    batches = (
        place_keepers(copies, lengths, fetch)
        for matches in _find_matches(collection, min_span)
        for copies in place_copies(distinct_matches(matches), ranks, lengths, fetch)
    )
    return Places(*collection.store.collect("places", chain([NO_PLACES], batches)))


def _find_matches(collection: SpanCollection, min_span: int) -> Iterator[SpanMatches]:
    """Yield what is the same in two texts, all of a copy together; one match may come several times."""
    buckets = find_buckets(collection.load_anchors(), collection.ranks, collection.store)
    inks = RecentInks(collection.fetch, collection.lengths)
    # texts that are like one another follow each other, so that most are read once
    order = np.lexsort((collection.ranks, buckets.best_ranks(collection.ranks)))
    for followers in buckets.followers_by_text(order, collection.lengths, BATCH_CHARACTERS):
        pending, batches = followers, [NO_MATCHES]
        for attempt in range(ATTEMPTS):
            partners = buckets.partners(pending, attempt)
            pending, partners = pending[partners >= 0], partners[partners >= 0]
            if not len(pending):
                break
            is_settled, matches = _compare(inks, buckets, (pending, partners), min_span)
            pending = pending[~is_settled]
            batches += matches
        collection.store.release()
        yield SpanMatches._make(np.concatenate(column) for column in zip(*batches, strict=True))


def _compare(
    inks: RecentInks, buckets: Buckets, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], min_span: int
) -> tuple[NDArray[np.bool_], list[SpanMatches]]:
    """Extend pairs of members; tell which need no other partner, and return the long matches."""
    links = Links(*(column[side].astype(np.int64) for side in pairs for column in (buckets.texts, buckets.positions)))
    order = sort_links(links)
    is_settled, batches = np.zeros(len(order), dtype=np.bool_), []
    for rows in _batches(inks.lengths, links.select(order)):
        batch_links = inks.number_texts(links.select(order[rows]))
        is_settled[order[rows]], matches = compare_links(inks.ink, batch_links, min_span)
        batches.append(matches._replace(copies=inks.rows[matches.copies], keepers=inks.rows[matches.keepers]))
    return is_settled, batches


def compare_links(ink: FoldedTexts, links: Links, min_span: int) -> tuple[NDArray[np.bool_], SpanMatches]:
    """Extend links in the order of `sort_links`; tell which need no other partner, and return the long matches."""
    matches, owners = extend(ink, links)
    is_settled = _is_settled(ink, links, matches.select(owners), min_span)
    return is_settled, matches.select(matches.lengths >= min_span)


def _is_settled(ink: FoldedTexts, links: Links, matches: SpanMatches, min_span: int) -> NDArray[np.bool_]:
    """Tell which links lie so deep in their matches that no other text can share a span with them that reaches further.

    Near an end of its match an anchor may, in another text, belong to a span that goes on there.
    """
    gram = Sampling.of(min_span).gram
    stops = matches.copy_starts + matches.lengths
    sizes = np.diff(ink.bounds)[links.copies]
    starts_deep = (links.copy_positions - matches.copy_starts >= min_span - gram) | (matches.copy_starts == 0)
    stops_deep = (stops - links.copy_positions >= min_span) | (stops == sizes)
    is_settled: NDArray[np.bool_] = (matches.lengths >= min_span) & starts_deep & stops_deep
    return is_settled


def _batches(lengths: NDArray[np.int64], links: Links) -> Iterator[slice]:
    """Cut sorted links between pairs of texts, so that the texts of a batch are of bounded size."""
    is_pair = run_start_mask(links.keepers, links.copies)
    is_keeper = run_start_mask(links.keepers)
    sizes = np.where(is_pair, lengths[links.copies], 0) + np.where(is_keeper, lengths[links.keepers], 0)
    number = np.cumsum(sizes) // BATCH_CHARACTERS
    # a pair of texts is never divided
    number = number[np.flatnonzero(is_pair)][np.cumsum(is_pair) - 1]
    bounds = [*run_starts(number).tolist(), len(number)]
    yield from (slice(start, stop) for start, stop in pairwise(bounds))
