"""Lists that are content: options of a question, amounts of a recipe, steps, rows of a table, clauses, stanzas.

They have neither sentences nor full stops, and a judge that knows prose alone takes them for menus and lists of links.
The limits are hand-set so that no list of links on the labelled pages passes for one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import numbering
from cleaner.features.classes import Set

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.text.lines import Block
    from cleaner.text.segments import Rows

Mask = Any


_AFTER_LETTER = Set(".、) :0123456789")
_NUMBERS = Set("0123456789一二两三四五六七八九十半几")
_UNITS = Set("克斤升勺匙片根只颗碗杯瓣滴段块朵粒枚米个glm")
_BEFORE_UNIT = Set("毫千公大小茶汤厘分mkc ")
_VAGUE = {ord("适"): ord("量"), ord("少"): ord("许"), ord("若"): ord("干")}
_PRONOUNS = Set("我你他她")
_COMMAS = Set(",，、")
_BARS = Set("|+")


def listed(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> NDArray[np.bool_]:
    """Lines (lines,) of a document's own lists; `codes` are those of the folded text."""
    found = _options(block, codes, counted, rows) | _amounts(block, codes, counted, rows)
    found |= _steps(block, codes, counted, rows) | _piped(block, codes, counted, rows)
    found |= _clauses(block, codes, counted, rows) | _stanzas(block, codes, counted, rows)
    return np.asarray(found)


def _options(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """A, B, C, one under the other, the question above them, and what stands between two questions."""
    first, second = codes[block.starts], codes[np.minimum(block.starts + 1, block.stops - 1)]
    apart = _AFTER_LETTER.holds(second) | (second >= 0x4E00)
    at = np.flatnonzero((first >= ord("a")) & (first <= ord("h")) & apart & (counted.lengths > 1))
    found = np.zeros(len(first), dtype=np.bool_)
    if not len(at):
        return found
    found[at[numbering.chained(at, first[at] - 96, rows, 2)]] = True
    return numbering.filled(found, rows, 4) | (rows.shifted(found, 1) > 0)


def _amounts(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """Short lines that end in an amount, `面粉500克`, `盐适量`, among their like, or name and amount by turns."""
    stop = block.stops - (codes[block.stops - 1] == ord(")"))
    last, middle, third = (codes[np.maximum(stop - by, block.starts)] for by in (1, 2, 3))
    whole = _NUMBERS.holds(middle) | (_BEFORE_UNIT.holds(middle) & _NUMBERS.holds(third))
    found = _UNITS.holds(last) & whole
    for begin, end in _VAGUE.items():
        found |= (middle == begin) & (last == end)
    found &= (counted.lengths >= 2) & (counted.lengths <= 30) & (counted.of("stop") == 0)
    alone = found & (counted.lengths <= 5) & (rows.shifted(found, 1) == 0)
    paired = alone & ((rows.shifted(alone, 2) > 0) | (rows.shifted(alone, -2) > 0)) & (rows.whole(alone) >= 3)
    dense = found & (counted.lengths >= 3) & (rows.whole(found) >= 3) & (rows.window(found, 4) >= 0.3)
    return dense | paired | (rows.shifted(paired, 1) > 0)


def _steps(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """Numbers alone on their lines, one after the other, and between them steps.

    Steps are of all lengths, some of several clauses; titles in a ranking are of one length.
    """
    found = np.zeros(len(block.starts), dtype=np.bool_)
    number = (counted.lengths <= 2) & (counted.of("digit") == counted.lengths)
    at = np.flatnonzero(number & (rows.shifted(number, 1) == 0))
    if not len(at):
        return found
    ones, tens = codes[block.stops[at] - 1].astype(np.int64) - 48, codes[block.starts[at]].astype(np.int64) - 48
    values = ones + np.where(counted.lengths[at] == 2, 10 * tens, 0)
    found[at[numbering.chained(at, values, rows, 3, least=5)]] = True
    step = ~number & ((rows.shifted(found, -1) > 0) | (rows.shifted(found, 1) > 0))
    steps = rows.window(step, 12)
    clauses = rows.window(step & (counted.of("comma", "stop", "end") > 0), 12)
    brief = rows.window(step & (counted.lengths <= 9), 12)
    return (found | step) & (steps > 0.25) & (np.minimum(clauses, brief) >= 0.2 * steps)


def _piped(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """Rows and borders of a table drawn with bars, which stand at both ends."""
    first, last = codes[block.starts], codes[block.stops - 1]
    found = _BARS.holds(first) & _BARS.holds(last) & (counted.lengths >= 3)
    return found & (rows.window(found, 2) > 0.3) & (rows.runs(found) >= 3)


def _clauses(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """Sentences with a line for each clause: lines that end in a comma among their like, and each one after such."""
    ends = _COMMAS.holds(codes[block.stops - 1]) & (counted.lengths >= 4) & (counted.of("separator", "symbol") == 0)
    found = ends & (rows.window(ends, 6) >= 0.2)
    return found | (rows.shifted(found, -1) > 0)


def _stanzas(block: Block, codes: NDArray[np.uint32], counted: Characters, rows: Rows) -> Mask:
    """Short lines of Han without full stops that speak of me and you, and the numbers of their stanzas."""
    of, n = counted.of, counted.lengths
    plain = (of("han", "function", "comma", "end") >= 0.9 * n) & (n <= 20)
    plain &= of("digit", "latin", "separator", "symbol", "open", "close", "colon", "stop") == 0
    free = plain | ((n <= 4) & (of("open") > 0) & (of("close") > 0))
    runs = rows.runs(free)
    if not (free & (runs >= _STANZA)).any():
        return np.zeros(len(n), dtype=np.bool_)
    lively = (rows.window(of("function") > 0, 8) >= 0.45) & (rows.window(_spoken(block, counted), 8) >= 0.12)
    found = plain & lively & (rows.window(free, 8) >= 0.75)
    return free & (runs >= _STANZA) & (rows.shares(free, found) >= 0.3)


_STANZA = 6
"""Lines of Han one below the other that may be verse."""


def _spoken(block: Block, counted: Characters) -> Mask:
    """Lines that hold a pronoun; `我的…` at the beginning is a menu's."""
    codes = counted.codes
    at = counted.rare[_PRONOUNS.holds(codes[counted.rare])]
    line = np.searchsorted(block.starts, at, side="right") - 1
    opens = (at == block.starts[np.maximum(line, 0)]) & (codes[np.minimum(at + 1, len(codes) - 1)] == ord("的"))
    found = np.zeros(len(block.starts), dtype=np.bool_)
    found[line[(line >= 0) & ~opens]] = True
    return found
