"""Buckets: anchors with one key, the best first; each is compared with the best and then with those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text.segments import distinct, run_ids, run_lengths, run_start_mask, run_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.dedup.spans.anchors import Anchors

KEYS_PER_SORT = 1 << 23
"""About how many keys are sorted at one time; they take 64 MiB."""
_KEY_BITS = 64


class Buckets(NamedTuple):
    """Anchors that share their key with others, bucket by bucket, each sorted by rank of text, then position.

    `texts`, `positions` (members,): those of the anchors. `firsts` (members,): the index where the bucket begins.
    """

    texts: NDArray[np.int32]
    positions: NDArray[np.int32]
    firsts: NDArray[np.int64]

    def followers(self) -> NDArray[np.int64]:
        """Return the indices of all members but the best of each bucket."""
        return np.flatnonzero(self.firsts != np.arange(len(self.firsts)))

    def partners(self, followers: NDArray[np.int64], attempt: int) -> NDArray[np.int64]:
        """Return the index of the one each is compared with: the best, then those before it; -1 where none is left.

        Args:
            followers: indices of members.
            attempt: 0 for the best, 1 for the one right before, and so on.
        """
        if not attempt:
            return self.firsts[followers]
        partners = followers - attempt
        return np.where(partners > self.firsts[followers], partners, -1)


def find_buckets(anchors: Anchors, ranks: NDArray[np.int64]) -> Buckets:
    """Group anchors by key.

    Args:
        anchors: of all texts.
        ranks: (texts,) the rank of each text as a keeper, best first.
    """
    slices = [_sort_bucket_members(anchors, rows, ranks) for rows in _repeated_rows(anchors.keys)]
    members = np.concatenate([np.empty(0, dtype=np.int64), *slices])
    keys = anchors.keys[members]
    firsts = np.repeat(run_starts(keys), run_lengths(keys)) if len(keys) else members
    return Buckets(anchors.texts[members], anchors.positions[members], firsts)


def _repeated_rows(keys: NDArray[np.uint64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of keys that others share by key, then row, a slice of the keys at a time.

    Keys are sorted with their row in the low bits; a few that share no key may be among them.
    """
    prefix_bits = np.uint64(max(len(keys) // KEYS_PER_SORT, 0).bit_length())
    for prefix in range(1 << int(prefix_bits)):
        rows = np.flatnonzero(keys >> (np.uint64(_KEY_BITS) - prefix_bits) == prefix) if prefix_bits else None
        slice_keys = keys if rows is None else keys[rows] << prefix_bits
        width = np.uint64(len(slice_keys).bit_length())
        low_bits = (np.uint64(1) << width) - np.uint64(1)
        tagged_keys = slice_keys & ~low_bits
        tagged_keys |= np.arange(len(tagged_keys), dtype=np.uint64)
        tagged_keys.sort()
        is_shared = (tagged_keys[1:] ^ tagged_keys[:-1]) <= low_bits
        is_member = np.append(is_shared, False) | np.insert(is_shared, 0, False)
        tagged_keys = tagged_keys[is_member[: len(tagged_keys)]]
        local_rows = (tagged_keys & low_bits).astype(np.int64)
        _sort_by_low_bits(local_rows, tagged_keys >> width, slice_keys)
        yield local_rows if rows is None else rows[local_rows]


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
    numbers = run_ids(anchors.keys[rows])
    row_ranks = ranks[anchors.texts[rows]]
    width = len(rows).bit_length()
    if 2 * width + len(ranks).bit_length() >= _KEY_BITS:
        return rows[np.lexsort((row_ranks, numbers))]
    numbers <<= len(ranks).bit_length()
    numbers |= row_ranks
    numbers <<= width
    numbers |= np.arange(len(rows))
    numbers.sort()
    members: NDArray[np.int64] = rows[numbers & ((1 << width) - 1)]
    return members
