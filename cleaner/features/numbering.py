"""Numbered headings and items, one after the other through a text, and what stands between them.

A ranking or a list of links has its numbers on neighbouring lines; a number every few lines, or one of the forms that
only writers use (`一、`, `（二）`, `1.2`, `第三条`, `④`), is an outline, and the lines within it are the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.features.classes import CodeSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView
    from cleaner.text.segments import Segments

Numbers = Any
"""Whole numbers (n,)."""

_REACH = 8
"""Lines that may stand between one number and the next."""

_WIDTH = 7
"""Characters in which the longest number with its marks ends."""

_TEN = 10
_HAN = "一二三四五六七八九十"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩"
_PLAIN, _DECIMAL, _BRACKET, _HAN_PLAIN, _HAN_BRACKET, _ORDINAL, _CIRCLE = range(1, 8)


class Spacing(NamedTuple):
    """How the lines of a sequence of numbers follow each other.

    Attributes:
        reach: rows from one number to the next, at most.
        mean_step: rows from one number to the next, in the mean at least.
        least: numbers in a sequence, at least.
    """

    reach: int
    mean_step: float = 1
    least: int = 3


_NEIGHBORS = Spacing(1, least=2)
_OUTLINE, _PLAIN_OUTLINE = Spacing(_REACH + 1), Spacing(_REACH + 1, mean_step=1.5)


def _digit_values(characters: str, first: int) -> NDArray[np.int8]:
    """Tabulate the value of each character, from `first` on; -1 for all others."""
    values = np.full(0x10000, -1, dtype=np.int8)
    values[[ord(c) for c in characters]] = np.arange(first, first + len(characters))
    return values


_DIGIT, _HAN_DIGIT = _digit_values("0123456789", 0), _digit_values(_HAN, 1)
_CIRCLE_DIGIT = _digit_values(_CIRCLES, 1)
_AFTER = CodeSet(".、):")
_PARTS = CodeSet("条章节课步回部")
_PREFIXES = CodeSet("(第")
_NO_UNIT = CodeSet("%0123456789")
_OPENERS = CodeSet("0123456789(第" + _HAN + _CIRCLES)


class NumberedLines(NamedTuple):
    """The rows of lines that begin with a number, the number's form, and its value (see `_pack_decimal`)."""

    rows: Numbers
    form: Numbers
    value: Numbers


def read_numbers(view: LineView) -> NumberedLines:
    """Read the numbers that lines begin with."""
    rows = _OPENERS.contains(view.first_codes).nonzero()[0]
    if not len(rows):
        return NumberedLines(rows, rows, rows)
    form, value = _read(view, rows)
    return NumberedLines(rows[form > 0], form[form > 0], value[form > 0])


def in_outline(numbers: NumberedLines, segments: Segments) -> NDArray[np.bool_]:
    """Mark lines that are numbered one after the other, and those between two such numbers, (lines,)."""
    lines = np.zeros(len(segments.owners), dtype=np.bool_)
    for form in sorted(set(numbers.form.tolist())):
        of_form = (numbers.form == form).nonzero()[0]
        rows = numbers.rows[of_form]
        spacing = _PLAIN_OUTLINE if form == _PLAIN else _OUTLINE
        rows = rows[in_sequence(rows, numbers.value[of_form], segments, spacing)]
        if len(rows):
            mask = np.zeros(len(lines), dtype=np.bool_)
            mask[rows] = True
            lines |= fill_gaps(mask, segments, _REACH)
    return lines


def plain_neighbors(numbers: NumberedLines, segments: Segments) -> Numbers:
    """Find the rows of lines that begin with plain numbers one after the other, one a line."""
    rows, value = numbers.rows[numbers.form == _PLAIN], numbers.value[numbers.form == _PLAIN]
    return rows[in_sequence(rows, value, segments, _NEIGHBORS)]


def in_sequence(rows: Numbers, values: NDArray[Any], segments: Segments, spacing: Spacing) -> NDArray[np.bool_]:
    """Mark the `rows` whose `values` belong to a sequence: each follows the one before, not too far below it."""
    if len(rows) < spacing.least:
        return np.zeros(len(rows), dtype=np.bool_)
    steps = np.diff(rows)
    follows = _follows(values.astype(np.int64)) & (steps <= spacing.reach) & (np.diff(segments.owners[rows]) == 0)
    sequence = np.cumsum(np.concatenate(([False], ~follows)))
    size = np.bincount(sequence)
    distance = np.bincount(sequence[1:], weights=np.where(follows, steps, 0), minlength=len(size))
    return np.asarray(((size >= spacing.least) & (distance >= spacing.mean_step * (size - 1)))[sequence])


def fill_gaps(mask: NDArray[np.bool_], segments: Segments, gap: int) -> NDArray[np.bool_]:
    """Mark also the lines between two marked ones of a document with at most `gap` others between."""
    rows = mask.nonzero()[0]
    if len(rows) <= 1:
        return mask
    close = ((np.diff(rows) <= gap + 1) & (np.diff(segments.owners[rows]) == 0)).nonzero()[0]
    steps = np.zeros(len(mask) + 1, dtype=np.int64)
    np.add.at(steps, rows[close], 1)
    np.add.at(steps, rows[close + 1], -1)
    return np.asarray(mask | (steps.cumsum()[:-1] > 0))


