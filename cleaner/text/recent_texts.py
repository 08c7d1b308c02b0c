"""Texts that are read again and again from where they lie: the last ones stay in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAPACITY = 1 << 26
"""Bytes of code points that are kept between calls."""


class RecentTexts:
    """The code points of texts that were read again, the last ones kept."""

    def __init__(self, read: Callable[[NDArray[np.int64]], Iterator[str]], capacity: int = CAPACITY) -> None:
        """Read texts by `read`, which gets ascending numbers of records; keep those of `capacity` bytes."""
        self._read, self._capacity = read, capacity
        self._codes: dict[int, NDArray[np.uint32]] = {}
        self._bytes = 0

    def get(self, rows: NDArray[np.int64]) -> list[NDArray[np.uint32]]:
        """Return the code points of the texts of some records; `rows` ascend."""
        missing = [row for row in rows.tolist() if row not in self._codes]
        for row, text in zip(missing, self._read(np.array(missing, dtype=np.int64)), strict=True):
            self._codes[row] = codepoints.from_text(text)
            self._bytes += self._codes[row].nbytes
        codes = [self._codes[row] for row in rows.tolist()]
        while self._bytes > self._capacity:
            self._bytes -= self._codes.pop(next(iter(self._codes))).nbytes
        return codes
