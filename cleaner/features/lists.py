"""Lists that are content: options of a question, amounts of a recipe, steps, rows of a table, clauses, stanzas.

They have neither sentences nor full stops, and a judge that knows prose alone takes them for menus and lists of links.
The limits are hand-set so that no list of links on the labelled pages passes for one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import numbering
from cleaner.features.classes import FIRST_IDEOGRAPH, CodeSet
from cleaner.features.numbering import Spacing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

Mask = Any

OPTIONS, OPTION_GAP = Spacing(reach=2), 4
"""How options of one question follow each other, and the lines that may stand between two questions' options."""

AMOUNT, AMOUNT_SHORT = (2, 30), 5
"""Characters of a line that ends in an amount, and of an amount on a line of its own, at most."""
AMOUNT_WITH_NAME, AMOUNTS, AMOUNTS_REACH, AMOUNTS_AROUND = 3, 3, 4, 0.3
"""Characters of a name and its amount, amounts in a document, at least; lines away, and the share of them."""

STEPS = Spacing(reach=3, least=5)
"""How the numbers of steps, alone on their lines, follow each other."""
STEP_NUMBER, STEP_REACH, STEP_SHARE = 2, 12, 0.25
"""Digits of a number, at most; lines away, and the share of them that are steps."""
STEP_BRIEF, STEP_MIX = 9, 0.2
"""Characters of a brief step; the share of steps around that are brief, and that have clauses, at least."""

PIPED_LENGTH, PIPED_REACH, PIPED_AROUND, PIPED_ROWS = 3, 2, 0.3, 3
"""Characters of a row between bars; rows away, the share of them above which, and rows in a row, at least."""

CLAUSE_LENGTH, CLAUSE_REACH, CLAUSE_AROUND = 4, 6, 0.2
"""Characters of a clause on a line; lines away, and the share of them that are clauses too, at least."""

STANZA, STANZA_WIDTH, STANZA_HAN, STANZA_NUMBER = 6, 20, 0.9, 4
"""Lines of Han one below the other that may be verse; characters of each, the share of Han; of a stanza's number."""
STANZA_REACH, STANZA_PARTICLES, STANZA_PRONOUNS, STANZA_PLAIN = 8, 0.45, 0.12, 0.75
"""Lines away, and the shares of them with particles, with pronouns, and of plain ones or numbers, at least."""
STANZA_SHARE = 0.3
"""The share of lines of a run that are verse by their neighbours, at least."""

_AFTER_LETTER = CodeSet(".、) :0123456789")
_NUMBERS = CodeSet("0123456789一二两三四五六七八九十半几")
_UNITS = CodeSet("克斤升勺匙片根只颗碗杯瓣滴段块朵粒枚米个glm")
_BEFORE_UNIT = CodeSet("毫千公大小茶汤厘分mkc ")
_VAGUE_AMOUNTS = {ord("适"): ord("量"), ord("少"): ord("许"), ord("若"): ord("干")}
_PRONOUNS = CodeSet("我你他她")
_COMMAS = CodeSet(",，、")
_BARS = CodeSet("|+")


def find_lists(view: LineView) -> NDArray[np.bool_]:
    """Mark the lines of a document's own lists, (lines,)."""
    lists = _options(view) | _amounts(view) | _steps(view) | _piped_rows(view) | _clauses(view) | _stanzas(view)
    return np.asarray(lists)


def _options(view: LineView) -> Mask:
    """Mark A, B, C, one under the other, the question above them, and what stands between two questions."""
    first, second = view.first_codes, view.head(1)
    is_mark = _AFTER_LETTER.contains(second) | (second >= FIRST_IDEOGRAPH)
    is_letter = (first >= ord("a")) & (first <= ord("h")) & is_mark & (view.characters.visible > 1)
    rows = is_letter.nonzero()[0]
    options = np.zeros(len(first), dtype=np.bool_)
    if not len(rows):
        return options
    options[rows[numbering.in_sequence(rows, first[rows] - ord("a") + 1, view.segments, OPTIONS)]] = True
    return numbering.fill_gaps(options, view.segments, OPTION_GAP) | (view.segments.neighbor(options, 1) > 0)


def _amounts(view: LineView) -> Mask:
    """Mark short lines that end in an amount, `面粉500克`, `盐适量`, among their like, or name and amount by turns."""
    codes, batch, segments, n = view.codes, view.batch, view.segments, view.characters.visible
    stop = batch.stops - (view.last_codes == ord(")"))
    last, middle, third = (codes[np.maximum(stop - index, batch.starts)] for index in (1, 2, 3))
    is_number = _NUMBERS.contains(middle) | (_BEFORE_UNIT.contains(middle) & _NUMBERS.contains(third))
    amounts = _UNITS.contains(last) & is_number
    for begin, end in _VAGUE_AMOUNTS.items():
        amounts |= (middle == begin) & (last == end)
    shortest, longest = AMOUNT
    amounts &= (n >= shortest) & (n <= longest) & (view.characters.count("stop") == 0)
    if not amounts.any():
        return amounts
    lone = amounts & (n <= AMOUNT_SHORT) & (segments.neighbor(amounts, 1) == 0)
    alternates = (segments.neighbor(lone, 2) > 0) | (segments.neighbor(lone, -2) > 0)
    alternating = lone & alternates & (segments.sum_all(lone) >= AMOUNTS)
    around = segments.windows(AMOUNTS_REACH).mean(amounts) >= AMOUNTS_AROUND
    dense = amounts & (n >= AMOUNT_WITH_NAME) & (segments.sum_all(amounts) >= AMOUNTS) & around
    return dense | alternating | (segments.neighbor(alternating, 1) > 0)


