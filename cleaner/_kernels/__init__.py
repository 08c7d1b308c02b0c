"""Inner loops compiled by numba, the `[fast]` extra, bit-identical to the numpy code they replace."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MIN_CHARACTERS = 1 << 24
"""Characters whose processing saves the time that starting numba takes (0.6 s, 110 MB)."""


class Kernels(NamedTuple):
    """Compiled functions of `sketching`, `judging` and `spans`.

    Each fills its last arguments.
    """

    fold_codes: Callable[..., int]
    hash_shingles: Callable[..., None]
    mix_hashes: Callable[..., None]
    permute_minima: Callable[..., None]
    merge_minima: Callable[..., None]
    sum_squares: Callable[..., None]
    count_common: Callable[..., None]
    score_cuts: Callable[..., None]
    hash_bands: Callable[..., None]
    split_lines: Callable[..., int]
    classify_codes: Callable[..., int]
    sum_trees: Callable[..., None]
    sum_grams: Callable[..., None]
    sample_anchors: Callable[..., int]
    count_equal: Callable[..., None]


active: Kernels | None = None
"""Kernels used instead of numpy, after `load`."""


def load(characters: int = MIN_CHARACTERS) -> bool:
    """Use kernels from now on, where they pay off and numba is installed.

    Args:
        characters: how many this process is going to read; fewer than `MIN_CHARACTERS` change nothing.

    Returns:
        Whether kernels are in use.
    """
    global active
    if active is None and characters >= MIN_CHARACTERS and importlib.util.find_spec("numba"):
        import numba

        from cleaner._kernels import judging, sketching, spans

        compile_kernel = numba.njit(cache=True, nogil=True)
        bodies = {**vars(sketching), **vars(judging), **vars(spans)}
        active = Kernels._make(compile_kernel(bodies[name]) for name in Kernels._fields)
    return active is not None
