"""MinHash signatures of many ranges at once, bit-identical to datasketch's `affine32` permutations.

Each permutation is `a * fmix32(h) + b mod 2**32` on a shingle's 32-bit hash, and a signature holds the minimum of each
(Broder 1997; datasketch 2.0 `MinHash(scheme="affine32")`, whose own constants are used). Blocks of 64k shingles stay
in the processor's second-level cache.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.dedup import fast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingled

BLOCK = 1 << 16
EMPTY = np.uint32(0xFFFFFFFF)


def hashed(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hash of each shingle, as datasketch would get it from a hash function: the upper half of 64 bits."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def signatures(shingled: Shingled, permutations: int = 128, seed: int = 1) -> NDArray[np.uint32]:
    """Signatures of all ranges, shape (ranges, permutations) uint32; of a range without shingles, all 2**32 - 1."""
    a, b = constants(permutations, seed)
    if not fast.loaded:
        return _signatures(mix(hashed(shingled.hashes)), shingled.starts, shingled.stops, a, b)
    mixed = np.empty(len(shingled.hashes), dtype=np.uint32)
    out = np.full((len(shingled.starts), permutations), EMPTY, dtype=np.uint32)
    fast.loaded.mix(shingled.hashes, mixed)
    fast.loaded.minima(mixed, shingled.starts, shingled.stops, a, b, out)
    return out


@cache
def constants(permutations: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The factors (odd) and summands of datasketch's permutations, each (permutations,) uint32."""
    chance = np.random.RandomState(seed)  # drawn as datasketch does, which brings scipy along: half a second
    a = chance.randint(0, 1 << 31, permutations, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, chance.randint(0, 1 << 32, permutations, dtype=np.uint32)


def mix(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's finalizer `fmix32`, in place; it is a bijection."""
    spare = np.empty_like(hashes)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        np.right_shift(hashes, np.uint32(shift), out=spare)
        hashes ^= spare
        hashes *= np.uint32(factor)
    return hashes


def _signatures(
    mixed: NDArray[np.uint32],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """Cut the shingles at every range's ends, take the minima of the pieces, then of each range's run of pieces.

    So shingles that lie in several ranges (a document, its paragraph, a window of that) are permuted once.
    """
    out = np.full((len(starts), len(a)), EMPTY, dtype=np.uint32)
    full = np.flatnonzero(stops > starts)
    if not len(full):
        return out
    starts, stops = starts[full], stops[full]
    cuts = np.unique(np.concatenate((starts, stops, np.arange(0, stops.max() + 1, BLOCK))))
    pieces = _minima(mixed, cuts, a, b)
    first, last = np.searchsorted(cuts, starts), np.searchsorted(cuts, stops)
    single = last - first == 1
    out[full[single]] = pieces[first[single]]
    many = np.flatnonzero(~single)
    if len(many):
        ends = np.column_stack((first[many], last[many])).ravel()
        out[full[many]] = np.minimum.reduceat(pieces, ends, axis=0)[::2]
    return out


def _minima(
    mixed: NDArray[np.uint32], cuts: NDArray[np.int64], a: NDArray[np.uint32], b: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Minima of each permutation between neighbouring cuts, shape (len(cuts), permutations); the last row is void."""
    pieces = np.full((len(cuts), len(a)), EMPTY, dtype=np.uint32)
    edges = np.flatnonzero(cuts % BLOCK == 0)
    scratch = np.empty(BLOCK, dtype=np.uint32)
    for low, high in zip(edges, [*edges[1:], len(cuts) - 1], strict=True):
        if high == low:
            continue
        inside = mixed[cuts[low] : cuts[high]]
        made, at = scratch[: len(inside)], cuts[low:high] - cuts[low]
        columns = np.empty((len(a), high - low), dtype=np.uint32)
        for row, factor, summand in zip(columns, a, b, strict=True):
            np.multiply(inside, factor, out=made)
            np.add(made, summand, out=made)
            np.minimum.reduceat(made, at, out=row)
        pieces[low:high] = columns.T
    return pieces
