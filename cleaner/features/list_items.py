"""Items of a text's own: its outline, bulleted and numbered lines, fields, options of a manual.

A menu, a list of links and a ranking look the same line by line. What tells them apart is the line above the first
item, which announces a list that belongs to the text, and what the items say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features import numbering, repetition
from cleaner.features.classes import Set
from cleaner.text.hashing import heads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.features.line import Looks
    from cleaner.text.lines import Block
    from cleaner.text.segments import Rows

    Codes = NDArray[np.uint32]
    Indices = NDArray[np.int64]

Mask = Any

_BULLETS = Set("•●◆■▪◦○★☆✓✔✅►▸‣◇□▲△*-–")
_DASHES = Set("*-–")
_DIGITS = Set("0123456789")
_TYPED = Set("◆◇★☆✓✔✅△▲□")
"""Bullets that authors type; templates draw theirs."""

_GAP = 2
"""Headings that may stand between two runs of bullets."""

_NAME, _FIELD, _FIELDS = 10, 60, 4
"""Characters of a field's name and of the whole field at most, fields in a row at least."""


def items(block: Block, codes: Codes, looks: Looks, counted: Characters, rows: Rows) -> NDArray[np.bool_]:
    """Lines (lines,) that are items; `codes` are those of the folded text, `looks` those of each line by itself."""
    lead = looks["ends"] | looks["ends-colon"]
    numbers = numbering.numbers(block, codes)
    found = numbering.outlined(numbers, rows) | _numbered(block, codes, numbers, counted, rows, lead)
    found |= _bulleted(block, codes, counted, rows, lead)
    return np.asarray(found | _switches(block, codes, rows) | _fields(block, codes, looks, counted, rows))


def _bulleted(block: Block, codes: Codes, counted: Characters, rows: Rows, lead: Mask) -> Mask:
    """Lines behind one and the same bullet, led to or half of them with particles, and headings between them."""
    first = codes[block.starts]
    at = np.flatnonzero(_BULLETS.holds(first) & (counted.lengths >= 3))
    bullet, run = first[at], _runs(at, rows, first[at])
    spoken = (_share(run, counted.of("function")[at] > 0) >= 0.5) & ~_DASHES.holds(bullet)
    own = (np.bincount(run)[run] >= 2) & (_led(at, run, lead, rows) | spoken | _TYPED.holds(bullet))
    return numbering.filled(_mask(at[own], rows), rows, _GAP)


def _numbered(
    block: Block, codes: Codes, numbers: numbering.Numbered, counted: Characters, rows: Rows, lead: Mask
) -> Mask:
    """Numbers one after the other on neighbouring lines, led to or a good third of them of several clauses.

    Those of a ranking stand below its title, and are titles.
    """
    at = numbering.neighbours(numbers, rows)
    run = _runs(at, rows)
    second, third = (codes[np.minimum(block.starts[at] + by, block.stops[at] - 1)] for by in (1, 2))
    listing = np.where(_DIGITS.holds(second), third, second) == ord("、")
    clauses = (counted.of("comma", "stop", "end")[at] > listing) | (codes[block.stops[at] - 1] == ord(";"))
    return _mask(at[_led(at, run, lead, rows) | (_share(run, clauses) >= 0.4)], rows)


def _switches(block: Block, codes: Codes, rows: Rows) -> Mask:
    """Options of a program, `-h, --help`, and what stands between two of them."""
    at = np.flatnonzero(codes[block.starts] == ord("-"))
    second, third = (codes[np.minimum(block.starts[at] + by, block.stops[at] - 1)] for by in (1, 2))
    dashed = np.where(second == ord("-"), third, second)
    found = _mask(at[(dashed >= ord("a")) & (dashed <= ord("z"))], rows)
    return numbering.filled(found & (rows.window(found, 6) >= 0.15), rows, 4) if found.any() else found


def _fields(block: Block, codes: Codes, looks: Looks, counted: Characters, rows: Rows) -> Mask:
    """Lines of a name, a colon and a value, no name twice, and most values in words.

    A block of contacts has numbers for values; a box beside each post of a thread has its names again and again.
    """
    short = (counted.of("colon") > 0) & (counted.lengths <= _FIELD) & ~looks["ends"]
    at = np.flatnonzero(short & (codes[block.starts] >= 0x4E00))
    begins = codes[np.minimum(block.starts[at, None] + np.arange(_NAME + 1), len(codes) - 1)] == ord(":")
    name = begins.argmax(axis=1)
    place = block.starts[at] + name
    fits = (name > 0) & (place + 1 < block.stops[at])
    at, name, place = at[fits], name[fits], place[fits]
    earlier, later = repetition.repeats(heads(codes, block.starts[at], 3) + name.astype(np.uint64), rows.documents[at])
    once = earlier + later == 0
    at, place = at[once], place[once]
    value = codes[np.minimum(place + 1, block.stops[at] - 1)]
    value = np.where(value == ord(" "), codes[np.minimum(place + 2, block.stops[at] - 1)], value)
    run = _runs(at, rows)
    return _mask(at[(np.bincount(run)[run] >= _FIELDS) & (_share(run, value >= 0x4E00) > 0.5)], rows)


def _mask(at: Indices, rows: Rows) -> NDArray[np.bool_]:
    found = np.zeros(len(rows.documents), dtype=np.bool_)
    found[at] = True
    return found


def _runs(at: Indices, rows: Rows, keys: Any = 0) -> Indices:
    """The number of the run of neighbouring lines with equal keys that each of the lines `at` stands in."""
    apart = (np.diff(at) > 1) | (np.diff(rows.documents[at]) > 0) | (np.diff(np.broadcast_to(keys, at.shape)) != 0)
    return np.cumsum(np.concatenate(([False], apart)))[: len(at)]


def _share(run: Indices, marked: Mask) -> Any:
    """The share of marked lines in the run of each."""
    return (np.bincount(run, weights=marked) / np.maximum(np.bincount(run), 1))[run]


def _led(at: Indices, run: Indices, lead: Mask, rows: Rows) -> Any:
    """Whether the line above the run's first is a lead, for each of the lines `at`."""
    first = np.diff(run, prepend=-1) > 0
    return (lead[at[first] - 1] & (at[first] > rows.low[at[first]]))[run]
