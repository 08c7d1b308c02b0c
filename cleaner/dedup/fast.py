"""The same signatures and set comparisons compiled by numba, the `[fast]` extra. Bit-identical to the numpy ways."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WORTH = 1 << 23
"""Characters from which on starting numba (0.6 s, 110 MB) is made up for."""


class Kernels(NamedTuple):
    """Compiled functions; `minima` fills a matrix of signatures, `common` counts what two sorted sets share."""

    minima: Callable[..., None]
    common: Callable[..., int]


loaded: Kernels | None = None
"""What is used instead of numpy, once `load` was called."""


def load(characters: int = WORTH) -> bool:
    """From now on use the compiled functions, if that many characters are worth it and numba is installed."""
    global loaded
    if loaded is None and characters >= WORTH and importlib.util.find_spec("numba"):
        loaded = _compiled()
    return loaded is not None


def signatures(
    kernels: Kernels,
    mixed: NDArray[np.uint32],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """Signatures of ranges of mixed hashes, shape (ranges, permutations)."""
    out = np.full((len(starts), len(a)), 0xFFFFFFFF, dtype=np.uint32)
    kernels.minima(mixed, starts, stops, a, b, out)
    return out


def _compiled() -> Kernels:
    import numba

    def minima(mixed: Any, starts: Any, stops: Any, a: Any, b: Any, out: Any) -> None:
        for i in range(len(starts)):
            row = out[i]
            for t in range(starts[i], stops[i]):
                h = mixed[t]
                for k in range(len(a)):
                    row[k] = min(row[k], np.uint32(h * a[k] + b[k]))

    def common(left: Any, right: Any) -> int:
        i = j = found = 0
        while i < len(left) and j < len(right):
            x, y = left[i], right[j]
            found += x == y
            i += x <= y
            j += y <= x
        return found

    compiled = numba.njit(cache=True, nogil=True)
    return Kernels(compiled(minima), compiled(common))
