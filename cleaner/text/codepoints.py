"""Texts as arrays of code points, for tables that are looked up a whole document at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

COUNT = 0x110000


def of(text: str) -> NDArray[np.intp]:
    """The code points of a text that is not empty, lone surrogates included, as indices into a table."""
    import numpy as np

    return np.array([text]).view(np.uint32).astype(np.intp)


def string(codes: Codes) -> str:
    """The text of at least one code point."""
    text: str = codes.view(f"<U{len(codes)}").item()
    # NumPy takes U+0000 at the end of a string for padding.
    return text if len(text) == len(codes) else text.ljust(len(codes), "\0")


def table(pairs: Mapping[int, int]) -> Codes:
    """What every code point becomes: itself where `pairs` has nothing."""
    import numpy as np

    codes = np.arange(COUNT, dtype=np.uint32)
    codes[list(pairs)] = list(pairs.values())
    return codes


def portions(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Whole texts in lists of about `size` code points."""
    portion: list[str] = []
    held = 0
    for text in texts:
        portion.append(text)
        held += len(text)
        if held >= size:
            yield portion
            portion, held = [], 0
    if portion:
        yield portion
