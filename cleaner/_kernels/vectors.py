"""Vectors of 512 bits for kernels, where the processor has them; LLVM by itself stays at 256."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic


def _prefer_512_bits(context: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # past llvmlite's own list of attributes, which has only those of every processor
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


use_wide_vectors: Any = intrinsic(_prefer_512_bits)
"""Called by a kernel to be compiled for the widest vectors."""
