"""Kernels of the judge: lines and characters."""

from __future__ import annotations

from typing import Any

_NEWLINE = 10


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
