"""Buckets: anchors with one key, the best first; each is compared with the best and then with those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.text.segments import distinct, run_ids, run_start_mask, run_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.dedup.spans.anchors import Anchors

KEYS_PER_SORT = 1 << 22
"""About how many keys are sorted at one time; that takes 200 MiB at most, where all are repeated."""
_KEY_BITS, _BYTE_BITS = 64, 8
_LEAST_INDEX = 1 << 16
"""Indices take 32 bits at least."""
MEMBERS_PER_SLICE = 1 << 22
"""About how many members of buckets are sorted at one time."""


class Buckets(NamedTuple):
    """Anchors that share their key with others, bucket by bucket, each sorted by rank of text, then position.

    `texts`, `positions` (members,): those of the anchors. `firsts` (members,): the index where the bucket begins.
    """

    texts: NDArray[np.int32]
    positions: NDArray[np.int32]
    firsts: NDArray[np.int32] | NDArray[np.int64]

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
        counts = np.bincount(self.texts, minlength=len(order))[order]
        slices = np.empty(len(order), dtype=np.int32)
        slices[order] = np.cumsum(counts) // MEMBERS_PER_SLICE
        for number in range(int(slices.max(initial=-1)) + 1):
            rows = np.flatnonzero(slices[self.texts] == number)
            rows = rows[self.firsts[rows] != rows]
            rows = rows[np.argsort(places[self.texts[rows]], kind="stable")]
            texts = self.texts[rows]
            sizes = np.where(run_start_mask(texts), lengths[texts], 0)
            yield from np.split(rows, run_starts(np.cumsum(sizes) // size)[1:])

    def best_ranks(self, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each text the rank of the best that it shares a bucket with, or its own, given those of all."""
        best_ranks = ranks.copy()
        for start in range(0, len(self.texts), MEMBERS_PER_SLICE):
            some = slice(start, start + MEMBERS_PER_SLICE)
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


def find_buckets(anchors: Anchors, ranks: NDArray[np.int64]) -> Buckets:
    """Group anchors by key.

    Args:
        anchors: of all texts, ascending by text and position.
        ranks: (texts,) the rank of each text as a keeper, best first.
    """
    columns: list[list[NDArray[Any]]] = [[], [], []]
    size, index_type = 0, np.min_scalar_type(-max(len(anchors.keys), _LEAST_INDEX))
    for rows in _repeated_rows(anchors.keys):
        members = _sort_bucket_members(anchors, rows, ranks)
        firsts = np.repeat(*_runs(anchors.keys[members], index_type))
        firsts += size
        for column, values in zip(columns, (anchors.texts[members], anchors.positions[members], firsts), strict=True):
            column.append(values)
        size += len(members)
    del anchors  # the columns take as much again
    return Buckets(*map(np.concatenate, columns))


def _runs(keys: NDArray[np.uint64], index_type: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return where runs of equal keys start, and how long they are."""
    starts = run_starts(keys)
    return starts.astype(index_type), np.diff(starts, append=len(keys))


def _repeated_rows(keys: NDArray[np.uint64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of keys that others share by key, then row, a slice of the keys at a time."""
    prefix_bits = min((len(keys) // KEYS_PER_SORT).bit_length(), _BYTE_BITS)
    if not prefix_bits:
        yield _sort_repeated(keys)
        return
    high_bytes = keys.astype("<u8", copy=False).view(np.uint8)[7::8]
    for prefix in range(1 << prefix_bits):
        rows = np.flatnonzero(high_bytes >> np.uint8(_BYTE_BITS - prefix_bits) == prefix)
        yield rows[_sort_repeated(keys[rows] << np.uint64(prefix_bits))]


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


def _sort_bucket_members(anchors: Anchors, rows: NDArray[np.int64], ranks: NDArray[np.int64]) -> NDArray[np.int64]:
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