def _steps(view: LineView) -> Mask:
    """Mark numbers alone on their lines, one after the other, and between them steps.

    Steps are of all lengths, some of several clauses; titles in a ranking are of one length.
    """
    count, n, segments = view.characters.count, view.characters.visible, view.segments
    numbers = np.zeros(len(n), dtype=np.bool_)
    is_number = (n <= STEP_NUMBER) & (count("digit") == n)
    rows = (is_number & (segments.neighbor(is_number, 1) == 0)).nonzero()[0]
    if not len(rows):
        return numbers
    ones, tens = (codes[rows].astype(np.int64) - ord("0") for codes in (view.last_codes, view.first_codes))
    values = ones + np.where(n[rows] == STEP_NUMBER, 10 * tens, 0)
    numbers[rows[numbering.in_sequence(rows, values, segments, STEPS)]] = True
    step = ~is_number & ((segments.neighbor(numbers, -1) > 0) | (segments.neighbor(numbers, 1) > 0))
    around = segments.windows(STEP_REACH)
    steps = around.mean(step)
    clauses = around.mean(step & (count("comma", "stop", "end") > 0))
    brief = around.mean(step & (n <= STEP_BRIEF))
    return (numbers | step) & (steps > STEP_SHARE) & (np.minimum(clauses, brief) >= STEP_MIX * steps)


def _piped_rows(view: LineView) -> Mask:
    """Mark rows and borders of a table drawn with bars, which stand at both ends."""
    has_bars = (
        _BARS.contains(view.first_codes) & _BARS.contains(view.last_codes) & (view.characters.visible >= PIPED_LENGTH)
    )
    if not has_bars.any():
        return has_bars
    around = view.segments.windows(PIPED_REACH).mean(has_bars) > PIPED_AROUND
    return has_bars & around & (view.segments.run_sizes(has_bars) >= PIPED_ROWS)


def _clauses(view: LineView) -> Mask:
    """Mark sentences with a line for each clause: lines that end in a comma among their like, and each after such."""
    ends = _COMMAS.contains(view.last_codes) & (view.characters.visible >= CLAUSE_LENGTH)
    ends &= view.characters.count("separator", "symbol") == 0
    if not ends.any():
        return ends
    clauses = ends & (view.segments.windows(CLAUSE_REACH).mean(ends) >= CLAUSE_AROUND)
    return clauses | (view.segments.neighbor(clauses, -1) > 0)


def _stanzas(view: LineView) -> Mask:
    """Mark short lines of Han without full stops that speak of me and you, and the numbers of their stanzas."""
    count, n, segments = view.characters.count, view.characters.visible, view.segments
    plain = (count("han", "function", "comma", "end") >= STANZA_HAN * n) & (n <= STANZA_WIDTH)
    plain &= count("digit", "latin", "separator", "symbol", "open", "close", "colon", "stop") == 0
    free = plain | ((n <= STANZA_NUMBER) & (count("open") > 0) & (count("close") > 0))
    if np.count_nonzero(free) < STANZA:
        return np.zeros(len(n), dtype=np.bool_)
    in_stanza = free & (segments.run_sizes(free) >= STANZA)
    if not in_stanza.any():
        return in_stanza
    around = segments.windows(STANZA_REACH)
    lively = around.mean(count("function") > 0) >= STANZA_PARTICLES
    lively &= around.mean(_names_a_person(view)) >= STANZA_PRONOUNS
    verse = plain & lively & (around.mean(free) >= STANZA_PLAIN)
    return in_stanza & (segments.run_shares(free, verse) >= STANZA_SHARE)


def _names_a_person(view: LineView) -> Mask:
    """Mark lines that hold a pronoun; `我的…` at the beginning is a menu's."""
    codes, starts = view.codes, view.batch.starts
    positions = view.characters.rare[_PRONOUNS.contains(codes[view.characters.rare])]
    row = np.searchsorted(starts, positions, side="right") - 1
    opens = (positions == starts[np.maximum(row, 0)]) & (codes[np.minimum(positions + 1, len(codes) - 1)] == ord("的"))
    mask = np.zeros(len(starts), dtype=np.bool_)
    mask[row[(row >= 0) & ~opens]] = True
    return mask
