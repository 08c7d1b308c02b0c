"""All repeated spans of a collection: one search for memory and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup.spans.anchors import Sampling
from cleaner.dedup.spans.buckets import Buckets, find_buckets
from cleaner.dedup.spans.folds import FoldedTexts, fold_codes
from cleaner.dedup.spans.matches import NO_MATCHES, Links, SpanMatches, distinct_matches, extend, sort_links
from cleaner.dedup.spans.places import Places, place
from cleaner.text.segments import run_start_mask, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.spans.anchors import Anchors

ATTEMPTS = 5
"""Texts that an anchor is compared with, at most, until one shares all around it that could be a span."""
LINKS_AT_ONCE = 1 << 20
"""About how many links are sorted at one time."""
BATCH_CHARACTERS = 1 << 21
"""Characters of the texts that are compared together."""


class SpanCollection(NamedTuple):
    """Texts with their anchors.

    `load_anchors`: reads the anchors of all; nothing else holds them, as they are what takes most memory.

    `ranks` (texts,): the rank of each as a keeper, best first. `lengths` (texts,): their characters.

    `fetch`: reads the code points of texts, end to end, by ascending rows.
    """

    load_anchors: Callable[[], Anchors]
    ranks: NDArray[np.int64]
    lengths: NDArray[np.int64]
    fetch: Callable[[NDArray[np.int64]], NDArray[np.uint32]]


def find_places(collection: SpanCollection, min_span: int) -> Places:
    """Find every place that repeats a better-ranked text, or an earlier place of its own, and the place it repeats.

    Args:
        collection: the texts; the same ones give the same places, in whatever order they stand.
        min_span: least length of what is the same, in characters of ink.
    """
    matches = find_matches(collection, min_span)
    return place(matches, collection.ranks, collection.lengths, collection.fetch)


def find_matches(collection: SpanCollection, min_span: int) -> SpanMatches:
    """Find what is the same in two texts, each once."""
    buckets = find_buckets(collection.load_anchors(), collection.ranks)
    followers, batches = buckets.followers(), [NO_MATCHES]
    for attempt in range(ATTEMPTS):
        open_followers = []
        for rows, partners in _slices(buckets, followers, attempt):
            is_settled, matches = _compare(collection, buckets, (rows, partners), min_span)
            open_followers.append(rows[~is_settled])
            batches += matches
        followers = np.concatenate([followers[:0], *open_followers])
    return distinct_matches(SpanMatches._make(np.concatenate(column) for column in zip(*batches, strict=True)))


def _slices(
    buckets: Buckets, followers: NDArray[np.int64], attempt: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield members of buckets and their partners, all of two texts together."""
    partners = buckets.partners(followers, attempt)
    followers, partners = followers[partners >= 0], partners[partners >= 0]
    keepers = buckets.texts[partners]
    counts = np.bincount(keepers, minlength=1)
    slice_of = ((np.cumsum(counts) - counts) // LINKS_AT_ONCE)[keepers] if len(keepers) else keepers
    for number in range(int(slice_of.max(initial=-1)) + 1):
        rows = np.flatnonzero(slice_of == number)
        # a keeper with more copies than that is compared with some of them after the other
        parts = len(rows) // LINKS_AT_ONCE + 1
        for part in range(parts if len(rows) else 0):
            some = rows[buckets.texts[followers[rows]] % parts == part] if parts > 1 else rows
            yield followers[some], partners[some]


def _compare(
    collection: SpanCollection, buckets: Buckets, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], min_span: int
) -> tuple[NDArray[np.bool_], list[SpanMatches]]:
    """Extend pairs of members; tell which need no other partner, and return the long matches."""
    links = Links(*(column[side].astype(np.int64) for side in pairs for column in (buckets.texts, buckets.positions)))
    order = sort_links(links)
    is_settled, batches = np.zeros(len(order), dtype=np.bool_), []
    for rows in _batches(collection.lengths, links.select(order)):
        rows_used, batch_links = _number_texts(links.select(order[rows]))
        ink = fold_codes(collection.fetch(rows_used), collection.lengths[rows_used])
        matches, owners = extend(ink, batch_links)
        is_settled[order[rows]] = _is_settled(ink, batch_links, matches.select(owners), min_span)
        matches = matches.select(matches.lengths >= min_span)
        batches.append(matches._replace(copies=rows_used[matches.copies], keepers=rows_used[matches.keepers]))
    return is_settled, batches


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
    number = number[np.flatnonzero(is_pair)][np.cumsum(is_pair) - 1] if len(number) else number
    starts = run_starts(number).tolist() if len(number) else []
    yield from (slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(number)], strict=True))


def _number_texts(links: Links) -> tuple[NDArray[np.int64], Links]:
    """Return the texts of some links, ascending, and the links with texts numbered among these."""
    rows_used, numbers = np.unique(np.concatenate((links.copies, links.keepers)), return_inverse=True)
    copies, keepers = np.split(numbers.astype(np.int64), 2)
    return rows_used, links._replace(copies=copies, keepers=keepers)
