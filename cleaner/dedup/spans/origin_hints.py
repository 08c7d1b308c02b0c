"""Hints at why a place is repeated: it is quoted, or it has the words of a licence."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import regex

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRAIGHT = '"'
"""A quotation mark that opens where an even number of them stands before it in its line, and closes elsewhere."""
_QUOTES = "“‘「『" + _STRAIGHT
"""What stands before a span that its text quotes; a quoted block of Markdown has `>` before its lines."""
_BLOCK = ">"
_BEFORE = 40
_LICENCE = regex.compile(
    r"(?i)creative\s?commons|\bCC[ -]BY|all rights reserved|\bMIT License|apache license|general public license"
    r"|知识共享|知識共享|许可协议|許可協議|授权条款|授權條款|版权所有|版權所有|著作权归|著作權歸"
    r"|转载请注明|轉載請註明|未经授权|未經授權|免责声明|免責聲明"
)
_MAYBE_LICENCE = re.compile(
    "[知许許授版著转轉未免](?:[识識]共享|可[协協]|[权權](?:条款|條款|所有)|作[权權]|[载載][请請]|[经經]授|[责責])|[A-Za-zſ]"
)
"""What every text with the words of a licence has, for a fast look."""
_LICENCE_LENGTH = 1200
"""Characters that are looked through for the words of a licence."""


def find_quoted(
    codes: NDArray[np.uint32], text: str, edges: NDArray[np.int64], starts: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which places of texts end to end stand behind a quotation mark or in a quoted block.

    Args:
        codes: code points of `text`.
        text: all texts.
        edges: where the text of each place begins.
        starts: where each place begins.
    """
    lowest = np.maximum(starts - _BEFORE, edges)
    last, is_open = starts - 1, starts > lowest
    while is_open.any():  # over the blanks before a place
        is_open &= np.isin(codes[last], _blanks())
        last -= is_open
        is_open &= last >= lowest
    is_quoted: NDArray[np.bool_] = (last >= lowest) & np.isin(codes[last], _codes_of(_QUOTES))
    is_quoted &= (codes[last] != ord(_STRAIGHT)) | ~_closes(codes, last)
    blocks = np.flatnonzero(codes == ord(_BLOCK))
    for row in np.flatnonzero(np.searchsorted(blocks, lowest) < np.searchsorted(blocks, starts)).tolist():
        before = text[lowest[row] : starts[row]]
        is_quoted[row] |= before.rpartition("\n")[2].lstrip().startswith(_BLOCK)
    return is_quoted


def _closes(codes: NDArray[np.uint32], positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell before which positions an odd number of straight quotation marks stands in their line."""
    quotes, breaks = (np.flatnonzero(codes == ord(sign)) for sign in (_STRAIGHT, "\n"))
    lines = np.concatenate(([0], breaks + 1))[np.searchsorted(breaks, positions)]
    is_odd: NDArray[np.bool_] = (np.searchsorted(quotes, positions) - np.searchsorted(quotes, lines)) % 2 == 1
    return is_odd


def find_licences(text: str, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which places of a text have the words of a licence near their beginning."""
    places = zip(starts.tolist(), np.minimum(stops, starts + _LICENCE_LENGTH).tolist(), strict=True)
    search = _MAYBE_LICENCE.search
    matches = [bool(search(text, start, stop) and _LICENCE.search(text[start:stop])) for start, stop in places]
    return np.array(matches, dtype=np.bool_)


def _codes_of(characters: str) -> NDArray[np.uint32]:
    return np.array([ord(character) for character in characters], dtype=np.uint32)


@cache
def _blanks() -> NDArray[np.uint32]:
    """List the code points that Python strips from the end of a text."""
    return _codes_of("".join(character for character in map(chr, range(_LAST_BLANK + 1)) if character.isspace()))


_LAST_BLANK = 0x3000
