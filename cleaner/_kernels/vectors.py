"""Vectors of 512 bits where the processor has some: LLVM itself stays at 256."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic


def _wide(context: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # past llvmlite's own list of attributes, which has only those of every processor
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


wide: Any = intrinsic(_wide)
"""What a kernel calls to be compiled for the widest vectors."""
