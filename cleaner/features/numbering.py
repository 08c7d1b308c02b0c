"""Numbered headings and items, one after the other through a text, and what stands between them.

A ranking or a list of links has its numbers on neighbouring lines; a number every few lines, or one of the forms that
only writers use (`一、`, `（二）`, `1.2`, `第三条`, `④`), is an outline, and the lines within it are the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.features.classes import Set

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.text.lines import Block
    from cleaner.text.segments import Rows

Numbers = Any
"""Whole numbers (n,)."""

_REACH = 8
"""Lines that may stand between one number and the next."""

_WIDTH = 7
"""Characters in which the longest number with its marks ends."""

_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_PLAIN, _DECIMAL, _BRACKETED, _HAN_PLAIN, _HAN_BRACKETED, _ORDINAL, _CIRCLE = range(1, 8)


def _table(characters: str, first: int) -> NDArray[np.int8]:
    values = np.full(0x10000, -1, dtype=np.int8)
    values[[ord(c) for c in characters]] = np.arange(first, first + len(characters))
    return values


_DIGIT, _HAN_DIGIT, _ROUND = _table("0123456789", 0), _table(_HAN, 1), _table(_CIRCLED, 1)
_AFTER = Set(".、):")
_PARTS = Set("条章节课步回部")
_SHUT = Set("(第")
_NO_UNIT = Set("%0123456789")
_OPENS = Set("0123456789(第" + _HAN + _CIRCLED)


class Numbered(NamedTuple):
    """Lines `at` that begin with a number, its form and its value."""

    at: Numbers
    form: Numbers
    value: Numbers


def numbers(block: Block, codes: NDArray[np.uint32]) -> Numbered:
    """The numbers that lines begin with; `codes` are those of the folded text."""
    at = np.flatnonzero(_OPENS.holds(codes[block.starts]))
    form, value = _numbered(block, codes, at)
    return Numbered(at[form > 0], form[form > 0], value[form > 0])


def outlined(found: Numbered, rows: Rows) -> NDArray[np.bool_]:
    """Lines (lines,) that are numbered one after the other, and those between two such numbers."""
    lines = np.zeros(len(rows.documents), dtype=np.bool_)
    for form in range(_PLAIN, _CIRCLE + 1):
        mine = np.flatnonzero(found.form == form)
        own = found.at[mine]
        own = own[chained(own, found.value[mine], rows, _REACH + 1, 1.5 if form == _PLAIN else 1)]
        if len(own):
            marked = np.zeros(len(lines), dtype=np.bool_)
            marked[own] = True
            lines |= filled(marked, rows, _REACH)
    return lines


def neighbours(found: Numbered, rows: Rows) -> Numbers:
    """Lines that begin with plain numbers one after the other, one a line."""
    own, value = found.at[found.form == _PLAIN], found.value[found.form == _PLAIN]
    return own[chained(own, value, rows, 1, least=2)]


def chained(
    at: Numbers, values: NDArray[Any], rows: Rows, reach: int, apart: float = 1, least: int = 3
) -> NDArray[np.bool_]:
    """Which of the rows `at` belong to a chain: values that rise by one, each `reach` rows on or less.

    `apart`: how many rows on the next one must be in the mean; `least`: values in a chain. Values from 100 on are
    decimals: 20300 is 2.3, 20301 is 2.3.1, and 2.4, 2.4.1 or 3.1 may follow after any 2.3.
    """
    if len(at) < least:
        return np.zeros(len(at), dtype=np.bool_)
    number, by = values.astype(np.int64), np.diff(at)
    whole, part, third = number // 10000, number // 100 % 100, number % 100
    sinks = (np.diff(whole) == 1) & (part[1:] <= 1) | (np.diff(whole) == 0) & (np.diff(part) == 1)
    rises = (np.diff(number) == 1) | (sinks & (third[1:] <= 1))
    follows = rises & (by <= reach) & (np.diff(rows.documents[at]) == 0)
    chain = np.cumsum(np.concatenate(([True], ~follows))) - 1
    size = np.bincount(chain)
    span = np.bincount(chain[1:], weights=np.where(follows, by, 0), minlength=len(size))
    return np.asarray(((size >= least) & (span >= apart * (size - 1)))[chain])


def filled(found: NDArray[np.bool_], rows: Rows, gap: int) -> NDArray[np.bool_]:
    """`found`, and the lines between two of them in a document with at most `gap` others between."""
    at = np.flatnonzero(found)
    if len(at) < 2:
        return found
    near = np.flatnonzero((np.diff(at) <= gap + 1) & (np.diff(rows.documents[at]) == 0))
    steps = np.zeros(len(found) + 1, dtype=np.int64)
    np.add.at(steps, at[near], 1)
    np.add.at(steps, at[near + 1], -1)
    return np.asarray(found | (np.cumsum(steps)[:-1] > 0))


def _numbered(block: Block, codes: NDArray[np.uint32], at: Numbers) -> tuple[Numbers, Numbers]:
    """The form and the value of the number each of the lines `at` begins with, 0 for those that begin with none."""
    place = block.starts[at, None] + np.arange(_WIDTH)
    heads = np.where(place < block.stops[at, None], codes[np.minimum(place, len(codes) - 1)], 0)
    shut = _SHUT.holds(heads[:, 0])
    heads = np.where(shut[:, None], np.roll(heads, -1, axis=1), heads)
    opener = codes[block.starts[at]]
    plain, after = _arabic(heads, np.zeros(len(at), dtype=np.int64))
    han, behind = _written(heads)
    mark, han_mark = _pick(heads, after), _pick(heads, behind)
    minor, end = _arabic(heads, after + 1)
    third, _ = _arabic(heads, end + 1)
    third = np.where(_pick(heads, end) == ord("."), np.maximum(third, 0), 0)
    form = np.zeros(len(at), dtype=np.int64)
    form[(plain >= 0) & ~shut & _AFTER.holds(mark) & (minor < 0)] = _PLAIN
    decimal = (plain > 0) & ~shut & (mark == ord(".")) & (minor > 0) & ~_NO_UNIT.holds(_pick(heads, end))
    form[decimal] = _DECIMAL
    form[(han > 0) & ~shut & _AFTER.holds(han_mark)] = _HAN_PLAIN
    form[(opener == ord("(")) & (plain >= 0) & (mark == ord(")"))] = _BRACKETED
    form[(opener == ord("(")) & (han > 0) & (han_mark == ord(")"))] = _HAN_BRACKETED
    ordinal = (opener == ord("第")) & _PARTS.holds(np.where(han > 0, han_mark, mark))
    form[ordinal & ((han > 0) | (plain >= 0))] = _ORDINAL
    circle = _ROUND.take(heads[:, 0], mode="clip").astype(np.int64)
    form[circle > 0] = _CIRCLE
    value = np.where(han > 0, han, np.where(circle > 0, circle, plain))
    return form, np.where(decimal, 10000 * plain + 100 * minor + third, value)


def _pick(heads: NDArray[np.uint32], at: Numbers) -> NDArray[np.uint32]:
    """One character of each line, 0 past what is looked at."""
    return np.where(at < _WIDTH, heads[np.arange(len(heads)), np.minimum(at, _WIDTH - 1)], 0).astype(np.uint32)


def _arabic(heads: NDArray[np.uint32], at: Numbers) -> tuple[Numbers, Numbers]:
    """Numbers of one or two digits from `at` on, -1 where there are none, and where they end."""
    first, second = (_DIGIT.take(_pick(heads, at + by), mode="clip").astype(np.int64) for by in (0, 1))
    two = (first >= 0) & (second >= 0)
    return np.where(two, 10 * first + second, first), at + (first >= 0) + two


def _written(heads: NDArray[np.uint32]) -> tuple[Numbers, Numbers]:
    """Numbers written in Han up to 99, -1 where there are none, and where they end."""
    one, two, three = (_HAN_DIGIT.take(heads[:, by], mode="clip").astype(np.int64) for by in range(3))
    teens = (one == 10) & (two > 0) & (two < 10)
    tens = (one > 0) & (one < 10) & (two == 10)
    ones = tens & (three > 0) & (three < 10)
    value = np.where(tens, 10 * one + np.where(ones, three, 0), np.where(teens, 10 + two, one))
    return value, (one > 0).astype(np.int64) + (teens | tens) + ones
