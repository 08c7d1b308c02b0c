"""Kernels of near-duplicate search: folding, shingles, signatures, exact comparison."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner._kernels.vectors import use_wide_vectors


def fold_codes(codes: Any, table: Any, folds: Any, gaps: Any) -> int:
    """Fill in the normalized characters and the positions of removed ones.

    Normalized characters are one higher. Returns how many there are.
    """
    count = removals = 0
    for i in range(len(codes)):
        code = table[codes[i]]
        if code:
            folds[count] = code
            count += 1
        else:
            gaps[removals] = i
            removals += 1
    return count


def hash_shingles(codes: Any, powers: Any, hashes: Any) -> None:
    """Hash every shingle by a polynomial."""
    use_wide_vectors()
    for i in range(len(hashes)):
        total = np.uint64(0)
        for step in range(len(powers)):
            total += np.uint64(codes[i + step]) * powers[step]
        hashes[i] = total


def mix_hashes(hashes: Any, out: Any) -> None:
    """Send the upper halves of hashes through `fmix32`."""
    use_wide_vectors()
    for i in range(len(hashes)):
        h = np.uint32(hashes[i] >> np.uint64(32))
        h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        out[i] = h ^ (h >> np.uint32(16))


def permute_minima(hashes: Any, cuts: Any, a: Any, b: Any, out: Any) -> None:
    """Take the minima of each permutation between neighbouring cuts.

    Eight shingles are permuted at a time, so that constants and minima are loaded once for eight.
    """
    use_wide_vectors()
    for i in range(len(cuts) - 1):
        row, t, stop = out[i], cuts[i], cuts[i + 1]
        while t + 8 <= stop:
            h0, h1, h2, h3 = hashes[t], hashes[t + 1], hashes[t + 2], hashes[t + 3]
            h4, h5, h6, h7 = hashes[t + 4], hashes[t + 5], hashes[t + 6], hashes[t + 7]
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
            h = hashes[t]
            for k in range(len(a)):
                row[k] = min(row[k], np.uint32(h * a[k] + b[k]))
            t += 1


def merge_minima(minima: Any, first: Any, last: Any, rows: Any, out: Any) -> None:
    """Take the minima of runs of segments."""
    use_wide_vectors()
    for i in range(len(rows)):
        row = out[rows[i]]
        for segment in range(first[i], last[i]):
            low = minima[segment]
            for k in range(len(row)):
                row[k] = min(row[k], low[k])


def sum_squares(hashes: Any, starts: Any, stops: Any, totals: Any) -> None:
    """Sum the squares of each range's hashes."""
    use_wide_vectors()
    for i in range(len(starts)):
        total = np.uint64(0)
        for j in range(starts[i], stops[i]):
            total += hashes[j] * hashes[j]
        totals[i] = total


def count_common(hashes: Any, starts: Any, stops: Any, left: Any, right: Any, room: int, counts: Any) -> None:
    """Count the different shingles of pairs of ranges.

    Fills in how many both have, the left, and the right.

    Both sets of a pair lie in one open-addressed table of `room` entries, a power of two; entries of other pairs count
    as free. A left that several pairs in a row have is entered once. Owners are lefts by negative numbers and pairs,
    for what only their right has, by positive ones. `last_pair`: the last pair that shared a left's shingle.
    """
    entries, owner, last_pair = np.empty(room, np.uint64), np.zeros(room, np.int32), np.zeros(room, np.int32)
    mask, one, lefts = room - 1, 0, 0
    for pair in range(len(left)):
        other = pair + 1
        if not pair or left[pair] != left[pair - 1]:
            one, lefts = one - 1, 0
            for i in range(starts[left[pair]], stops[left[pair]]):
                slot = np.int64((hashes[i] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
                while owner[slot] == one and entries[slot] != hashes[i]:
                    slot = (slot + 1) & mask
                lefts += owner[slot] != one
                entries[slot], owner[slot] = hashes[i], one
        common = rights = 0
        for i in range(starts[right[pair]], stops[right[pair]]):
            slot = np.int64((hashes[i] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
            while (owner[slot] == one or owner[slot] == other) and entries[slot] != hashes[i]:
                slot = (slot + 1) & mask
            if owner[slot] == one:
                common += last_pair[slot] != other
                last_pair[slot] = other
            elif owner[slot] != other:
                rights += 1
                entries[slot], owner[slot] = hashes[i], other
        counts[0, pair], counts[1, pair], counts[2, pair] = common, lefts, common + rights


def score_cuts(codes: Any, kinds: Any, factors: Any, out: Any) -> None:
    """Score each position as a place to cut a passage, lowest first."""
    use_wide_vectors()
    for i in range(len(out) - len(factors) + 1):
        h = np.uint32(0)
        for step in range(len(factors)):
            h = np.uint32((h + codes[i + step]) * factors[step])
            h ^= h >> np.uint32(15)
        out[i] = h >> np.uint32(1)
    for i in range(1, len(out)):
        if kinds[codes[i - 1]] != 1 or kinds[codes[i]] != 0:
            out[i] |= np.uint32(0x80000000)


def hash_bands(signatures: Any, rows: int, factor: Any, out: Any) -> None:
    """Hash every band of every signature to a key."""
    for band in range(len(out)):
        for i in range(len(signatures)):
            key = np.uint64(0)
            for row in range(band * rows, band * rows + rows):
                key = key * factor + np.uint64(signatures[i, row])
                key ^= key >> np.uint64(32)
            out[band, i] = key * factor
