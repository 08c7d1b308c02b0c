"""Texts folded for exact comparison: one form for each character, without white space.

Traditional characters become Simplified one by one, and so do forms that are Traditional in some words only or in
some places (`著` for `着`, `瞭` for `了`). Full-width ASCII and capitals become lower-case ASCII, `。` and `、` become
`.` and `,`, all quotation marks `"`, all dashes `-`. Spaces, line breaks, controls and invisible characters go. What is
left is *ink*.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import shingles
from cleaner.normalization.script import opencc_tables
from cleaner.normalization.script.folding import folding_table
from cleaner.text import codepoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_VARIANT_FILES = ("STCharacters.txt", "TWVariants.txt", "HKVariants.txt")
"""Dictionaries of OpenCC with all forms of a character, also those that it writes in some words or places only."""


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
    for character, variant in _variants():
        form, other = table[[ord(character), ord(variant)]]
        if form != other:
            table[table == other] = form
    for form, characters in _FORMS.items():
        table[[ord(character) for character in characters]] = ord(form) + 1
    table[shingles.fold_table() == 0] = 0
    return table


def _variants() -> Iterator[tuple[str, str]]:
    """Yield characters with their other forms."""
    for name in _VARIANT_FILES:
        for character, variants in opencc_tables.values(name).items():
            yield from ((character, variant) for variant in variants if len(character) == len(variant) == 1)
