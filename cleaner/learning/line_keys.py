"""Keys of lines: equal for lines that differ only in digits and in titles between 《》, and told apart by host."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text.hashing import gather_ranges, spread_at, sum_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

LONGEST = 300
"""Characters of a line that may be a site's own; longer ones are texts."""
LEAST_LETTERS = 2
"""Letters of such a line; page numbers and marks are nobody's."""

_DIGIT, _OPEN, _CLOSE = (np.uint32(ord(mark)) for mark in "0《》")
_DIGITS, _SMALL_LETTERS, _CASE = np.uint32(10), np.uint32(ord("a")), np.uint32(0x20)
_LATIN_LETTERS, _FIRST_LETTER_BEYOND = np.uint32(26), np.uint32(0xC0)
_SURROGATE, _SURROGATE_MASK = np.uint32(0xD800), np.uint32(0xFFFFF800)
"""Half a character, and its bits: a line with one stands in no file of UTF-8."""
_MARKS = ((0x2000, 0x2BFF), (0x3000, 0x303F), (0xFE30, 0xFE6F), (0xFF00, 0xFFEF))
"""Ranges of code points that are no letters."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

VARIABLE = re.compile(r"(?P<digits>\d+)|《(?P<title>[^《》]+)》")
"""What may differ between lines of one key, in folded text."""


class LineKeys(NamedTuple):
    """Keys of the lines of a batch that may be a site's own.

    Attributes:
        rows: (n,) int64, the lines, in order.
        keys: (n,) uint64, those of the lines; equal as good as only for lines of one host that are alike.
        texts: (n,) uint32, hashes of the lines letter by letter, but for their case, width and script.
    """

    rows: Indices
    keys: Keys
    texts: NDArray[np.uint32]


def hash_name(name: str) -> int:
    """Hash the name of a host, or of a page, to 64 bits."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def hash_names(names: Sequence[str]) -> Keys:
    """Hash names, (names,); one that is given often is hashed once."""
    hashes = {name: hash_name(name) for name in set(names)}
    return np.array([hashes[name] for name in names], dtype=np.uint64)


def key_lines(view: LineView, host_hashes: Keys) -> LineKeys:
    """Key the lines of a batch, given the hash of each document's host."""
    batch = view.batch
    is_short = batch.lengths <= LONGEST
    rows = is_short.nonzero()[0]
    lengths = batch.lengths[rows]
    begins, ends, codes = gather_ranges(view.codes, batch.starts[rows], batch.stops[rows])
    counts = np.zeros(len(codes) + 1, dtype=np.int64)

    def count(mask: Mask) -> Indices:
        np.cumsum(mask, out=counts[1:])
        total: Indices = counts[ends] - counts[begins]
        return total

    is_text = count((codes & _SURROGATE_MASK) == _SURROGATE) == 0
    places = np.arange(len(codes), dtype=np.uint64) - np.repeat(begins, lengths).astype(np.uint64)
    texts = sum_ranges(spread_at(codes, places), begins, ends)
    codes, remains = _generalize(codes, begins, ends)
    has_letters = is_text & (count(remains & _is_letter(codes)) >= LEAST_LETTERS)
    ranks = np.empty(len(codes) + 1, dtype=np.uint64)
    ranks[0] = 0
    np.cumsum(remains, out=ranks[1:])
    places = ranks[:-1] - np.repeat(ranks[begins], lengths)
    sums = sum_ranges(spread_at(codes, places) * remains, begins, ends)
    keys = (sums ^ host_hashes[batch.documents[rows]]) * _GOLDEN
    keys ^= keys >> np.uint64(31)
    return LineKeys(rows[has_letters], keys[has_letters], (texts[has_letters] >> np.uint64(32)).astype(np.uint32))


def _generalize(codes: Codes, begins: Indices, ends: Indices) -> tuple[Codes, Mask]:
    """Put one digit for all, and mark what remains: of a run of digits the first, of a title its marks."""
    is_digit = (codes - _DIGIT) < _DIGITS
    remains = np.ones(len(codes), dtype=np.bool_)
    remains[1:] = ~(is_digit[1:] & is_digit[:-1])
    remains[begins[begins < len(codes)]] = True
    codes = np.where(is_digit, _DIGIT, codes)
    opens = codes == _OPEN
    if opens.any():
        remains &= ~_in_titles(codes, opens, begins, ends)
    return codes, remains


def _in_titles(codes: Codes, opens: Mask, begins: Indices, ends: Indices) -> Mask:
    """Mark what stands between 《 and 》, in lines where each has its other and none stands in another."""
    closes = codes == _CLOSE
    depth = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(opens.astype(np.int64) - closes, out=depth[1:])
    lengths = ends - begins
    inner = depth[1:] - np.repeat(depth[begins], lengths)
    edges = begins[lengths > 0]
    is_fit = np.zeros(len(begins), dtype=np.bool_)
    if len(edges):
        lowest, highest = np.minimum.reduceat(inner, edges), np.maximum.reduceat(inner, edges)
        is_fit[lengths > 0] = (lowest >= 0) & (highest == 1)
    is_fit &= depth[ends] == depth[begins]
    marks: Mask = (inner > 0) & ~opens & np.repeat(is_fit, lengths)
    return marks


def _is_letter(codes: Codes) -> Mask:
    is_mark = np.zeros(len(codes), dtype=np.bool_)
    for first, last in _MARKS:
        is_mark |= (codes - np.uint32(first)) <= np.uint32(last - first)
    is_latin = ((codes | _CASE) - _SMALL_LETTERS) < _LATIN_LETTERS
    letters: Mask = (is_latin | (codes >= _FIRST_LETTER_BEYOND)) & ~is_mark
    return letters
