"""Buckets: anchors with one key, the best first; each is compared with the best and then with those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.text.segments import distinct, run_ids, run_start_mask, run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cleaner.dedup.spans.anchors import Anchors, AnchorSource
    from cleaner.dedup.spans.column_store import ColumnStore

KEYS_PER_SORT = 1 << 21
"""About how many keys are sorted at one time; that takes 200 MiB at most, where all are repeated."""
_KEY_BITS, _BYTE_BITS = 64, 8
_BYTE_PLACE = np.uint64(_KEY_BITS - _BYTE_BITS)
_LEAST_INDEX = 1 << 16
"""Indices take 32 bits at least."""
MEMBERS_PER_SLICE = 1 << 21
"""About how many members of buckets are sorted at one time."""


class Buckets(NamedTuple):
    """Anchors that share their key with others, bucket by bucket, each sorted by rank of text, then position.

    `texts`, `positions` (members,): those of the anchors. `firsts` (members,): the index where the bucket begins.

    `release`: gives back the memory that looking at these took.
    """

    texts: NDArray[np.int32]
    positions: NDArray[np.int32]
    firsts: NDArray[np.int32] | NDArray[np.int64]
    release: Callable[[], None] = lambda: None

    def followers_by_text(
        self, order: NDArray[np.int64], lengths: NDArray[np.int64], size: int
    ) -> Iterator[NDArray[np.int64]]:
        """Yield the indices of all members but the best of each bucket, all of a text together.

        Args:
            order: texts in the order in which they are wanted.
            lengths: (texts,) characters of each.
            size: characters after which no other text is added.
        """
        places = np.empty(len(order), dtype=np.int32)
        places[order] = np.arange(len(order))
        slices = np.empty(len(order), dtype=np.int32)
        slices[order] = np.cumsum(self._count_members(len(order))[order]) // MEMBERS_PER_SLICE
        for number in range(int(slices.max(initial=-1)) + 1):
            rows = self._followers(slices, number)
            rows = rows[np.argsort(places[self.texts[rows]], kind="stable")]
            texts = self.texts[rows]
            sizes = np.where(run_start_mask(texts), lengths[texts], 0)
            numbers = np.cumsum(sizes) // size
            del texts, sizes
            yield from np.split(rows, run_starts(numbers)[1:])

    def _count_members(self, texts: int) -> NDArray[np.int64]:
        """Count the members of each text."""
        counts = np.zeros(texts, dtype=np.int64)
        for some in self._parts():
            counts += np.bincount(self.texts[some], minlength=texts)
        return counts

    def _followers(self, slices: NDArray[np.int32], number: int) -> NDArray[np.int64]:
        """Return the members of the texts of one slice that are not the best of their bucket."""
        parts = [np.empty(0, dtype=np.int64)]
        for some in self._parts():
            rows = np.flatnonzero(slices[self.texts[some]] == number) + some.start
            parts.append(rows[self.firsts[rows] != rows])
        return np.concatenate(parts)

    def _parts(self) -> Iterator[slice]:
        """Yield all members a slice at a time, and give back its memory."""
        for start in range(0, len(self.texts), MEMBERS_PER_SLICE):
            yield slice(start, start + MEMBERS_PER_SLICE)
            self.release()

    def best_ranks(self, ranks: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """Return for each text the rank of the best that it shares a bucket with, or its own, given those of all."""
        best_ranks = ranks.copy()
        for some in self._parts():
            np.minimum.at(best_ranks, self.texts[some], ranks[self.texts[self.firsts[some]]])
        return best_ranks

    def partners(self, followers: NDArray[np.int64], attempt: int) -> NDArray[np.int64]:
        """Return the index of the one each is compared with: the best, then those before it; -1 where none is left.

        Args:
            followers: indices of members.
            attempt: 0 for the best, 1 for the one right before, and so on.
        """
        if not attempt:
            return self.firsts[followers].astype(np.int64)
        partners = followers - attempt
        return np.where(partners > self.firsts[followers], partners, -1)


def find_buckets(anchors: AnchorSource, ranks: NDArray[np.integer[Any]], store: ColumnStore) -> Buckets:
    """Group anchors by key.

    Args:
        anchors: of all texts; they are looked at a slice of the keys at a time.
        ranks: (texts,) the rank of each text as a keeper, best first.
        store: keeps the members.
    """
    texts, positions, firsts = store.collect("buckets", _find_members(anchors, ranks))
    return Buckets(texts, positions, firsts, store.release)


def _find_members(anchors: AnchorSource, ranks: NDArray[np.integer[Any]]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Yield the columns of buckets, a slice of the keys at a time."""
    counts = anchors.histogram()
    size, index_type = 0, np.min_scalar_type(-max(int(counts.sum()), _LEAST_INDEX))
    for first, stop in _key_slices(counts):
        some = anchors.between(first, stop)
        # what all keys have in common makes room for their rows
        keys = some.keys - (np.uint64(first) << _BYTE_PLACE)
        keys <<= np.uint64(_BYTE_BITS - (stop - first - 1).bit_length())
        members = _sort_bucket_members(some, _sort_repeated(keys), ranks)
        firsts = np.repeat(*_runs(some.keys[members], index_type))
        firsts += size
        yield some.texts[members], some.positions[members], firsts
        size += len(members)


