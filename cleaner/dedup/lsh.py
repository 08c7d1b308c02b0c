"""Locality-sensitive hashing of signatures in bands (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner import _kernels
from cleaner.dedup.shingles import sort_unique
from cleaner.errors import UsageError
from cleaner.model import Scheme
from cleaner.text.packing import pack_pairs, unpack_pairs
from cleaner.text.segments import run_start_mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cleaner.options import DedupOptions

MIN_RECALL = 0.9
"""The chance with which a pair exactly at the threshold has to be found."""
MIN_PERMUTATIONS = 2
"""Fewer make no band of two rows, and an estimate that is 0 or 1."""
NEIGHBOURS = 4
"""How many followers in its bucket an item is paired with, besides the bucket's first: all of a small bucket."""


def collision_probability(similarity: float, bands: int, rows: int) -> float:
    """Compute the chance that two signatures share a bucket.

    It is the S-curve `1 - (1 - s**rows)**bands`.
    """
    return 1.0 - (1.0 - similarity**rows) ** bands


def derive_scheme(options: DedupOptions) -> Scheme:
    """Derive the scheme of a search from its options."""
    return choose_scheme(options.threshold, options.shingle, options.permutations)


def choose_scheme(threshold: float, shingle: int = 5, permutations: int = 128, seed: int = 1) -> Scheme:
    """Choose bands and rows for a threshold.

    Takes most rows, so fewest needless candidates, that still find pairs at the threshold.

    Args:
        threshold: Jaccard similarity at which a pair has to be found with a chance of `MIN_RECALL`.
        shingle: code points of a shingle.
        permutations: slots of a signature, of which bands times rows are used.
        seed: of the permutations.

    Raises:
        UsageError: the threshold is outside (0, 1], or there are fewer than 2 permutations or 1 code point.
    """
    if not 0.0 < threshold <= 1.0:
        raise UsageError(f"threshold {threshold} is outside (0, 1]: give a Jaccard similarity such as 0.8")
    if permutations < MIN_PERMUTATIONS or shingle < 1:
        raise UsageError(f"{permutations} permutations of {shingle} characters: at least 2 and 1 are needed")
    for rows in range(permutations // 2, 0, -1):
        bands = permutations // rows
        if collision_probability(threshold, bands, rows) >= MIN_RECALL or rows == 1:
            break
    return Scheme(shingle, permutations, bands, rows, seed)


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint64]:
    """Hash each band of each signature to a 64-bit key; equal rows give equal keys.

    Args:
        signatures: (items, permutations) uint32.
        bands: number of bands.
        rows: slots of a band.

    Returns:
        Keys (bands, items) uint64.
    """
    if _kernels.active:
        out = np.empty((bands, len(signatures)), dtype=np.uint64)
        _kernels.active.hash_bands(signatures, rows, _FACTOR, out)
        return out
    slots = signatures[:, : bands * rows].reshape(len(signatures), bands, rows)
    keys = np.zeros(slots.shape[:2], dtype=np.uint64)
    for row in range(rows):
        keys *= _FACTOR
        keys += slots[:, :, row]
        keys ^= keys >> _SHIFT
    keys *= _FACTOR
    return np.ascontiguousarray(keys.T)


_FACTOR, _SHIFT = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


def candidate_pairs(keys: Iterable[NDArray[np.uint64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair items that share a bucket.

    A bucket pairs every item with its first item and with its next `NEIGHBOURS` ones: all pairs of a small bucket, and
    never more than `NEIGHBOURS + 1` pairs an item in a hot one. So when items are numbered by rank, each is paired with
    its bucket's best.

    Args:
        keys: the keys of each band, (items,) uint64.

    Returns:
        The lower and the higher item of each pair, (pairs,) int64, each pair once, sorted.
    """
    pairs = np.empty(0, dtype=np.int64)
    for band in keys:
        additions = _band_pairs(band)
        pairs = sort_unique(np.concatenate((pairs, additions))) if len(additions) else pairs
    return unpack_pairs(pairs)


def _band_pairs(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Pair the items of one band, packed."""
    order = np.argsort(keys)  # a stable one takes four times as long where numpy sorts with vectors
    is_first = run_start_mask(keys[order])
    is_alone = is_first & np.append(is_first[1:], True)
    order, is_first = order[~is_alone], is_first[~is_alone]
    by_bucket_and_rank = pack_pairs(np.cumsum(is_first), order)
    by_bucket_and_rank.sort()
    _, order = unpack_pairs(by_bucket_and_rank)
    left, right = bucket_pairs(is_first)
    return pack_pairs(order[left], order[right])


def bucket_pairs(is_first: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair items that are sorted by bucket, then rank.

    Args:
        is_first: (items,) whether an item begins a bucket.

    Returns:
        Positions of the better and of the other item of each pair, (pairs,) int64; a pair can occur twice.
    """
    bucket = np.cumsum(is_first) - 1
    followers = np.flatnonzero(~is_first)
    lefts, rights = [np.flatnonzero(is_first)[bucket[followers]]], [followers]
    for distance in range(1, NEIGHBOURS + 1):
        earlier = np.flatnonzero(bucket[distance:] == bucket[:-distance])
        lefts.append(earlier)
        rights.append(earlier + distance)
    return np.concatenate(lefts), np.concatenate(rights)
