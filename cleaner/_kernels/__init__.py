"""Inner loops compiled by numba, the `[fast]` extra. Bit-identical to the numpy ways they stand in for."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

WORTH = 1 << 24
"""Characters from which on starting numba (0.6 s, 110 MB) is made up for."""


class Kernels(NamedTuple):
    """Compiled functions, each filling its last arguments; see those of their names in `sketching` and `judging`."""

    fold: Callable[..., int]
    polynomial: Callable[..., None]
    mix: Callable[..., None]
    minima: Callable[..., None]
    together: Callable[..., None]
    squares: Callable[..., None]
    common: Callable[..., None]
    values: Callable[..., None]
    keys: Callable[..., None]
    split: Callable[..., int]
    classify: Callable[..., int]
    echo: Callable[..., None]


loaded: Kernels | None = None
"""What is used instead of numpy, once `load` was called."""


def load(characters: int = WORTH) -> bool:
    """From now on use the compiled functions, if that many characters are worth it and numba is installed."""
    global loaded
    if loaded is None and characters >= WORTH and importlib.util.find_spec("numba"):
        import numba

        from cleaner._kernels import judging, sketching

        compiled = numba.njit(cache=True, nogil=True)
        bodies = {**vars(sketching), **vars(judging)}
        loaded = Kernels._make(compiled(bodies[name]) for name in Kernels._fields)
    return loaded is not None
