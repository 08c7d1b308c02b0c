"""Character shingles of normalized text as 64-bit hashes, for many ranges of one long text at a time.

The normalized copy, which is part of every stored scheme under the name `NORMALIZATION`: white space, controls and
invisible characters are removed, full-width ASCII (U+FF01..FF5E) becomes ASCII, A-Z becomes a-z, and Chinese marks that
flattening turns into ASCII become that: `。、“”‘’` to `.,""''`. Other punctuation counts, and so does the script.
"""

from __future__ import annotations

from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from cleaner import _kernels
from cleaner.text import codepoints
from cleaner.text.segments import run_start_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Value = TypeVar("Value", np.int64, np.uint64)

NORMALIZATION = "ink-halfwidth-lower/2"
"""Name of the normalization; two signatures compare only when it is the same for both."""

_FACTOR = 0x9E3779B97F4A7C15
"""Multiplier of the polynomial hash: 2**64 / golden ratio, odd (Knuth, TAOCP 3, 6.4)."""
_STRIP = 1 << 15
"""Hashes computed at one time: what the second-level cache holds."""


class Shingles(NamedTuple):
    """The shingles of some ranges.

    `hashes` (positions,) uint64; those of a range are `hashes[starts[i]:stops[i]]`.

    `starts`, `stops` (ranges,) int64. Ranges may overlap. A range without ink has no shingles; one that is shorter
    than a shingle has a single one, padded with U+0000, so that it equals only itself.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def distinct_hashes(self, index: int) -> NDArray[np.uint64]:
        """Return the different shingles of one range, sorted."""
        return sort_unique(self.hashes[self.starts[index] : self.stops[index]].copy())


def sort_unique(values: NDArray[Value]) -> NDArray[Value]:
    """Sort values in place, and return the different ones.

    `numpy.unique` hashes, which takes several times as long.
    """
    values.sort()
    return values[run_start_mask(values)]


def shingle_ranges(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64], size: int = 5
) -> Shingles:
    """Shingle the ranges `[starts[i], stops[i])` of a text.

    Args:
        codes: code points of the text.
        starts: (ranges,) where each range begins.
        stops: (ranges,) where each range ends.
        size: code points of a shingle.

    Returns:
        Shingles in the ranges' order.
    """
    codes, gaps = fold(codes, fold_table(), _PLAIN)
    if len(gaps):
        starts, stops = starts - np.searchsorted(gaps, starts), stops - np.searchsorted(gaps, stops)
    codes, starts, stops = _pad_short_ranges(codes, starts, stops, size)
    hashes = hash_shingles(codes, size)
    starts = np.minimum(starts, len(hashes))
    return Shingles(hashes, starts, np.maximum(stops - (size - 1), starts))


def shingle_texts(texts: Sequence[str], size: int = 5) -> Shingles:
    """Shingle whole texts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    stops = np.cumsum(lengths)
    return shingle_ranges(codepoints.from_text("".join(texts)), stops - lengths, stops, size)


