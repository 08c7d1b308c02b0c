"""Where sentences end, for cuts: never inside a word, a number, a URL, a quotation or markup.

A line's beginning and end are such places. Within a line they follow `。！？` with the quotes and brackets that
close there; `…` before such a quote, a new quotation or a blank; and ASCII's `.!?` between Chinese characters, or
after a word of Latin letters before a blank. What is between quotes, brackets or tags that the line closes again is
never divided.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text import codepoints
from cleaner.text.segments import distinct, run_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_OTHER, _HAN, _LATIN, _DIGIT, _SPACE, _BREAK, _END, _DOTS, _STOP, _OPENER, _CLOSER, _QUOTE, _JOINER, _MARK = range(14)
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
    _MARK: "`~$<",
}
_IS_CONTINUATION = np.isin(np.arange(_MARK + 1), (_END, _DOTS, _STOP, _JOINER))
"""Whether no sentence ends before a kind."""
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
_LINK = "["
"""What links have; other markup has a sign of the kind `_MARK`."""
_ADDRESS = "://"
"""What addresses have."""


class _Signs(NamedTuple):
    """What is neither letter nor digit in a text: positions, kinds, and which of them open and close something."""

    positions: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    opens: Mask
    closes: Mask
    lines: NDArray[np.int64]


def sentence_bounds(text: str) -> NDArray[np.int64]:
    """Find where a text may be cut: positions before a character, or its length."""
    return sentence_bounds_of(text, codepoints.from_text(text), [0, len(text)])


def sentence_bounds_of(text: str, codes: NDArray[np.uint32], edges: list[int]) -> NDArray[np.int64]:
    """Find where texts that are joined by line breaks may be cut, ascending.

    Args:
        text: all of them.
        codes: its code points.
        edges: where each text begins, and one past the end of the last.
    """
    kinds = _kinds()[codes]
    positions = np.flatnonzero(kinds > _DIGIT)
    breaks = positions[kinds[positions] == _BREAK]
    ends = _sentence_ends(kinds, _read_signs(positions, kinds[positions])) if len(positions) else positions
    bounds = distinct(np.concatenate((ends, breaks, breaks + 1, [0, len(codes)])))
    spans = _markup(text, edges, _find_marks(codes, kinds, positions))
    if spans:
        starts, stops = np.array(spans).T
        first, last = np.searchsorted(bounds, starts, side="right"), np.searchsorted(bounds, stops)
        depth = np.bincount(first, minlength=len(bounds) + 1) - np.bincount(last, minlength=len(bounds) + 1)
        bounds = bounds[np.cumsum(depth)[:-1] <= 0]
    return bounds


def _read_signs(positions: NDArray[np.int64], kinds: NDArray[np.uint8]) -> _Signs:
    is_break = kinds == _BREAK
    lines = np.cumsum(is_break) - is_break
    quotes = np.cumsum(kinds == _QUOTE) - (kinds == _QUOTE)
    # a straight quote closes where an odd number of them stands before it in its line
    is_second = (quotes - quotes[run_starts(lines)][lines]) % 2 == 1
    is_quote = kinds == _QUOTE
    return _Signs(
        positions,
        kinds,
        (kinds == _OPENER) | (is_quote & ~is_second),
        (kinds == _CLOSER) | (is_quote & is_second),
        lines,
    )


def _sentence_ends(kinds: NDArray[np.uint8], signs: _Signs) -> NDArray[np.int64]:
    """Find the positions behind sentences that end within their line."""
    index = np.arange(len(signs.positions))
    last = np.maximum.accumulate(np.where(signs.closes, 0, index))
    last_positions = signs.positions[last]
    # only what closes may stand between the end of a sentence and the cut behind it
    is_joined = (signs.positions - last_positions == index - last) & ~signs.closes[last]
    marks = np.where(is_joined, signs.kinds[last], _OTHER)
    next_positions = np.minimum(signs.positions + 1, len(kinds) - 1)
    after, before = kinds[next_positions], kinds[np.maximum(last_positions - 1, 0)]
    is_next = np.append(signs.positions[1:] == signs.positions[:-1] + 1, False)
    opens_next, closes_next = (is_next & np.append(mask[1:], False) for mask in (signs.opens, signs.closes))
    is_start = opens_next | (after == _SPACE) | (after == _BREAK)
    ends = marks == _END
    ends |= (marks == _DOTS) & (is_start | (last < index))
    ends |= (marks == _STOP) & (before == _HAN) & (after != _LATIN) & (after != _DIGIT)
    ends |= (marks == _STOP) & _ends_latin_word(kinds, last_positions) & (after == _SPACE)
    ends &= ~(closes_next | _IS_CONTINUATION[after]) & ~_is_enclosed(signs)
    positions: NDArray[np.int64] = signs.positions[ends] + 1
    return positions


def _ends_latin_word(kinds: NDArray[np.uint8], positions: NDArray[np.int64]) -> Mask:
    is_word = np.ones(len(positions), dtype=np.bool_)
    for step in range(1, _LATIN_WORD + 1):
        is_word &= (positions >= step) & (kinds[np.maximum(positions - step, 0)] == _LATIN)
    return is_word


def _is_enclosed(signs: _Signs) -> Mask:
    """Tell whether a cut behind each sign is inside quotes or brackets that its line opens and closes."""
    steps = signs.opens.astype(np.int64) - signs.closes
    total, starts = np.cumsum(steps), run_starts(signs.lines)
    depth = total - (total - steps)[starts][signs.lines]
    lowest = np.minimum.reduceat(depth, starts)
    final = depth[np.append(starts[1:], len(depth)) - 1]
    is_inside: Mask = (depth > 0) & ((lowest >= 0) & (final == 0))[signs.lines]
    return is_inside


def _find_marks(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find which of the positions of signs have one that all markup has."""
    sign_codes = codes[positions]
    is_mark = (kinds[positions] == _MARK) | (sign_codes == ord(_LINK))
    addresses = positions[sign_codes == ord(_ADDRESS[0])]
    if len(addresses):
        for step, character in enumerate(_ADDRESS[1:], 1):
            addresses = addresses[codes[np.minimum(addresses + step, len(codes) - 1)] == ord(character)]
    return np.concatenate((positions[is_mark], addresses))


def _markup(text: str, edges: list[int], marks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Find markup in texts that have signs of it."""
    spans: list[tuple[int, int]] = []
    for number in distinct(np.searchsorted(edges, marks, side="right")).tolist():
        start, stop = edges[number - 1 : number + 1]
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
