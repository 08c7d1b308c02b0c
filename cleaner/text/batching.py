"""Cut streams of things into batches of about one size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int, measure: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Yield the items in lists, each closed by the item with which it reaches `size`; only the last may be smaller.

    Args:
        measure: returns the size of one item.
    """
    batch: list[Item] = []
    total = 0
    for item in items:
        batch.append(item)
        total += measure(item)
        if total >= size:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def text_batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield whole texts in lists of about `size` code points."""
    return batches(texts, size, len)
