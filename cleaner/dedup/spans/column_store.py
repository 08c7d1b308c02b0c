"""Where the columns that grow with the places of spans are: in memory, or wherever the caller keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


class ColumnStore(Protocol):
    """Keeps columns."""

    def collect(self, name: str, parts: Iterable[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
        """Join parts of some columns, one at least, under a name; the same name again replaces them."""

    def release(self) -> None:
        """Give back the memory that looking at columns took; they can be looked at again."""


class MemoryColumns:
    """Keeps columns in memory."""

    def collect(self, name: str, parts: Iterable[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
        """Join parts."""
        return [np.concatenate(column) for column in zip(*parts, strict=True)]

    def release(self) -> None:
        """Do nothing, as columns are in memory only once."""
