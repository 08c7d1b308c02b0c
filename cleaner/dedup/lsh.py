"""Locality-sensitive hashing of signatures in bands (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner import _kernels
from cleaner.dedup.shingles import distinct
from cleaner.errors import UsageError
from cleaner.model import Scheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SURE = 0.9
"""The chance with which a pair exactly at the threshold has to be found."""
NEAR = 4
"""How many followers in its bucket an item is paired with, besides the bucket's first."""


def chance(similarity: float, bands: int, rows: int) -> float:
    """The chance that two signatures of this similarity share a bucket: `1 - (1 - s**rows)**bands`, the S-curve."""
    return 1.0 - (1.0 - similarity**rows) ** bands


def scheme(threshold: float, shingle: int = 5, permutations: int = 128, seed: int = 1) -> Scheme:
    """The scheme with most rows that still finds a pair at `threshold` with a chance of `SURE`: fewest idle candidates.

    UsageError for a threshold outside (0, 1], fewer than 2 permutations or a shingle of less than 1 character.
    """
    if not 0.0 < threshold <= 1.0:
        raise UsageError(f"threshold {threshold} is outside (0, 1]: give a Jaccard similarity such as 0.8")
    if permutations < 2 or shingle < 1:
        raise UsageError(f"{permutations} permutations of {shingle} characters: at least 2 and 1 are needed")
    for rows in range(permutations // 2, 0, -1):
        bands = permutations // rows
        if chance(threshold, bands, rows) >= SURE or rows == 1:
            break
    return Scheme(shingle, permutations, bands, rows, seed)


def keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint64]:
    """One 64-bit key a band and signature, shape (bands, signatures): equal rows give equal keys."""
    if _kernels.loaded:
        out = np.empty((bands, len(signatures)), dtype=np.uint64)
        _kernels.loaded.keys(signatures, rows, _FACTOR, out)
        return out
    slots = signatures[:, : bands * rows].reshape(len(signatures), bands, rows)
    made = np.zeros(slots.shape[:2], dtype=np.uint64)
    for row in range(rows):
        made *= _FACTOR
        made += slots[:, :, row]
        made ^= made >> _SHIFT
    made *= _FACTOR
    return np.ascontiguousarray(made.T)


_FACTOR, _SHIFT = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


def candidates(keys: Iterable[NDArray[np.uint64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of items `left < right` that share a bucket, each once, sorted; items number as in each band's keys.

    A bucket pairs every item with its first item and with its next `NEAR` ones: all pairs of a small bucket, and never
    more than `NEAR + 1` pairs an item in a hot one. So when items are numbered by rank, each meets its bucket's best.
    """
    found = np.empty(0, dtype=np.int64)
    for band in keys:
        fresh = _edges(band)
        found = distinct(np.concatenate((found, fresh))) if len(fresh) else found
    return found >> 32, found & 0xFFFFFFFF


def _edges(key: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The pairs of one band, packed as `left << 32 | right`."""
    order = np.argsort(key)  # a stable one takes four times as long where numpy sorts with vectors
    ordered = key[order]
    fresh = np.ones(len(key), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    alone = fresh & np.append(fresh[1:], True)
    order, fresh = order[~alone], fresh[~alone]
    ranked = np.cumsum(fresh) << 32 | order
    ranked.sort()
    order = ranked & 0xFFFFFFFF
    left, right = met(fresh)
    packed: NDArray[np.int64] = order[left] << 32 | order[right]
    return packed


def met(fresh: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs that buckets make of items sorted by bucket, then rank, by place there. `fresh`: where one begins."""
    bucket = np.cumsum(fresh) - 1
    later = np.flatnonzero(~fresh)
    lefts, rights = [np.flatnonzero(fresh)[bucket[later]]], [later]
    for far in range(1, NEAR + 1):
        left = np.flatnonzero(bucket[far:] == bucket[:-far])
        lefts.append(left)
        rights.append(left + far)
    return np.concatenate(lefts), np.concatenate(rights)
