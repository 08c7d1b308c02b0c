"""What a detector is and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Block


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one detector in one block, sorted by `start`.

    `line` (hits,) int64: index into `block.starts`; -1 where the verdict is on a whole document.
    `start`, `stop` (hits,) int64: the range in `block.text`: the stripped line for a drop, the part to remove for a
    cut, the part to replace for a join (it may begin at the end of an earlier line).
    `score` (hits,) float64 or None: how sure the detector is, in (0, 1]; a rule's weight is multiplied by it. None: 1.
    `new`: what stands in the place of each range after a join or replace; None: nothing.
    """

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    score: NDArray[np.float64] | None = None
    new: list[str] | None = None

    def __len__(self) -> int:
        return len(self.line)


Params = Mapping[str, Any]
Detector = Callable[["Block", str, Params], Found]


def whole(block: Block, lines: NDArray[np.int64] | Sequence[int], score: NDArray[np.float64] | None = None) -> Found:
    """Whole lines as hits; `lines` are sorted, distinct indices into `block.starts`."""
    at = np.asarray(lines, dtype=np.int64)
    return Found(at, block.starts[at], block.stops[at], score)


def ranges(hits: Iterable[tuple[int, int, int]]) -> Found:
    """Hits given as (line, start, stop), in any order; of those that overlap the first and longest counts."""
    kept: list[tuple[int, int, int]] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[1], -hit[2])):
        if not kept or hit[1] >= kept[-1][2]:
            kept.append(hit)
    table = np.array(kept, dtype=np.int64).reshape(-1, 3)
    return Found(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def documents(block: Block, numbers: Sequence[int], score: Sequence[float] | None = None) -> Found:
    """Verdicts on whole documents; `numbers` are sorted positions in `block.texts`."""
    at = np.asarray(numbers, dtype=np.int64)
    scores = None if score is None else np.asarray(score, dtype=np.float64)
    stops = np.maximum(block.offsets[at + 1] - 1, block.offsets[at])
    return Found(np.full(len(at), -1, dtype=np.int64), block.offsets[at], stops, scores)
