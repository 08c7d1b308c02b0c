"""Texts as arrays of code points, for tables that are looked up for a whole document at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

COUNT = 0x110000
"""Code points that Unicode has room for."""
SURROGATES = range(0xD800, 0xE000)
BASIC = 0x10000
"""Code points of the basic plane; those beyond take two UTF-16 units."""
LINE_FEED = ord("\n")


def from_text(text: str) -> Codes:
    """Convert a text to its code points, shape (len(text),), lone surrogates included."""
    import numpy as np

    return np.array([text]).view(np.uint32) if text else np.zeros(0, dtype=np.uint32)


def indices(text: str) -> NDArray[np.intp]:
    """Convert a text to its code points as indices into a table: NumPy looks up no faster than by this type."""
    import numpy as np

    return from_text(text).astype(np.intp)


def to_text(codes: Codes) -> str:
    """Convert code points to a text."""
    if not len(codes):
        return ""
    text: str = codes.view(f"<U{len(codes)}").item()
    # NumPy takes U+0000 at the end of a string for padding.
    return text if len(text) == len(codes) else text.ljust(len(codes), "\0")


def mapping_table(pairs: Mapping[int, int]) -> Codes:
    """Build a table (COUNT,) of what each code point becomes: itself where `pairs` has nothing."""
    import numpy as np

    codes = np.arange(COUNT, dtype=np.uint32)
    codes[list(pairs)] = list(pairs.values())
    return codes
