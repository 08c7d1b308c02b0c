"""Character shingles of normalized text as 64-bit hashes, for many ranges of one long text at a time.

The normalized copy, which is part of every stored scheme under the name `NORMALIZATION`: white space, controls and
invisible characters are removed, full-width ASCII (U+FF01..FF5E) becomes ASCII, A-Z becomes a-z. Nothing else is
touched, so punctuation and script count.
"""

from __future__ import annotations

from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from cleaner import _kernels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Value = TypeVar("Value", np.int64, np.uint64)

NORMALIZATION = "ink-halfwidth-lower/1"
"""Names the normalized copy; two signatures compare only when it is the same for both."""

_FACTOR = 0x9E3779B97F4A7C15
"""Multiplier of the polynomial hash: 2**64 / golden ratio, odd (Knuth, TAOCP 3, 6.4)."""
_STRIP = 1 << 15


class Shingled(NamedTuple):
    """The shingles of some ranges. `hashes` (positions,) uint64; a range's own are `hashes[starts[i]:stops[i]]`.

    `starts`, `stops` (ranges,) int64. Ranges may overlap. A range without ink has no shingles; one that is shorter
    than a shingle has a single one, padded with U+0000, so that it equals only itself.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def of(self, index: int) -> NDArray[np.uint64]:
        """The different shingles of one range, sorted."""
        return distinct(self.hashes[self.starts[index] : self.stops[index]].copy())


def distinct(values: NDArray[Value]) -> NDArray[Value]:
    """The different values, sorted, which sorts `values`. `numpy.unique` hashes: several times as long."""
    values.sort()
    first = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, shape (len(text),); lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def shingle(codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64], size: int = 5) -> Shingled:
    """The shingles of `size` characters of the ranges `[starts[i], stops[i])` of `codes`, in the ranges' order."""
    folded, gone = _folded(codes)
    if len(gone):
        starts, stops = starts - np.searchsorted(gone, starts), stops - np.searchsorted(gone, stops)
    folded, starts, stops = _padded(folded, starts, stops, size)
    hashes = _hashes(folded, size)
    starts = np.minimum(starts, len(hashes))
    return Shingled(hashes, starts, np.maximum(stops - (size - 1), starts))


def whole(texts: Sequence[str], size: int = 5) -> Shingled:
    """The shingles of whole texts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    stops = np.cumsum(lengths)
    return shingle(code_points("".join(texts)), stops - lengths, stops, size)


def _folded(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The normalized copy, every code point one higher, and the places of what is missing in it."""
    if _kernels.loaded:
        folded, gone = np.empty_like(codes), np.empty(len(codes), dtype=np.int64)
        kept = _kernels.loaded.fold(codes, _table(), folded, gone)
        return folded[:kept], gone[: len(codes) - kept]
    odd = np.flatnonzero(codes - np.uint32(_PLAIN[0]) >= np.uint32(_PLAIN[1] - _PLAIN[0]))
    folded, told = codes + np.uint32(1), _table()[codes[odd]]
    folded[odd] = told
    gone = odd[told == 0]
    if len(gone):
        keep = np.ones(len(codes), dtype=np.bool_)
        keep[gone] = False
        folded = folded[keep]
    return folded, gone


_PLAIN = (0x3001, 0xFEFF)
"""Code points from the first to below the second are normalized already: most of a Chinese text."""


def _padded(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Give every range that is shorter than a shingle a padded copy of its own behind the text."""
    short = np.flatnonzero((stops - starts < size) & (stops > starts))
    if not len(short):
        return codes, starts, stops
    pad = np.ones((len(short), size), dtype=np.uint32)
    for row, index in zip(pad, short, strict=True):
        row[: stops[index] - starts[index]] = codes[starts[index] : stops[index]]
    starts, stops = starts.copy(), stops.copy()
    starts[short] = len(codes) + size * np.arange(len(short))
    stops[short] = starts[short] + size
    return np.concatenate((codes, pad.ravel())), starts, stops


def _hashes(codes: NDArray[np.uint32], size: int) -> NDArray[np.uint64]:
    """`sum(codes[i + j] * step ** (size - 1 - j)) mod 2**64` for every i, in strips that fit the second-level cache."""
    hashes = np.empty(max(len(codes) - size + 1, 0), dtype=np.uint64)
    if _kernels.loaded:
        powers = tuple(np.uint64(_power(size - 1 - at)) for at in range(size))
        _kernels.loaded.polynomial(codes, powers, hashes)
        return hashes
    room = np.empty((3, _STRIP + size - 1), dtype=np.uint64)
    for at in range(0, len(hashes), _STRIP):
        strip = codes[at : at + _STRIP + size - 1]
        hashes[at : at + _STRIP] = _doubled(strip, size, room)
    return hashes


def _doubled(codes: NDArray[np.uint32], size: int, room: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes of `size` characters from those of one, by doubling the length of what is hashed; `room` is (3, more)."""
    one, free = room[0, : len(codes)], cycle(room[1:])
    one[:] = codes
    done, length = one, 1
    for bit in bin(size)[3:]:
        done = _joined(done, done[length:], length, next(free))
        length *= 2
        if bit == "1":
            done = _joined(done, one[length:], 1, done)
            length += 1
    return done


def _joined(
    head: NDArray[np.uint64], tail: NDArray[np.uint64], added: int, out: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Hashes of heads and tails together, where a tail has `added` characters; made in `out`, which may be `head`."""
    made = np.multiply(head[: len(tail)], np.uint64(_power(added)), out=out[: len(tail)])
    made += tail
    return made


def _power(exponent: int) -> int:
    return pow(_FACTOR, exponent, 1 << 64)


@cache
def _table() -> NDArray[np.uint32]:
    """The normalized code point of every code point, one higher; 0 where it is removed."""
    table = np.arange(1, 0x110001, dtype=np.uint32)
    gone = [i for i in range(0x3001) if chr(i).isspace() or i < 0x20 or 0x7F <= i < 0xA0]
    # soft hyphen, zero-width and direction marks, word joiner, byte order mark
    gone += [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
    table[gone] = 0
    table[0xFF01:0xFF5F] = np.arange(0x22, 0x80)
    for upper in (0x41, 0xFF21):
        table[upper : upper + 26] = np.arange(0x62, 0x7C)
    return table
