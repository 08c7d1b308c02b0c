"""Texts folded for exact comparison: one form for each character, without white space.

Traditional characters become Simplified one by one, full-width ASCII and capitals lower-case ASCII, `。` and `、`
become `.` and `,`, all quotation marks `"`, all dashes `-`. Spaces, line breaks, controls and invisible characters
go. What is left is *ink*.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import shingles
from cleaner.normalization.script.folding import folding_table
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_FORMS = {
    ".": "。｡",
    ",": "、､",
    '"': "“”„‟〝〞〟＂「」『』﹁﹂﹃﹄｢｣'‘’‚‛＇",
    "-": "‐‑‒–—―─－",
    "~": "〜～",
    "·": "•‧∙・･",
}
"""Punctuation that editors and fonts exchange, by the form that it is folded to."""


class FoldedTexts(NamedTuple):
    """The ink of texts, end to end.

    `codes` (ink,) uint32. `bounds` (texts + 1,) int64: where each text begins, and the end of the last.
    """

    codes: NDArray[np.uint32]
    bounds: NDArray[np.int64]


def fold_texts(texts: Sequence[str]) -> FoldedTexts:
    """Fold some texts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return fold_codes(codepoints.from_text("".join(texts)), lengths)


def fold_codes(codes: NDArray[np.uint32], lengths: NDArray[np.int64]) -> FoldedTexts:
    """Fold texts that are given end to end, with their lengths."""
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    ink, gaps = shingles.fold(codes, fold_table())
    return FoldedTexts(ink, bounds - np.searchsorted(gaps, bounds))


@cache
def fold_table() -> NDArray[np.uint32]:
    """Map every code point to the form it is folded to, one higher; to 0 where it is removed."""
    table = folding_table() + np.uint32(1)
    for form, characters in _FORMS.items():
        table[[ord(character) for character in characters]] = ord(form) + 1
    table[shingles.fold_table() == 0] = 0
    return table
