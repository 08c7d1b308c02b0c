"""Kernels of the search for repeated spans: anchors, and how far two places are the same."""

from __future__ import annotations

from typing import Any

import numpy as np


def sample_anchors(  # noqa: C901 - numba compiles one function
    codes: Any, bounds: Any, sampling: Any, factors: Any, keys: Any, texts: Any, positions: Any
) -> int:
    """Fill in the anchors of texts, by a rolling hash and a queue of the lowest scores of a window.

    `sampling`: characters of a run, runs of a window. `factors`: of the hash, its power for the first character of a
    run, of the mixing. Returns how many anchors there are.
    """
    gram, window = sampling
    factor, power, mix = factors
    room = 1
    while room <= window:
        room *= 2
    mask = room - 1
    queue, scores, hashes = np.empty(room, np.int64), np.empty(room, np.uint32), np.empty(room, np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        start, runs = bounds[text], bounds[text + 1] - bounds[text] - gram + 1
        if runs < window:
            continue
        key = np.uint64(0)
        for i in range(gram - 1):
            key = key * factor + np.uint64(codes[start + i])
        head, tail, last, first = 0, 0, -1, count
        for run in range(runs):
            if run:
                key -= np.uint64(codes[start + run - 1]) * power
            key = key * factor + np.uint64(codes[start + run + gram - 1])
            score = np.uint32((((key >> np.uint64(32)) ^ key) * mix) >> np.uint64(32)) | np.uint32(1)
            while tail > head and scores[(tail - 1) & mask] > score:
                tail -= 1
            if tail > head and queue[head & mask] <= run - window:
                head += 1
            queue[tail & mask], scores[tail & mask], hashes[tail & mask] = run, score, key
            tail += 1
            if run < window - 1:
                continue
            place = head
            while place < tail and scores[place & mask] == scores[head & mask]:
                if queue[place & mask] > last:
                    last = queue[place & mask]
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
