"""Kernels of near-duplicate search: folding, shingles, signatures, exact comparison."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner._kernels.vectors import wide


def fold(codes: Any, table: Any, folded: Any, gone: Any) -> int:
    """The normalized characters, one higher, and the places of those that are removed; how many of the former."""
    kept = lost = 0
    for at in range(len(codes)):
        code = table[codes[at]]
        if code:
            folded[kept] = code
            kept += 1
        else:
            gone[lost] = at
            lost += 1
    return kept


def polynomial(codes: Any, powers: Any, hashes: Any) -> None:
    """The hash of every shingle."""
    wide()
    for at in range(len(hashes)):
        total = np.uint64(0)
        for step in range(len(powers)):
            total += np.uint64(codes[at + step]) * powers[step]
        hashes[at] = total


def mix(hashes: Any, mixed: Any) -> None:
    """Hashes as 32 bits through `fmix32`."""
    wide()
    for at in range(len(hashes)):
        h = np.uint32(hashes[at] >> np.uint64(32))
        h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        mixed[at] = h ^ (h >> np.uint32(16))


def minima(mixed: Any, cuts: Any, a: Any, b: Any, out: Any) -> None:
    """Minima of each permutation between neighbouring cuts.

    Eight shingles at a time, so that constants and minima are loaded once for eight.
    """
    wide()
    for i in range(len(cuts) - 1):
        row, t, stop = out[i], cuts[i], cuts[i + 1]
        while t + 8 <= stop:
            h0, h1, h2, h3 = mixed[t], mixed[t + 1], mixed[t + 2], mixed[t + 3]
            h4, h5, h6, h7 = mixed[t + 4], mixed[t + 5], mixed[t + 6], mixed[t + 7]
            for k in range(len(a)):
                x, y = a[k], b[k]
                low = min(
                    min(np.uint32(h0 * x + y), np.uint32(h1 * x + y)), min(np.uint32(h2 * x + y), np.uint32(h3 * x + y))
                )
                high = min(
                    min(np.uint32(h4 * x + y), np.uint32(h5 * x + y)), min(np.uint32(h6 * x + y), np.uint32(h7 * x + y))
                )
                row[k] = min(row[k], min(low, high))
            t += 8
        while t < stop:
            h = mixed[t]
            for k in range(len(a)):
                row[k] = min(row[k], np.uint32(h * a[k] + b[k]))
            t += 1


def together(pieces: Any, first: Any, last: Any, rows: Any, out: Any) -> None:
    """Minima of runs of pieces."""
    wide()
    for i in range(len(rows)):
        row = out[rows[i]]
        for at in range(first[i], last[i]):
            piece = pieces[at]
            for k in range(len(row)):
                row[k] = min(row[k], piece[k])


def squares(hashes: Any, starts: Any, stops: Any, totals: Any) -> None:
    """The sum of the squares of each range's hashes."""
    wide()
    for i in range(len(starts)):
        total = np.uint64(0)
        for at in range(starts[i], stops[i]):
            total += hashes[at] * hashes[at]
        totals[i] = total


def common(hashes: Any, starts: Any, stops: Any, left: Any, right: Any, room: int, counts: Any) -> None:
    """What pairs of ranges share and have, in a table of `room` entries, a power of two, filling `counts`.

    Both sets of a pair lie in one open-addressed table, where what belongs to neither counts as free.

    A left that several pairs have in a row is put there once. Owners are lefts by negative numbers and pairs, for what
    only their right has, by positive ones. `met`: the last pair that shared a left's shingle.
    """
    held, owner, met = np.empty(room, np.uint64), np.zeros(room, np.int32), np.zeros(room, np.int32)
    mask, own, lefts = room - 1, 0, 0
    for pair in range(len(left)):
        other = pair + 1
        if not pair or left[pair] != left[pair - 1]:
            own, lefts = own - 1, 0
            for at in range(starts[left[pair]], stops[left[pair]]):
                place = np.int64((hashes[at] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
                while owner[place] == own and held[place] != hashes[at]:
                    place = (place + 1) & mask
                lefts += owner[place] != own
                held[place], owner[place] = hashes[at], own
        shared = rights = 0
        for at in range(starts[right[pair]], stops[right[pair]]):
            place = np.int64((hashes[at] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
            while (owner[place] == own or owner[place] == other) and held[place] != hashes[at]:
                place = (place + 1) & mask
            if owner[place] == own:
                shared += met[place] != other
                met[place] = other
            elif owner[place] != other:
                rights += 1
                held[place], owner[place] = hashes[at], other
        counts[0, pair], counts[1, pair], counts[2, pair] = shared, lefts, shared + rights


def values(codes: Any, kinds: Any, factors: Any, out: Any) -> None:
    """What makes a place a cut of a passage."""
    wide()
    for at in range(len(out) - len(factors) + 1):
        h = np.uint32(0)
        for step in range(len(factors)):
            h = np.uint32((h + codes[at + step]) * factors[step])
            h ^= h >> np.uint32(15)
        out[at] = h >> np.uint32(1)
    for at in range(1, len(out)):
        if kinds[codes[at - 1]] != 1 or kinds[codes[at]] != 0:
            out[at] |= np.uint32(0x80000000)


def keys(signatures: Any, rows: int, factor: Any, out: Any) -> None:
    """The key of every band and signature."""
    for band in range(len(out)):
        for i in range(len(signatures)):
            made = np.uint64(0)
            for row in range(band * rows, band * rows + rows):
                made = made * factor + np.uint64(signatures[i, row])
                made ^= made >> np.uint64(32)
            out[band, i] = made * factor
