"""The ids and hosts of many documents in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.text.segments import run_start_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = 8
"""Bytes that are compared at one time."""


class IdColumn(Sequence[str]):
    """Ids by the number of their document: their bytes end to end, and 8 more each for where they end."""

    def __init__(self, ids: Iterable[str]) -> None:
        content, stops = bytearray(), array("q", [0])
        for name in ids:
            content += name.encode("utf-8", "surrogatepass")
            stops.append(len(content))
        self._content = bytes(content)
        self._stops = np.frombuffer(stops, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._stops) - 1

    def __getitem__(self, row: int | slice) -> str:
        assert not isinstance(row, slice)
        start, stop = self._stops[row], self._stops[row + 1]
        return self._content[start:stop].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for stop in self._stops[1:]:
            yield self._content[start:stop].decode("utf-8", "surrogatepass")
            start = stop

    def sort(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the rows of ids in their order, and which of these are the same as the one before.

        UTF-8 sorts as code points do, so bytes are compared, a word at a time, where those before are the same.
        """
        sizes = np.diff(self._stops)
        order = np.argsort(sizes, kind="stable")  # an id that another begins with stands before it
        is_tied = np.ones(len(order), dtype=np.bool_)
        is_tied[:1] = False
        for offset in range(0, int(sizes.max(initial=0)) + 1, WORD):
            # a run of ties begins with an id that is not tied to the one before
            places = np.flatnonzero(is_tied | np.append(is_tied[1:], False))
            if not len(places):
                break
            runs = np.cumsum(~is_tied[places])
            words = self._words(order[places], offset)
            by_word = np.lexsort((words, runs))
            order[places] = order[places][by_word]
            is_tied[places] = ~run_start_mask(words[by_word], runs)
        is_tied[1:] &= sizes[order[1:]] == sizes[order[:-1]]
        return order, is_tied

    def _words(self, rows: NDArray[np.int64], offset: int) -> NDArray[np.uint64]:
        """Return eight bytes of some ids from an offset on, as numbers that sort as they do."""
        content = np.frombuffer(self._content, dtype=np.uint8)
        words = np.zeros(len(rows), dtype=np.uint64)
        places, stops = self._stops[rows] + offset, self._stops[rows + 1]
        for _ in range(WORD):
            words <<= np.uint64(WORD)
            is_there = places < stops
            words[is_there] |= content[places[is_there]]
            places += 1
        return words


class HostColumn(Sequence[str]):
    """Hosts by the number of their document, "" for none; they take 4 bytes each, and each name once."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._names, self._numbers_by_name, self._numbers = [""], {"": 0}, array("i")
        for host in hosts:
            self.append(host)

    def append(self, host: str) -> None:
        """Add the host of one more document."""
        number = self._numbers_by_name.setdefault(host, len(self._names))
        if number == len(self._names):
            self._names.append(host)
        self._numbers.append(number)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, row: int | slice) -> str:
        assert not isinstance(row, slice)
        return self._names[self._numbers[row]]
