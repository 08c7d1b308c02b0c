"""Clusters of pairs. Items number by rank, best first, so a cluster's keeper is its smallest number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def connected_components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Label each of `count` items with the smallest member of its connected component.

    Args:
        count: number of items.
        left: (pairs,) one item of each pair.
        right: (pairs,) the other.

    Returns:
        Labels (count,).
    """
    labels = np.arange(count)
    join(labels, left, right)
    return find_roots(labels, slice(None))


def join(labels: NDArray[Any], left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
    """Give joined items one label, the lower one, in place: the union of a union-find.

    Args:
        labels: (items,) for each item one of its component, itself or a lower one.
        left: (pairs,) one item of each pair.
        right: (pairs,) the other.
    """
    while len(left):
        if len(left) > len(labels) // 4:  # to shorten all paths takes less time than to follow those of all pairs
            find_roots(labels, slice(None))
            a, b = labels[left], labels[right]
        else:
            a, b = find_roots(labels, left), find_roots(labels, right)
        differs = a != b
        left, right, a, b = left[differs], right[differs], a[differs], b[differs]
        np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))


def find_roots(labels: NDArray[Any], items: NDArray[Any] | slice) -> NDArray[Any]:
    """Follow labels from some items to the smallest of each component.

    The paths of these items become shorter, in place.
    """
    roots: NDArray[Any] = labels[items]
    while True:
        parents = labels[roots]
        if np.array_equal(parents, roots):
            return roots
        labels[items] = roots = parents


def star_clusters(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Label each of `count` items with its keeper, by stars.

    Every copy is paired with its keeper itself.

    By rank, each item that is no copy yet takes its free neighbours as copies.

    Args:
        count: number of items.
        left: (pairs,) the better item of each pair.
        right: (pairs,) the other.

    Returns:
        Labels (count,).
    """
    keeper = list(range(count))
    order = np.lexsort((right, left))
    for a, b in zip(left[order].tolist(), right[order].tolist(), strict=True):
        if keeper[a] == a and keeper[b] == b:
            keeper[b] = a
    return np.array(keeper, dtype=np.int64)
