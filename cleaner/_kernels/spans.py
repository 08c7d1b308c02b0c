"""Kernels of the search for repeated spans: anchors, and how far two places are the same."""

from __future__ import annotations

from typing import Any

import numpy as np


def sample_anchors(  # noqa: C901 - numba compiles one function
    codes: Any, bounds: Any, sampling: Any, factors: Any, keys: Any, texts: Any, positions: Any
) -> int:
    """Fill in the anchors of texts, by a rolling hash; a window is looked through when its lowest score leaves it.

    `sampling`: characters of a run, runs of a window. `factors`: of the hash, its power for the first character of a
    run, of the mixing. Returns how many anchors there are.
    """
    gram, window = sampling
    factor, power, mix = factors
    outgoing = power * factor
    room = 1
    while room <= window:
        room *= 2
    mask = room - 1
    scores, hashes = np.empty(room, np.uint32), np.empty(room, np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        start, runs = bounds[text], bounds[text + 1] - bounds[text] - gram + 1
        if runs < window:
            continue
        key = np.uint64(0)
        for i in range(gram):
            key = key * factor + np.uint64(codes[start + i])
        low, low_run, last, first = np.uint32(0), -1, -1, count
        for run in range(runs):
            if run:
                change = np.uint64(codes[start + run + gram - 1]) - np.uint64(codes[start + run - 1]) * outgoing
                key = key * factor + change
            score = np.uint32((((key >> np.uint64(32)) ^ key) * mix) >> np.uint64(32)) | np.uint32(1)
            scores[run & mask], hashes[run & mask] = score, key
            if run < window - 1:
                continue
            place = run
            if low_run <= run - window:
                low = score
                for other in range(run - window + 1, run):
                    low = min(low, scores[other & mask])
                place = run - window + 1
            elif score > low:
                continue
            else:
                low = score
            while place <= run:
                if scores[place & mask] == low:
                    low_run = place
                    if place > last:
                        last = place
                        # a key that follows itself within a window counts once, at its last place
                        is_repeated = count > first and keys[count - 1] == hashes[place & mask]
                        if is_repeated and last - positions[count - 1] <= window:
                            count -= 1
                        keys[count], texts[count], positions[count] = hashes[place & mask], text, last
                        count += 1
                place += 1
    return count


def count_equal(codes: Any, left: Any, right: Any, limits: Any, direction: int, counts: Any) -> None:
    """Count how many characters from two positions on are the same, up to a limit."""
    for i in range(len(left)):
        count = 0
        while count < limits[i] and codes[left[i] + direction * count] == codes[right[i] + direction * count]:
            count += 1
        counts[i] = count
