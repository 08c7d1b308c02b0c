"""Copied passages of documents, and the places of repeated spans that are not reported because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray


class CopiedPassage(NamedTuple):
    """A passage that is a copy: a span of its document in code points, and its similarity with the keeper."""

    start: int
    stop: int
    jaccard: float

    def holds(self, start: int, stop: int) -> bool:
        """Tell whether a span lies in it."""
        return self.start <= start and stop <= self.stop

    def endangers(self, start: int, stop: int) -> bool:
        """Tell whether what a span has may be lost with it, as it is not the same as its keeper."""
        return self.jaccard < 1 and self.start < stop and start < self.stop


def mark_places(
    test: Callable[[CopiedPassage, int, int], bool],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    passages: Iterable[Sequence[CopiedPassage]],
) -> NDArray[np.bool_]:
    """Tell of which places (n,) a test of some copied passage of their document is true."""
    rows = zip(starts.tolist(), stops.tolist(), passages, strict=True)
    results = [any(test(passage, start, stop) for passage in there) for start, stop, there in rows]
    return np.array(results, dtype=np.bool_)
