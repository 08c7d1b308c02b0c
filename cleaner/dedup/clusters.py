"""From pairs to clusters. Items number by rank, best first, so a cluster's keeper is its smallest number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Connected components of `count` items: the smallest member of each item's component, (count,)."""
    parent = np.arange(count)
    while len(left):
        a, b = parent[left], parent[right]
        apart = a != b
        left, right, a, b = left[apart], right[apart], a[apart], b[apart]
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        parent = _flat(parent)
    return parent


def _flat(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent
        parent = above


def stars(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Stars, (count,): by rank, each item that is no copy yet takes its free neighbours as copies."""
    keeper = list(range(count))
    order = np.lexsort((right, left))
    for a, b in zip(left[order].tolist(), right[order].tolist(), strict=True):
        if keeper[a] == a and keeper[b] == b:
            keeper[b] = a
    return np.array(keeper, dtype=np.int64)
