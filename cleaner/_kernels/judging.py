"""Kernels of the judge: lines, characters, what lines share with the body."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable


def split(codes: Any, blank: Any, starts: Any, stops: Any) -> int:
    """Lines of a text that are not blank, without the white space around them; how many."""
    count = start = last = 0
    inside = False
    for at in range(len(codes)):
        code = codes[at]
        if code >= len(blank) or not blank[code]:
            if not inside:
                start, inside = at, True
            last = at
        elif code == 10 and inside:
            starts[count], stops[count] = start, last + 1
            count, inside = count + 1, False
    if inside:
        starts[count], stops[count] = start, last + 1
        count += 1
    return count


def classify(codes: Any, folding: Any, kinds_of: Any, folded: Any, kinds: Any) -> None:
    """Folded characters and their kinds."""
    for at in range(len(codes)):
        folded[at] = folding[codes[at]]
        kinds[at] = kinds_of[folded[at]]


def echo(
    codes: Any,
    letters: Any,
    starts: Any,
    stops: Any,
    documents: Any,
    sizes: Any,
    among: Any,
    asked: Any,
    table: Any,
    slots: Any,
    edges: Any,
    shares: Any,
) -> None:
    """The share of each line's bigrams that another line marked in `among` has, for lines `asked`.

    `sizes` (documents,): characters of each document and one.
    `table` (slots, 2) int32, at first below zero: the first and the last line in `among` that has a slot. What is lower
    than a document's first line is another document's.
    """
    low = 0
    while low < len(starts):
        document, high, any_asked = documents[low], low, False
        while high < len(starts) and documents[high] == document:
            any_asked |= asked[high]
            high += 1
        if any_asked:
            bits = 7
            while (1 << (bits - 2)) < sizes[document]:
                bits += 1
            count = 0
            for line in range(low, high):
                edges[line - low] = count
                count = _read(codes, letters, starts[line], stops[line], np.uint32(32 - bits), slots, count)
                if among[line]:
                    _enter(slots[edges[line - low] : count], line, low, table)
            edges[high - low] = count
            for line in range(low, high):
                if asked[line]:
                    begin, end = edges[line - low], edges[line - low + 1]
                    shares[line] = _met(slots[begin:end], line, low, table) / max(end - begin, 1)
        low = high


def _read(codes: Any, letters: Any, start: int, stop: int, shift: Any, slots: Any, count: int) -> int:
    for at in range(start, stop - 1):
        mixed = np.uint32(codes[at] * np.uint32(0x9E3779B1) + codes[at + 1] * np.uint32(0x85EBCA6B))
        mixed ^= mixed >> np.uint32(15)
        slots[count] = np.uint32(mixed * np.uint32(0xC2B2AE35)) >> shift
        count += letters[at] & letters[at + 1]
    return count


def _enter(slots: Any, line: int, low: int, table: Any) -> None:
    for slot in slots:
        table[slot, 0] = line if table[slot, 1] < low else table[slot, 0]
        table[slot, 1] = line


def _met(slots: Any, line: int, low: int, table: Any) -> int:
    shared = 0
    for slot in slots:
        first, last = table[slot, 0], table[slot, 1]
        shared += (last >= low) & ((last != line) | (first != line))
    return shared


for part in (_read, _enter, _met):
    register_jitable(part)  # so that `echo` may call them when it is compiled
