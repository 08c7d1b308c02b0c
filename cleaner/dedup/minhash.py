"""MinHash signatures of many ranges at once, bit-identical to datasketch's `affine32` permutations.

Each permutation is `a * fmix32(h) + b mod 2**32` on a shingle's 32-bit hash, and a signature holds the minimum of each
(Broder 1997; datasketch 2.0 `MinHash(scheme="affine32")`, whose own constants are used). The time goes into moving
numbers through the processor's second-level cache, so each permutation is made in place from the one before it: modulo
2**32 an affine map with an odd factor has an inverse.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner import _kernels
from cleaner.dedup.shingles import sort_unique

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingles

BATCH_SHINGLES = 1 << 17
"""About how many shingles are permuted at one time: what the second-level cache holds, with few calls of numpy."""
CACHE_LINE = 16
"""Numbers of 32 bits in a cache line."""
EMPTY = np.uint32(0xFFFFFFFF)
"""Each slot of the signature of a range without shingles."""


def hash32(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the upper half of each hash.

    That is what datasketch would get from a hash function of 32 bits.
    """
    return np.array(_upper_halves(hashes), dtype=np.uint32)


def _upper_halves(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return hashes.astype("<u8", copy=False).view("<u4")[1::2]


def signatures(shingles: Shingles, permutations: int = 128, seed: int = 1) -> NDArray[np.uint32]:
    """Sign all ranges of shingles.

    The shingles are cut at every range's ends, and a range's minima are those of its run of segments. So shingles that
    lie in several ranges (a document, its paragraph, a window of that) are permuted once.

    Args:
        shingles: ranges of shingles.
        permutations: slots of a signature.
        seed: of the permutations.

    Returns:
        Signatures (ranges, permutations) uint32; `EMPTY` everywhere for a range without shingles.
    """
    out = np.full((len(shingles.starts), permutations), EMPTY, dtype=np.uint32)
    rows = np.flatnonzero(shingles.stops > shingles.starts)
    if not len(rows):
        return out
    starts, stops = shingles.starts[rows], shingles.stops[rows]
    batches = _batch_edges(int(stops.max()))
    cuts = sort_unique(np.concatenate((batches, starts, stops)))
    minima = _segment_minima(mix_hashes(shingles.hashes), cuts, np.searchsorted(cuts, batches), permutations, seed)
    first, last = np.searchsorted(cuts, starts), np.searchsorted(cuts, stops)
    if _kernels.active:
        _kernels.active.merge_minima(minima, first, last, rows, out)
    else:
        _merge_minima(minima, first, last, rows, out)
    return out


def _merge_minima(
    minima: NDArray[np.uint32],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    rows: NDArray[np.int64],
    out: NDArray[np.uint32],
) -> None:
    """Put the minima of the runs of segments `[first, last)` into some rows of `out`."""
    is_single = last - first == 1
    out[rows[is_single]] = minima[first[is_single]]
    longer = np.flatnonzero(~is_single)
    if len(longer):
        ends = np.column_stack((first[longer], last[longer])).ravel()
        out[rows[longer]] = np.minimum.reduceat(minima, ends, axis=0)[::2]


@cache
def constants(permutations: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the factors and summands of datasketch's permutations.

    Each is (permutations,) uint32; factors are odd.
    """
    random = np.random.RandomState(seed)  # drawn as datasketch does, which brings scipy along: half a second
    a = random.randint(0, 1 << 31, permutations, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, random.randint(0, 1 << 32, permutations, dtype=np.uint32)


@cache
def _steps(permutations: int, seed: int) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Derive each permutation from the one before it, as affine maps.

    Returns factors and summands, 0-d.

    The first one is applied to the hash itself.
    """
    steps, inverse, before = [], 1, 0
    for a, b in zip(*(column.tolist() for column in constants(permutations, seed)), strict=True):
        factor = a * inverse % _WORD
        steps.append((np.array(factor, np.uint32), np.array((b - factor * before) % _WORD, np.uint32)))
        inverse, before = pow(a, -1, _WORD), b
    return steps


_WORD = 1 << 32


def mix_hashes(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Send the 32-bit hashes through MurmurHash3's finalizer `fmix32`, a bijection."""
    out = _aligned_array(len(hashes))
    if _kernels.active:
        _kernels.active.mix_hashes(hashes, out)
        return out
    out[:] = _upper_halves(hashes)
    spare = out >> np.uint32(16)
    for factor, shift in ((0x85EBCA6B, 13), (0xC2B2AE35, 16)):
        out ^= spare
        out *= np.uint32(factor)
        np.right_shift(out, np.uint32(shift), out=spare)
    out ^= spare
    return out


def _aligned_array(count: int) -> NDArray[np.uint32]:
    """Make an array that begins at a cache line.

    Vectors that lie across two of them cost a tenth of the time.
    """
    buffer = np.empty(count + CACHE_LINE, dtype=np.uint32)
    start = -buffer.ctypes.data % (4 * CACHE_LINE) // 4
    return buffer[start : start + count]


def _batch_edges(count: int) -> NDArray[np.int64]:
    """Return where batches of about `BATCH_SHINGLES` begin.

    Each begins at a cache line; the end of the last is included.
    """
    size = -(-count // max(round(count / BATCH_SHINGLES), 1))
    return np.append(np.arange(0, count, -(-size // CACHE_LINE) * CACHE_LINE), count)


def _segment_minima(
    hashes: NDArray[np.uint32], cuts: NDArray[np.int64], batches: NDArray[np.int64], permutations: int, seed: int
) -> NDArray[np.uint32]:
    """Take the minima of each permutation between neighbouring cuts.

    Args:
        hashes: mixed hashes; they are overwritten.
        cuts: (segments + 1,) positions.
        batches: the cuts between which hashes are permuted at one time.
        permutations: slots of a signature.
        seed: of the permutations.

    Returns:
        Minima (segments + 1, permutations) uint32; the last row is void.
    """
    minima = np.full((len(cuts), permutations), EMPTY, dtype=np.uint32)
    if _kernels.active:
        _kernels.active.permute_minima(hashes, cuts, *constants(permutations, seed), minima)
        return minima
    for low, high in pairwise(batches.tolist()):
        batch, starts = hashes[cuts[low] : cuts[high]], cuts[low:high] - cuts[low]
        columns = np.empty((permutations, high - low), dtype=np.uint32)
        for row, (factor, summand) in zip(columns, _steps(permutations, seed), strict=True):
            np.multiply(batch, factor, batch)
            np.add(batch, summand, batch)
            np.minimum.reduceat(batch, starts, out=row)
        minima[low:high] = columns.T
    return minima
