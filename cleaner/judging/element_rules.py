"""Rules on the lines inside elements of a page: told by where a line stands in the markup, not by its words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.judging.analysis import Analysis
    from cleaner.judging.bound_rules import BoundIndices
    from cleaner.rules.schema import Rule

    Table = NDArray[np.int64]


class ElementRules:
    """Those of `rules` that name elements."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.indices = frozenset(index for index, rule in enumerate(rules) if rule.elements)
        self._unbound = [index for index in sorted(self.indices) if not rules[index].is_bound]
        self._compile = lru_cache(None)(lambda index: Pattern(self.rules[index]))

    def find(self, analysis: Analysis, acting: BoundIndices) -> Table:
        """Find the matches in a batch: line, rule, start and stop of each, (n, 4).

        A rule acts on a page only where sentences stand outside its elements, so a page that is a list keeps it.
        """
        rows = [(0, 0, 0, 0)][:0]
        if self.indices and any(analysis.hints):
            for document, indices in enumerate(acting):
                for index in (*self._unbound, *self.indices.intersection(indices)):
                    rows += self._find(analysis, document, index)
        return np.array(rows, dtype=np.int64).reshape(-1, 4)

    def _find(self, analysis: Analysis, document: int, index: int) -> Iterator[tuple[int, int, int, int]]:
        batch, view, rule = analysis.batch, analysis.view, self.rules[index]
        first, stop = batch.first_lines[document : document + 2].tolist()
        hints = analysis.hints[document]
        if hints is None or first == stop:
            return
        is_inside = np.any([hints.mark_inside(path) for path in rule.elements], axis=0)
        is_prose = analysis.layout.prose[first:stop] & (view.characters.count("stop")[first:stop] > 0)
        if not is_inside.any() or not (is_prose & ~is_inside).any():
            return
        for line in (first + is_inside.nonzero()[0]).tolist():
            begin, end = view.starts[line], view.stops[line]
            if end - begin <= rule.longest and self._compile(index).spans(view.folded_text[begin:end]):
                yield line, index, int(batch.starts[line]), int(batch.stops[line])
