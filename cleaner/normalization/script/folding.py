"""Fold characters to one form each, at their old places, for matching."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.normalization.script import opencc_tables
from cleaner.text import codepoints

if TYPE_CHECKING:
    from cleaner.text.codepoints import Codes


_SHORT = 48
"""Below this length a dictionary costs less than arrays."""


def fold(text: str) -> str:
    """Fold a text to the form that rules are matched on, with every character at its old place.

    Traditional characters become Simplified one by one, full-width ASCII and capital letters become lower-case ASCII,
    U+3000 and U+00A0 become a space. The result has the length of `text`, and folding it again changes nothing.

    Warning:
        Wrong to keep the result as text: 乾隆 and 干净 share a character in it.
    """
    if text.isascii():
        return text.lower()
    if len(text) < _SHORT:
        return text.translate(_fold_pairs())
    return codepoints.to_text(folding_table()[codepoints.indices(text)])


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
def folding_table() -> Codes:
    """Build a table of the code point that each one is folded to."""
    return codepoints.mapping_table(_fold_pairs())