def _pack_decimal(first: Numbers, second: Numbers, third: Numbers) -> Numbers:
    """Write 2.3.1 as 20301, and 2.3 as 20300; plain numbers stay below 100 and are what they are."""
    return 10000 * first + 100 * second + third


def _unpack_decimal(value: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    return value // 10000, value // 100 % 100, value % 100


def _follows(value: Numbers) -> Numbers:
    """Tell for each value but the first whether it is next: one more, or after 2.3(.x) one of 2.4, 2.4.1, 3.1."""
    first, second, third = _unpack_decimal(value)
    next_first, next_second = np.diff(first) == 1, np.diff(second) == 1
    next_heading = (next_first & (second[1:] <= 1)) | ((np.diff(first) == 0) & next_second)
    return (np.diff(value) == 1) | (next_heading & (third[1:] <= 1))


def _read(view: LineView, rows: Numbers) -> tuple[Numbers, Numbers]:
    """Read the form and the value of the number each of the lines `rows` begins with, 0 for those without one."""
    heads = _heads(view, rows)
    opener = heads[:, 0]
    is_prefixed = _PREFIXES.contains(opener)
    heads = np.where(is_prefixed[:, None], np.roll(heads, -1, axis=1), heads)
    plain, plain_end = _read_arabic(heads, np.zeros(len(rows), dtype=np.int64))
    han, han_end = _read_han(heads)
    mark, han_mark = _character(heads, plain_end), _character(heads, han_end)
    minor, minor_end = _read_arabic(heads, plain_end + 1)
    third, _ = _read_arabic(heads, minor_end + 1)
    third = np.where(_character(heads, minor_end) == ord("."), np.maximum(third, 0), 0)
    circle = _CIRCLE_DIGIT.take(heads[:, 0], mode="clip").astype(np.int64)
    is_decimal = (plain > 0) & ~is_prefixed & (mark == ord(".")) & (minor > 0)
    is_decimal &= ~_NO_UNIT.contains(_character(heads, minor_end))
    form = np.zeros(len(rows), dtype=np.int64)
    form[(plain >= 0) & ~is_prefixed & _AFTER.contains(mark) & (minor < 0)] = _PLAIN
    form[is_decimal] = _DECIMAL
    form[(han > 0) & ~is_prefixed & _AFTER.contains(han_mark)] = _HAN_PLAIN
    form[(opener == ord("(")) & (plain >= 0) & (mark == ord(")"))] = _BRACKET
    form[(opener == ord("(")) & (han > 0) & (han_mark == ord(")"))] = _HAN_BRACKET
    is_ordinal = (opener == ord("第")) & _PARTS.contains(np.where(han > 0, han_mark, mark))
    form[is_ordinal & ((han > 0) | (plain >= 0))] = _ORDINAL
    form[circle > 0] = _CIRCLE
    value = np.where(han > 0, han, np.where(circle > 0, circle, plain))
    return form, np.where(is_decimal, _pack_decimal(plain, minor, third), value)


def _heads(view: LineView, rows: Numbers) -> NDArray[np.uint32]:
    """Take the first characters of some lines, (n, _WIDTH), 0 past a line's end."""
    positions = view.batch.starts[rows, None] + np.arange(_WIDTH)
    in_line = positions < view.batch.stops[rows, None]
    return np.where(in_line, view.codes[np.minimum(positions, len(view.codes) - 1)], 0)


def _character(heads: NDArray[np.uint32], index: Numbers) -> NDArray[np.uint32]:
    """Take one character of each line, 0 past what is looked at."""
    return np.where(index < _WIDTH, heads[np.arange(len(heads)), np.minimum(index, _WIDTH - 1)], 0).astype(np.uint32)


def _read_arabic(heads: NDArray[np.uint32], index: Numbers) -> tuple[Numbers, Numbers]:
    """Read numbers of one or two digits from `index` on, -1 where there are none, and where they end."""
    first, second = (_DIGIT.take(_character(heads, index + step), mode="clip").astype(np.int64) for step in (0, 1))
    has_two = (first >= 0) & (second >= 0)
    return np.where(has_two, _TEN * first + second, first), index + (first >= 0) + has_two


def _read_han(heads: NDArray[np.uint32]) -> tuple[Numbers, Numbers]:
    """Read numbers written in Han up to 99, -1 where there are none, and where they end."""
    one, two, three = (_HAN_DIGIT.take(heads[:, index], mode="clip").astype(np.int64) for index in range(3))
    teens = (one == _TEN) & (two > 0) & (two < _TEN)
    tens = (one > 0) & (one < _TEN) & (two == _TEN)
    ones = tens & (three > 0) & (three < _TEN)
    value = np.where(tens, _TEN * one + np.where(ones, three, 0), np.where(teens, _TEN + two, one))
    return value, (one > 0).astype(np.int64) + (teens | tens) + ones
