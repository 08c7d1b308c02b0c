"""Trees laid out to be summed up: each question answered once, trees that fit one byte looked up together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner import _kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Totals = NDArray[np.signedinteger[Any]]
    Leaves = NDArray[np.uint8]

BYTE = 8
"""Bits of a leaf's number; trees of depth 4 share one in pairs."""

FEW = 30
"""Lines below which all answers are taken at once: one call costs more than the work."""

BLOCK = 1 << 13
"""Lines whose trees are summed up together: their answers stay in the cache, and a call is worth its cost."""


@dataclass(frozen=True)
class LeafTables:
    """Symmetric trees, several of which are one table.

    Attributes:
        columns, borders: (questions,) the different questions of all trees, ordered by column.
        bits: (bits, tables) int64, the question whose answer is a bit of a table's index; the first trees have the
            lowest bits.
        sums: (tables, 2 ** bits) what the trees of a table add, in whole numbers.
        depth: questions of a tree.
    """

    columns: NDArray[np.int64]
    borders: Matrix
    bits: NDArray[np.int64]
    sums: Totals
    depth: int

    def totals(self, values: Matrix) -> Totals:
        """Sum up all trees for each line of `values` (columns, lines), (lines,)."""
        lines = values.shape[1]
        if lines < FEW and not _kernels.active:
            return np.asarray(self._flat_sums.take(self.leaves(values) + self._first).sum(axis=0))
        totals = np.zeros(lines, dtype=self.sums.dtype)
        if _kernels.active:
            values = np.ascontiguousarray(values)
            _kernels.active.sum_trees(values, self.columns, self.borders, self.bits, self.sums, totals)
            return totals
        for first in range(0, lines, BLOCK):
            total = totals[first : first + BLOCK]
            for sums, leaf in zip(self.sums, self.leaves(values[:, first : first + BLOCK]), strict=True):
                total += sums.take(leaf, mode="clip")
        return totals

    def leaves(self, values: Matrix) -> Leaves:
        """Find the index of each line in each table, (tables, lines)."""
        lines = values.shape[1]
        if lines < FEW:
            answers = values.take(self.columns, axis=0) > self.borders[:, None]
            return np.asarray(np.packbits(answers.take(self.bits, axis=0), axis=0, bitorder="little")[0])
        answers = np.zeros((len(self.columns), -(-lines // BYTE) * BYTE), dtype=np.bool_)
        for column, questions in self._ranges:
            np.greater(values[column], self.borders[questions, None], out=answers[questions, :lines])
        eight = answers.view(np.uint64)  # a shift by less than a byte moves no answer, 0 or 1, into the next
        leaves = eight.take(self.bits[0], axis=0)
        shifted = np.empty_like(leaves)
        for bit, questions in enumerate(self.bits[1:], start=1):
            eight.take(questions, axis=0, out=shifted, mode="clip")
            np.left_shift(shifted, np.uint64(bit), out=shifted)
            np.bitwise_or(leaves, shifted, out=leaves)
        return np.asarray(leaves.view(np.uint8)[:, :lines])

    def leaves_of_trees(self, values: Matrix) -> Leaves:
        """Find the leaf that each line reaches in each tree, (trees, lines); trees that fill a table up are behind."""
        shifts = np.arange(0, len(self.bits), self.depth, dtype=np.uint8)[None, :, None]
        leaves = (self.leaves(values)[:, None] >> shifts) & np.uint8((1 << self.depth) - 1)
        return np.asarray(leaves.reshape(-1, values.shape[1]))

    @cached_property
    def _flat_sums(self) -> Totals:
        return np.asarray(self.sums.ravel())

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        return np.asarray((np.arange(len(self.sums)) * self.sums.shape[1])[:, None])

    @cached_property
    def _ranges(self) -> list[tuple[int, slice]]:
        """Each column with the range of its questions."""
        first = np.diff(self.columns, prepend=-1).nonzero()[0].tolist()
        bounds = zip(first, [*first[1:], len(self.columns)], strict=True)
        return [(int(self.columns[start]), slice(start, stop)) for start, stop in bounds]


def join_trees(column: NDArray[np.int64], border: Matrix, leaf: NDArray[np.int64]) -> LeafTables:
    """Join trees as far as their questions fit a byte.

    Args:
        column, border: (trees, depth) the questions.
        leaf: (trees, 2 ** depth) what a leaf adds.
    """
    trees, depth = column.shape
    joined = max(BYTE // depth, 1)
    tables = -(-trees // joined)
    pairs = list(zip(column.ravel().tolist(), border.ravel().tolist(), strict=True))
    number = {question: index for index, question in enumerate(sorted(set(pairs)))}
    bits = np.zeros((tables * joined, depth), dtype=np.int64)
    bits[:trees] = np.array([number[pair] for pair in pairs], dtype=np.int64).reshape(trees, depth)
    dtype = np.int32 if np.abs(leaf).max(axis=1, initial=0).sum() < np.iinfo(np.int32).max else np.int64
    leaves = np.zeros((tables * joined, 1 << depth), dtype=dtype)
    leaves[:trees] = leaf
    sums = leaves[::joined]
    for later in range(1, joined):
        sums = (leaves[later::joined, :, None] + sums[:, None]).reshape(tables, -1)
    return LeafTables(
        np.array([question for question, _ in number], dtype=np.int64),
        np.array([value for _, value in number], dtype=np.float32),
        np.ascontiguousarray(bits.reshape(tables, joined * depth).T),
        np.ascontiguousarray(sums),
        depth,
    )
