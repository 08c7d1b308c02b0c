"""Where sentences end, for cuts: never inside a word, a number, a URL, a quotation or markup.

A line's beginning and end are such places. Within a line they follow `。！？` with the quotes and brackets that
close there; `…` before such a quote, a new quotation or a blank; and ASCII's `.!?` between Chinese characters, or
after a word of Latin letters before a blank. What is between quotes, brackets or tags that the line closes again is
never divided.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.text import codepoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_OTHER, _HAN, _LATIN, _DIGIT, _SPACE, _BREAK, _END, _DOTS, _STOP, _OPENER, _CLOSER, _QUOTE, _JOINER = range(13)
_MEMBERS = {
    _SPACE: " \t\u3000\u00a0",
    _BREAK: "\n",
    _END: "。！？｡",
    _DOTS: "…",
    _STOP: ".!?",
    _OPENER: "“‘「『（《【〈〔([{",
    _CLOSER: "”’」』）》】〉〕)]}",
    _QUOTE: '"',
    _JOINER: "，、；：,;:—",
}
_CONTINUATIONS = np.array([_END, _DOTS, _STOP, _JOINER], dtype=np.uint8)
"""Kinds before which no sentence ends."""
_LATIN_WORD = 3
"""Letters before a full stop that ends a sentence, at least: `Mr.` and `e.g.` do not."""
_MARKUP = re.compile(
    r"""
    ^(?P<fence>```+|~~~+)[^\n]*\n.*?^(?P=fence)[^\n]*$ | ^\$\$.*?\$\$[^\n]*$
    | <(?P<tag>[a-zA-Z]\w*)\b[^<>]*>[^<>]*</(?P=tag)\s*> | <[a-zA-Z/!][^<>]*>
    | !?\[[^\[\]\n]*\]\([^()\s]*\) | `[^`\n]+` | \$[^$\n]+\$ | \b[a-z]{2,12}://[^\s\u3000-\uffef]+
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_MARKS = re.compile(r"[`~$<\[]|://")
"""Signs one of which all markup has."""


def sentence_bounds(text: str) -> Mask:
    """Tell where a text may be cut, (characters + 1,): before each character, and at its end."""
    return sentence_bounds_of(text, codepoints.from_text(text), [0, len(text)])


def sentence_bounds_of(text: str, codes: NDArray[np.uint32], edges: list[int]) -> Mask:
    """Tell where texts that are joined by line breaks may be cut.

    Args:
        text: all of them.
        codes: its code points.
        edges: where each text begins, and one past the end of the last.
    """
    kinds = _kinds()[codes]
    bounds = np.ones(len(codes) + 1, dtype=np.bool_)
    if len(codes) > 1:
        bounds[1:-1] = _inner_bounds(kinds)
    for start, stop in _markup(text, edges):
        bounds[start + 1 : stop] = False
    return bounds


def _inner_bounds(kinds: NDArray[np.uint8]) -> Mask:
    """Tell for each character but the first whether a cut may be made before it."""
    is_break = kinds == _BREAK
    quote_parity = _quote_parity(kinds, is_break)
    closes = (kinds == _CLOSER) | ((kinds == _QUOTE) & quote_parity)
    opens = (kinds == _OPENER) | ((kinds == _QUOTE) & ~quote_parity)
    # the last character before each one that closes nothing
    last = np.maximum.accumulate(np.where(closes, 0, np.arange(len(kinds))))[:-1]
    follows_closer = closes[:-1]
    after, mark = kinds[1:], kinds[last]
    before = np.where(last > 0, kinds[np.maximum(last - 1, 0)], _OTHER)
    is_start = opens[1:] | (after == _SPACE) | (after == _BREAK)
    ends = mark == _END
    ends |= (mark == _DOTS) & (is_start | follows_closer)
    ends |= (mark == _STOP) & (before == _HAN) & (after != _LATIN) & (after != _DIGIT)
    ends |= (mark == _STOP) & _ends_latin_word(kinds, last) & (after == _SPACE)
    ends &= ~(closes[1:] | np.isin(after, _CONTINUATIONS))
    ends &= ~_is_enclosed(kinds, opens, closes, is_break)[1:]
    ends |= is_break[1:] | is_break[:-1]
    bounds: Mask = ends
    return bounds


def _quote_parity(kinds: NDArray[np.uint8], is_break: Mask) -> Mask:
    """Tell for each character whether an odd number of straight quotes stands before it in its line."""
    quotes = np.cumsum(kinds == _QUOTE) - (kinds == _QUOTE)
    starts = np.concatenate(([0], np.flatnonzero(is_break[:-1]) + 1))
    line = np.cumsum(np.concatenate(([0], is_break[:-1])))
    parity: Mask = (quotes - quotes[starts][line]) % 2 == 1
    return parity


def _ends_latin_word(kinds: NDArray[np.uint8], last: NDArray[np.int64]) -> Mask:
    is_word = np.ones(len(last), dtype=np.bool_)
    for step in range(1, _LATIN_WORD + 1):
        is_word &= (last >= step) & (kinds[np.maximum(last - step, 0)] == _LATIN)
    return is_word


def _is_enclosed(kinds: NDArray[np.uint8], opens: Mask, closes: Mask, is_break: Mask) -> Mask:
    """Tell whether a cut before each character is inside quotes or brackets that its line opens and closes."""
    steps = opens.astype(np.int64) - closes
    total = np.cumsum(steps)
    line = np.cumsum(np.concatenate(([0], is_break[:-1])))
    starts = np.concatenate(([0], np.flatnonzero(is_break[:-1]) + 1))
    depth_before = total - steps - (total - steps)[starts][line]
    depth_after = depth_before + steps
    lowest = np.minimum.reduceat(depth_after, starts)
    final = depth_after[np.append(starts[1:], len(kinds)) - 1]
    is_inside: Mask = (depth_before > 0) & ((lowest >= 0) & (final == 0))[line]
    return is_inside


def _markup(text: str, edges: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    if not _MARKS.search(text):
        return spans
    for start, stop in pairwise(edges):
        if _MARKS.search(text, start, stop):
            matches = _MARKUP.finditer(text[start:stop])
            spans += [(match.start() + start, match.end() + start) for match in matches]
    return spans


@cache
def _kinds() -> NDArray[np.uint8]:
    """Classify every code point."""
    table = np.full(codepoints.COUNT, _OTHER, dtype=np.uint8)
    for first, stop in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000), (0x3041, 0x3100)):
        table[first:stop] = _HAN
    for character in map(chr, range(0x250)):
        if character.isalpha():
            table[ord(character)] = _LATIN
    table[0x30:0x3A] = _DIGIT
    for kind, characters in _MEMBERS.items():
        table[[ord(character) for character in characters]] = kind
    return table
