"""Kernels of the judge: lines and characters."""

from __future__ import annotations

from typing import Any

import numpy as np

_NEWLINE = 10
_LINES = 256  # whose answers to all questions stay in a core's cache
_YES, _NO = np.uint8(0xFF), np.uint8(0)


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


def sum_trees(values: Any, columns: Any, borders: Any, bits: Any, sums: Any, totals: Any) -> None:
    """Add what all trees say of each line."""
    answers = np.zeros((len(columns), _LINES), dtype=np.uint8)
    leaf = np.empty(_LINES, dtype=np.uint8)
    for first in range(0, len(totals), _LINES):
        total = totals[first : first + _LINES]
        for question in range(len(columns)):
            column, border = values[columns[question], first : first + _LINES], borders[question]
            answer = answers[question]
            for i in range(len(total)):
                answer[i] = _YES if column[i] > border else _NO
        for table in range(len(sums)):
            leaf[:] = 0
            for bit in range(len(bits)):
                answer, mask = answers[bits[bit, table]], np.uint8(1 << bit)
                for i in range(_LINES):
                    leaf[i] |= answer[i] & mask
            row = sums[table]
            for i in range(len(total)):
                total[i] += row[leaf[i]]


def sum_grams(
    characters: Any,
    line: Any,
    letters: Any,
    pairs: Any,
    triples: Any,
    weights: Any,
    last: Any,
    totals: Any,
    counts: Any,
) -> None:
    """Add the weights of each line's n-grams and count them, each once in a line.

    `last` is the last line that each n-gram was seen in, -1 for none.
    """
    table, singles = letters
    pair_keys, pair_numbers, pair_mix, pair_mask, pair_shift, pair_grams, is_prefix = pairs
    keys, numbers, mix, mask, shift, grams = triples
    size = len(characters)
    base = np.uint64(len(singles))
    for i in range(size):
        first = table[min(characters[i], len(table) - 1)]
        row, double, triple = line[i], np.int64(-1), np.int64(-1)
        if first and i + 1 < size:
            second = table[min(characters[i + 1], len(table) - 1)]
            key = np.uint64(first) * base + np.uint64(second)
            slot = ((key * pair_mix) & pair_mask) >> pair_shift
            while pair_keys[slot] != key and pair_keys[slot] != pair_mask:
                slot = (slot + np.uint64(1)) % np.uint64(len(pair_keys))
            if pair_keys[slot] == key:
                pair = pair_numbers[slot]
                double = np.int64(pair_grams[pair])
                if is_prefix[pair] and i + 2 < size:
                    third = table[min(characters[i + 2], len(table) - 1)]
                    key = np.uint64(pair) * base + np.uint64(third)
                    slot = ((key * mix) & mask) >> shift
                    while keys[slot] != key and keys[slot] != mask:
                        slot = (slot + np.uint64(1)) % np.uint64(len(keys))
                    if keys[slot] == key:
                        triple = np.int64(grams[numbers[slot]])
        for gram in (np.int64(singles[first]), double, triple):
            if gram >= 0 and last[gram] != row:
                last[gram] = row
                totals[row] += weights[gram]
                counts[row] += 1