def _key_slices(counts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut the first bytes of keys into ranges of about `KEYS_PER_SORT` anchors; what one byte has is never divided."""
    first = size = 0
    for byte, count in enumerate(counts.tolist()):
        if size and size + count > KEYS_PER_SORT:
            yield first, byte
            first, size = byte, 0
        size += count
    yield first, len(counts)


def _runs(keys: NDArray[np.uint64], index_type: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return where runs of equal keys start, and how long they are."""
    starts = run_starts(keys)
    return starts.astype(index_type), np.diff(starts, append=len(keys))


def _sort_repeated(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the rows of keys that others share by key, then row; a few that share no key may be among them.

    Keys are sorted with their row in the low bits.
    """
    width = np.uint64(len(keys).bit_length())
    low_bits = (np.uint64(1) << width) - np.uint64(1)
    tagged_keys = keys & ~low_bits
    tagged_keys |= np.arange(len(keys), dtype=np.uint64)
    tagged_keys.sort()
    is_shared = (tagged_keys[1:] ^ tagged_keys[:-1]) <= low_bits
    is_member = np.append(is_shared, False) | np.insert(is_shared, 0, False)
    tagged_keys = tagged_keys[is_member[: len(keys)]]
    rows = (tagged_keys & low_bits).view(np.int64)
    tagged_keys >>= width
    _sort_by_low_bits(rows, tagged_keys, keys)
    return rows


def _sort_by_low_bits(rows: NDArray[np.int64], prefixes: NDArray[np.uint64], keys: NDArray[np.uint64]) -> None:
    """Sort rows that are sorted by the prefix of their key by all of it, in place; few prefixes have several keys."""
    row_keys = keys[rows]
    for prefix in distinct(prefixes[1:][row_keys[1:] < row_keys[:-1]]):
        some = slice(*(int(np.searchsorted(prefixes, prefix, side=side)) for side in ("left", "right")))
        rows[some] = rows[some][np.argsort(row_keys[some], kind="stable")]


def _sort_bucket_members(
    anchors: Anchors, rows: NDArray[np.int64], ranks: NDArray[np.integer[Any]]
) -> NDArray[np.int64]:
    """Sort rows by key, rank of their text, and position, without those whose key no other has; they ascend by key."""
    is_first = run_start_mask(anchors.keys[rows])
    is_last = np.append(is_first[1:], True)[: len(rows)]
    rows = rows[~(is_first & is_last)]
    order = run_ids(anchors.keys[rows])
    width = len(rows).bit_length()
    if 2 * width + len(ranks).bit_length() >= _KEY_BITS:
        return rows[np.lexsort((ranks[anchors.texts[rows]], order))]
    order <<= len(ranks).bit_length()
    order |= ranks[anchors.texts[rows]]
    order <<= width
    order |= np.arange(len(rows))
    order.sort()
    order &= (1 << width) - 1
    members: NDArray[np.int64] = rows[order]
    return members
