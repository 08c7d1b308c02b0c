"""How a process that goes through many records holds its memory: what it will ask for again it does not give back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

GROWN = 31 << 20
"""Bytes of an array that is made and freed first, untouched. From then on glibc keeps what smaller ones free, which
it would else give back and ask for again (`M_MMAP_THRESHOLD` in mallopt(3), which ends at 32 MB)."""
OBJECTS = 1 << 16
"""How many more objects there may be before circles are looked for among them. Records are in none, and a block of
them has many times the 700 that are usual."""


@contextmanager
def kept() -> Iterator[None]:
    """Hold memory so until the block ends."""
    np.empty(GROWN, dtype=np.uint8)
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
