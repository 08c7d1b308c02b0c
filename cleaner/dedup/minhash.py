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
from cleaner.dedup.shingles import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.dedup.shingles import Shingled

BLOCK = 1 << 17
"""About how many shingles are permuted at one time: what the second-level cache holds, with few calls of numpy."""
LINE = 16
"""Numbers of 32 bits in a cache line."""
EMPTY = np.uint32(0xFFFFFFFF)


def hashed(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hash of each shingle, as datasketch would get it from a hash function: the upper half of 64 bits."""
    return np.array(_upper(hashes), dtype=np.uint32)


def _upper(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return hashes.astype("<u8", copy=False).view("<u4")[1::2]


def signatures(shingled: Shingled, permutations: int = 128, seed: int = 1) -> NDArray[np.uint32]:
    """Signatures of all ranges, shape (ranges, permutations) uint32; of a range without shingles, all 2**32 - 1.

    The shingles are cut at every range's ends, and a range's minima are those of its run of pieces. So shingles that
    lie in several ranges (a document, its paragraph, a window of that) are permuted once.
    """
    out = np.full((len(shingled.starts), permutations), EMPTY, dtype=np.uint32)
    full = np.flatnonzero(shingled.stops > shingled.starts)
    if not len(full):
        return out
    starts, stops = shingled.starts[full], shingled.stops[full]
    edges = _edges(int(stops.max()))
    cuts = distinct(np.concatenate((edges, starts, stops)))
    pieces = _pieces(mix(shingled.hashes), cuts, np.searchsorted(cuts, edges), permutations, seed)
    first, last = np.searchsorted(cuts, starts), np.searchsorted(cuts, stops)
    if _kernels.loaded:
        _kernels.loaded.together(pieces, first, last, full, out)
    else:
        _together(pieces, first, last, full, out)
    return out


def _together(
    pieces: NDArray[np.uint32],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    rows: NDArray[np.int64],
    out: NDArray[np.uint32],
) -> None:
    """Put the minima of the runs of pieces `[first, last)` into some rows of `out`."""
    single = last - first == 1
    out[rows[single]] = pieces[first[single]]
    many = np.flatnonzero(~single)
    if len(many):
        ends = np.column_stack((first[many], last[many])).ravel()
        out[rows[many]] = np.minimum.reduceat(pieces, ends, axis=0)[::2]


@cache
def constants(permutations: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The factors (odd) and summands of datasketch's permutations, each (permutations,) uint32."""
    chance = np.random.RandomState(seed)  # drawn as datasketch does, which brings scipy along: half a second
    a = chance.randint(0, 1 << 31, permutations, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, chance.randint(0, 1 << 32, permutations, dtype=np.uint32)


@cache
def _steps(permutations: int, seed: int) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """What makes each permutation of the one before it, the first of the plain hash: factors and summands, 0-d."""
    made, inverse, before = [], 1, 0
    for a, b in zip(*(column.tolist() for column in constants(permutations, seed)), strict=True):
        factor = a * inverse % _WORD
        made.append((np.array(factor, np.uint32), np.array((b - factor * before) % _WORD, np.uint32)))
        inverse, before = pow(a, -1, _WORD), b
    return made


_WORD = 1 << 32


def mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hashes through MurmurHash3's finalizer `fmix32`, a bijection."""
    mixed = _aligned(len(hashes))
    if _kernels.loaded:
        _kernels.loaded.mix(hashes, mixed)
        return mixed
    mixed[:] = _upper(hashes)
    spare = mixed >> np.uint32(16)
    for factor, shift in ((0x85EBCA6B, 13), (0xC2B2AE35, 16)):
        mixed ^= spare
        mixed *= np.uint32(factor)
        np.right_shift(mixed, np.uint32(shift), out=spare)
    mixed ^= spare
    return mixed


def _aligned(count: int) -> NDArray[np.uint32]:
    """Room that begins at a cache line: vectors that lie across two of them cost a tenth of the time."""
    room = np.empty(count + LINE, dtype=np.uint32)
    skipped = -room.ctypes.data % (4 * LINE) // 4
    return room[skipped : skipped + count]


def _edges(count: int) -> NDArray[np.int64]:
    """Where blocks of about `BLOCK` shingles begin, each at a cache line, and the end of the last."""
    size = -(-count // max(round(count / BLOCK), 1))
    return np.append(np.arange(0, count, -(-size // LINE) * LINE), count)


def _pieces(
    mixed: NDArray[np.uint32], cuts: NDArray[np.int64], blocks: NDArray[np.int64], permutations: int, seed: int
) -> NDArray[np.uint32]:
    """Minima of each permutation between neighbouring cuts, (len(cuts), permutations); the last row is void.

    `blocks`: the cuts between which shingles are permuted at one time, which changes `mixed`.
    """
    pieces = np.full((len(cuts), permutations), EMPTY, dtype=np.uint32)
    if _kernels.loaded:
        _kernels.loaded.minima(mixed, cuts, *constants(permutations, seed), pieces)
        return pieces
    for low, high in pairwise(blocks.tolist()):
        inside, at = mixed[cuts[low] : cuts[high]], cuts[low:high] - cuts[low]
        columns = np.empty((permutations, high - low), dtype=np.uint32)
        for row, (factor, summand) in zip(columns, _steps(permutations, seed), strict=True):
            np.multiply(inside, factor, inside)
            np.add(inside, summand, inside)
            np.minimum.reduceat(inside, at, out=row)
        pieces[low:high] = columns.T
    return pieces