def fold(
    codes: NDArray[np.uint32], table: NDArray[np.uint32], plain: tuple[int, int] = (0, 0)
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the folded copy of a text, and the positions of removed characters.

    Args:
        codes: code points of the text.
        table: what each code point becomes, one higher; 0 where it is removed.
        plain: code points from the first to below the second become themselves, which saves looking them up.

    Returns:
        copy: every code point of it is one higher.
        gaps: ascending positions in `codes`.
    """
    if _kernels.active:
        copy, gaps = np.empty_like(codes), np.empty(len(codes), dtype=np.int64)
        count = _kernels.active.fold_codes(codes, table, copy, gaps)
        return copy[:count], gaps[: len(codes) - count]
    if plain[0] == plain[1]:
        copy = table[codes]
        gaps = np.flatnonzero(copy == 0)
    else:
        odd = np.flatnonzero(codes - np.uint32(plain[0]) >= np.uint32(plain[1] - plain[0]))
        copy, replacements = codes + np.uint32(1), table[codes[odd]]
        copy[odd] = replacements
        gaps = odd[replacements == 0]
    if len(gaps):
        copy = copy[copy != 0]
    return copy, gaps


def fold_with_positions(
    codes: NDArray[np.uint32], table: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the folded copy of a text, as `fold` does, and where each of its characters stood."""
    copy, gaps = fold(codes, table)
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[gaps] = False
    return copy, np.flatnonzero(keep)


_PLAIN = (0x3003, 0xFEFF)
"""Code points from the first to below the second are normalized already: most of a Chinese text."""
_FLATTENED = {"。": ".", "｡": ".", "、": ",", "､": ",", "“": '"', "”": '"', "‘": "'", "’": "'"}


def _pad_short_ranges(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Give every range that is shorter than a shingle a padded copy behind the text."""
    short = np.flatnonzero((stops - starts < size) & (stops > starts))
    if not len(short):
        return codes, starts, stops
    padding = np.ones((len(short), size), dtype=np.uint32)
    for row, index in zip(padding, short, strict=True):
        row[: stops[index] - starts[index]] = codes[starts[index] : stops[index]]
    starts, stops = starts.copy(), stops.copy()
    starts[short] = len(codes) + size * np.arange(len(short))
    stops[short] = starts[short] + size
    return np.concatenate((codes, padding.ravel())), starts, stops


def hash_shingles(codes: NDArray[np.uint32], size: int) -> NDArray[np.uint64]:
    """Hash the `size` characters from every position, a strip at a time.

    Computes `sum(codes[i + j] * step ** (size - 1 - j)) mod 2**64`.
    """
    hashes = np.empty(max(len(codes) - size + 1, 0), dtype=np.uint64)
    if _kernels.active:
        powers = tuple(np.uint64(power(size - 1 - position)) for position in range(size))
        _kernels.active.hash_shingles(codes, powers, hashes)
        return hashes
    buffers = np.empty((3, _STRIP + size - 1), dtype=np.uint64)
    for start in range(0, len(hashes), _STRIP):
        strip = codes[start : start + _STRIP + size - 1]
        hashes[start : start + _STRIP] = _hash_by_doubling(strip, size, buffers)
    return hashes


def _hash_by_doubling(codes: NDArray[np.uint32], size: int, buffers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash `size` characters from each position, by doubling the length.

    `buffers` is (3, at least len(codes)).
    """
    single, spares = buffers[0, : len(codes)], cycle(buffers[1:])
    single[:] = codes
    hashes, length = single, 1
    for bit in bin(size)[3:]:
        hashes = _append_hashes(hashes, hashes[length:], length, next(spares))
        length *= 2
        if bit == "1":
            hashes = _append_hashes(hashes, single[length:], 1, hashes)
            length += 1
    return hashes


def _append_hashes(
    head: NDArray[np.uint64], tail: NDArray[np.uint64], tail_length: int, out: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Hash heads and tails together, into `out`, which may be `head`.

    A tail has `tail_length` characters.
    """
    hashes = np.multiply(head[: len(tail)], np.uint64(power(tail_length)), out=out[: len(tail)])
    hashes += tail
    return hashes


def power(exponent: int) -> int:
    """Raise the multiplier of the hash to a power."""
    return pow(_FACTOR, exponent, 1 << 64)


@cache
def fold_table() -> NDArray[np.uint32]:
    """Map every code point to its normalized one, one higher; to 0 where it is removed."""
    table = np.arange(1, codepoints.COUNT + 1, dtype=np.uint32)
    removals = [*range(0x20), *range(0x7F, 0xA0), *(i for i in range(0x3001) if chr(i).isspace())]
    # soft hyphen, zero-width and direction marks, word joiner, byte order mark
    removals += [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
    table[removals] = 0
    table[0xFF01:0xFF5F] = np.arange(0x22, 0x80)
    for upper in (0x41, 0xFF21):
        table[upper : upper + 26] = np.arange(0x62, 0x7C)
    for mark, form in _FLATTENED.items():
        table[ord(mark)] = ord(form) + 1
    return table
