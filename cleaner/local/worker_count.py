"""How many processes a run takes where its user does not say."""

from __future__ import annotations

import os

SMALL = 8 << 20
"""Bytes of input up to which starting processes takes longer than it saves."""


def default_workers(size: int) -> int:
    """Return how many workers an input of `size` bytes is worth: one a core, or a single one for a small input."""
    return 1 if size <= SMALL else os.cpu_count() or 1
