"""An ensemble of symmetric decision trees: one number for each line, and what each column added to it.

A symmetric (oblivious) tree asks the same question at all nodes of a level, so that its leaf is a number made of the
answers' bits (Kohavi & Li 1995; Prokhorenkova et al. 2018). The trees are fitted elsewhere; here they are data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.judging.model.leaf_tables import join_trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.judging.model.leaf_tables import LeafTables

    Matrix = NDArray[np.float32]
    Numbers = NDArray[np.float64]

UNIT = 1 << 12
"""Parts of one that leaves are counted in: sums of whole numbers are exact in any order."""


@dataclass(frozen=True)
class Trees:
    """Fitted trees over named columns.

    Attributes:
        names: the columns that questions are about.
        column: (trees, depth) int64, the column of each question.
        border: (trees, depth) float32, the value that the column must exceed for a yes.
        leaf: (trees, 2 ** depth) int64, what a leaf adds, in parts of `UNIT`; bit d is the answer to question d.
        weight: (trees, 2 ** depth) float64, how much of the labelled lines stood in each leaf.
        bias: what every line has before any tree, in parts of `UNIT`.
    """

    names: tuple[str, ...]
    column: NDArray[np.int64]
    border: Matrix
    leaf: NDArray[np.int64]
    weight: Numbers
    bias: int

    @property
    def depth(self) -> int:
        """Questions of a tree."""
        return int(self.column.shape[1])

    def scores(self, values: Matrix) -> Numbers:
        """Sum up all trees for each line.

        Args:
            values: (columns, lines) float32, in the order of `names`.

        Returns:
            (lines,) float64, in log-odds; no line changes another's sum.
        """
        return (self._tables.totals(values) + self.bias) / UNIT

    def contributions(self, values: Matrix) -> tuple[Numbers, Numbers]:
        """Divide the score of each line among the columns.

        A question adds the change of the weighted mean of the leaves that can still be reached (Saabas 2014): the sum
        over all columns and the constant is the score.

        Args:
            values: (columns, lines) float32, in the order of `names`; the lines that are to be explained.

        Returns:
            (columns, lines) float64 what each column adds, and (lines,) float64 the constant.
        """
        lines = values.shape[1]
        added = np.zeros((len(self.names), lines))
        constant = np.full(lines, self.bias / UNIT + sum(float(means[0][0]) for means in self._means))
        leaves = self._tables.leaves_of_trees(values)
        for tree, means in enumerate(self._means):
            leaf = leaves[tree]
            for level, column in enumerate(self.column[tree].tolist()):
                low = leaf & ((1 << level) - 1)
                added[column] += means[level + 1][leaf & ((2 << level) - 1)] - means[level][low]
        return added, constant

    @cached_property
    def _tables(self) -> LeafTables:
        return join_trees(self.column, self.border, self.leaf)

    @cached_property
    def _means(self) -> list[list[Numbers]]:
        """Weighted mean of the leaves below each prefix of answers: a tree, then a level, (2 ** level,) each."""
        return [_level_means(leaf / UNIT, weight) for leaf, weight in zip(self.leaf, self.weight, strict=True)]


def _level_means(leaf: Numbers, weight: Numbers) -> list[Numbers]:
    """Mean value of the leaves that share their first answers, for each number of answers."""
    weight = weight + 1e-9  # a leaf that no labelled line reached still has a value
    levels = []
    for level in range(len(leaf).bit_length()):
        shares = weight.reshape(-1, 1 << level)
        levels.append((leaf.reshape(-1, 1 << level) * shares).sum(axis=0) / shares.sum(axis=0))
    return levels


def from_table(table: dict[str, Any]) -> Trees:
    """Read trees from their plain form, as `to_table` writes it."""
    return Trees(
        tuple(table["columns"]),
        np.array(table["column"], dtype=np.int64),
        np.array(table["border"], dtype=np.float32),
        np.array(table["leaf"], dtype=np.int64),
        np.array(table["weight"], dtype=np.float64),
        int(table["bias"]),
    )


def to_table(trees: Trees) -> dict[str, Any]:
    """Write trees as lists and numbers, a tree a row."""
    return {
        "columns": list(trees.names),
        "column": trees.column.tolist(),
        "border": [[float(np.format_float_positional(b, unique=True)) for b in row] for row in trees.border],
        "leaf": trees.leaf.tolist(),
        "weight": np.round(trees.weight, 1).tolist(),
        "bias": trees.bias,
    }


def arrange(names: Sequence[str], columns: dict[str, Any], lines: int) -> Matrix:
    """Put columns into the order of `names`, (columns, lines) float32; a column that is missing is 0."""
    values = np.zeros((len(names), lines), dtype=np.float32)
    for row, name in enumerate(names):
        if name in columns:
            values[row] = columns[name]
    return values
