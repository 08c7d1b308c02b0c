"""Where patterns hit, and how hits in lines by themselves are carried over to a block that holds the same lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Hits(NamedTuple):
    """What `Matcher.find` found, one entry a hit, ordered by line, then rule, then place.

    `line` (n,) int64: index into the block's lines. `rule` (n,) int64: index into `Matcher.rules`.
    `start`, `stop` (n,) int64: the match in the block's text. A hit of scope "block" counts on each line it covers,
    one of scope "document" on the line it begins in.
    `overruns`: (rule id, first characters) of the texts on which a pattern ran out of time and was given up.
    """

    line: NDArray[np.int64]
    rule: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    overruns: tuple[tuple[str, str], ...] = ()

    def moved(self, row: NDArray[np.int64], before: NDArray[np.int64], after: NDArray[np.int64]) -> Hits:
        """The hits where their lines stand in another block: line i as line `row[i]`, or nowhere if that is -1.

        `before`, `after`: where the lines of either block begin.
        """
        line = row[self.line]
        stays = line >= 0
        line, shift = line[stays], after[line[stays]] - before[self.line[stays]]
        return Hits(line, self.rule[stays], self.start[stays] + shift, self.stop[stays] + shift, self.overruns)


def joined(parts: Sequence[Hits]) -> Hits:
    """Hits of parts of a block as those of the whole."""
    columns = [np.concatenate(column) for column in list(zip(*parts, strict=True))[:4]]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    line, rule, start, stop = (column[order] for column in columns)
    return Hits(line, rule, start, stop, tuple(chain.from_iterable(part.overruns for part in parts)))


class Known(NamedTuple):
    """What is kept with a block: the hits, and whose they are."""

    matcher: Any
    hits: Hits
