"""Samples of what streams by: of equal chances, or the greatest; a seed gives the same ones again."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from hashlib import blake2b
from typing import Generic, TypeVar

T = TypeVar("T")

_BYTES = 8


class Reservoir(Generic[T]):
    """At most `size` of the values that were offered, each with the same chance (Vitter 1985, algorithm R)."""

    def __init__(self, size: int, seed: str) -> None:
        self.size = size
        self.count = 0
        self.values: list[T] = []
        self._random = random.Random(seed)

    def offer(self, make: Callable[[], T]) -> None:
        """Offer a value, which is made only if it is taken."""
        self.count += 1
        if len(self.values) < self.size:
            self.values.append(make())
        elif (place := int(self._random.random() * self.count)) < self.size:
            self.values[place] = make()


class Greatest(Generic[T]):
    """The `size` values with the greatest keys; of equal keys the first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._heap: list[tuple[float, int, T]] = []
        self._number = 0

    @property
    def values(self) -> list[T]:
        """The values, the greatest first."""
        return [value for _, _, value in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]

    def offer(self, key: float, value: T) -> None:
        """Offer a value."""
        self._number -= 1
        entry = (key, self._number, value)
        if len(self._heap) < self.size:
            heapq.heappush(self._heap, entry)
        elif entry[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, entry)


def draw_number(seed: int, name: str) -> int:
    """Draw a number for a name, the same each time."""
    key = f"{seed}/{name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(key, digest_size=_BYTES).digest(), "big")
