"""Script conversion, character by character (`fold`) and by OpenCC's dictionaries (`convert`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalize import opencc_tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

CODE_POINTS = 0x110000
FOLD_SHORT = 48


def fold(text: str) -> str:
    """`text` in the form rules are matched on, with every character at its old place.

    Traditional characters become Simplified one by one, full-width ASCII and capital letters become
    lower-case ASCII, U+3000 and U+00A0 become a space. The result has the length of `text`, and folding it
    again changes nothing. It is wrong to keep the result as text: 乾隆 and 干净 share a character in it.
    """
    if text.isascii():
        return text.lower()
    if len(text) < FOLD_SHORT:
        return text.translate(_fold_pairs())
    return string(_fold_table()[codes(text)])


def codes(text: str) -> NDArray[np.intp]:
    """The code points of a text that is not empty, lone surrogates included, as array indices."""
    import numpy as np

    return np.array([text]).view(np.uint32).astype(np.intp)


def string(points: Codes) -> str:
    """The text of code points, at least one."""
    text: str = points.view(f"<U{len(points)}").item()
    # NumPy takes U+0000 at the end of a string for padding.
    return text if len(text) == len(points) else text.ljust(len(points), "\0")


@cache
def _fold_pairs() -> dict[int, int]:
    pairs = {ord(key): ord(value) for key, value in opencc_tables.dictionary("TSCharacters.txt").items()}
    pairs |= {point: ord(chr(point - 0xFEE0).lower()) for point in range(0xFF01, 0xFF5F)}
    pairs |= {point: point + 32 for point in range(ord("A"), ord("Z") + 1)}
    pairs |= {0x3000: 0x20, 0xA0: 0x20}
    return {point: _last(pairs, point) for point in pairs}


def _last(pairs: dict[int, int], point: int) -> int:
    while pairs.get(point, point) != point:
        point = pairs[point]
    return point


@cache
def _fold_table() -> Codes:
    import numpy as np

    pairs = _fold_pairs()
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    table[list(pairs)] = list(pairs.values())
    return table
