"""Kernels of the judge: lines, characters, bigrams that lines share with the body."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

_NEWLINE = 10
_MIN_SLOT_BITS = 7
"""Slots of the smallest table of bigrams, as a power of two; a page has at least four for each character."""


def split_lines(codes: Any, blank: Any, starts: Any, stops: Any) -> int:
    """Find the lines that are not blank, stripped of white space.

    Returns how many there are.
    """
    count = start = last = 0
    in_line = False
    for i in range(len(codes)):
        code = codes[i]
        if code >= len(blank) or not blank[code]:
            if not in_line:
                start, in_line = i, True
            last = i
        elif code == _NEWLINE and in_line:
            starts[count], stops[count] = start, last + 1
            count, in_line = count + 1, False
    if in_line:
        starts[count], stops[count] = start, last + 1
        count += 1
    return count


def classify_codes(codes: Any, folding: Any, kinds_of: Any, folds: Any, kinds: Any) -> None:
    """Fill in the folded characters and their kinds."""
    for i in range(len(codes)):
        folds[i] = folding[codes[i]]
        kinds[i] = kinds_of[folds[i]]


def share_bigrams(
    codes: Any,
    letters: Any,
    starts: Any,
    stops: Any,
    documents: Any,
    sizes: Any,
    among: Any,
    targets: Any,
    table: Any,
    slots: Any,
    edges: Any,
    shares: Any,
) -> None:
    """Measure the share of each line's bigrams that another line has.

    Args:
        codes: code points of all documents.
        letters: whether each is a letter.
        starts: where each line begins in `codes`.
        stops: where each line ends.
        documents: the document of each line.
        sizes: (documents,) characters of each document and one.
        among: lines whose bigrams count.
        targets: lines to measure.
        table: (slots, 2) int32, at first below zero: the first and the last line in `among` that has a slot. A line
            before a document's first is another document's.
        slots: room for the slots of one document's bigrams.
        edges: room for where each line's slots begin and end.
        shares: (lines,) the result.
    """
    low = 0
    while low < len(starts):
        document, high, has_target = documents[low], low, False
        while high < len(starts) and documents[high] == document:
            has_target |= targets[high]
            high += 1
        if has_target:
            bits = _MIN_SLOT_BITS
            while (1 << (bits - 2)) < sizes[document]:
                bits += 1
            count = 0
            for line in range(low, high):
                edges[line - low] = count
                count = _fill_slots(codes, letters, starts[line], stops[line], np.uint32(32 - bits), slots, count)
                if among[line]:
                    _enter(slots[edges[line - low] : count], line, low, table)
            edges[high - low] = count
            for line in range(low, high):
                if targets[line]:
                    begin, end = edges[line - low], edges[line - low + 1]
                    shares[line] = _count_shared(slots[begin:end], line, low, table) / max(end - begin, 1)
        low = high


def _fill_slots(codes: Any, letters: Any, start: int, stop: int, shift: Any, slots: Any, count: int) -> int:
    for i in range(start, stop - 1):
        h = np.uint32(codes[i] * np.uint32(0x9E3779B1) + codes[i + 1] * np.uint32(0x85EBCA6B))
        h ^= h >> np.uint32(15)
        slots[count] = np.uint32(h * np.uint32(0xC2B2AE35)) >> shift
        count += letters[i] & letters[i + 1]
    return count


def _enter(slots: Any, line: int, low: int, table: Any) -> None:
    for slot in slots:
        table[slot, 0] = line if table[slot, 1] < low else table[slot, 0]
        table[slot, 1] = line


def _count_shared(slots: Any, line: int, low: int, table: Any) -> int:
    count = 0
    for slot in slots:
        first, last = table[slot, 0], table[slot, 1]
        count += (last >= low) & ((last != line) | (first != line))
    return count


for function in (_fill_slots, _enter, _count_shared):
    register_jitable(function)  # so that `share_bigrams` may call them when it is compiled
