"""Running text of all kinds: what has no sentences can still be a body, such as code, verse, tables, wrapped lines.

Judges that know prose alone lose such pages whole; the limits here are hand-set on labelled pages of those kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.list_items import find_items
from cleaner.features.lists import find_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line import LineFeatures
    from cleaner.features.line_view import LineView

Mask = Any

SENTENCE, SENTENCE_WITH_COMMA, LONG_SENTENCE = 10, 8, 30
"""Characters of a sentence, at least: of any, of one with a comma, of one known by its length."""
MANY_CLAUSES, MANY_CLAUSES_LENGTH = 0.6, 40
"""The commas (of three) above which, and the characters from which a line is prose without a full stop."""
FOREIGN_HAN, FOREIGN_WORDS = 0.2, 5
"""The share of Han below which, and the words from which a line that ends like a sentence is one."""

CODE, CODE_LATIN, CODE_REACH, CODE_AROUND = 0.6, 0.4, 5, 0.4
"""The shares of symbols and Latin letters of a line of code; lines away, and the share of them that is code too."""

FIGURES, FIGURES_LENGTH, FIGURES_SHARE, FIGURES_REACH, FIGURES_AROUND = 3, 15, 0.1, 3, 0.7
"""Words and digits, characters, and the share of digits of a row of figures; rows away, the share of them."""
BOX_REACH, BOX_AROUND = 5, 0.5
"""Lines away, and the share of them with box-drawing characters, that make a line part of a drawn table."""

WRAP_WIDTH, WRAP_SPREAD, WRAP_SLACK = 36, 0.1, 3
"""Columns of a wrapped line, at least; the share of them, or the number, by which its neighbour's width may differ."""
WRAP_STOPS, WRAP_COMMAS, WRAP_COMMA_SHARE, WRAP_SYMBOLS = 6, 5, 0.25, 0.04
"""Lines away with a full stop, lines away with commas and their mean, and symbols to a character, at most."""

VERSE_HAN, VERSE_LENGTHS, VERSE_REACH = 0.7, (4, 40), 8
"""The share of Han and the characters of a line of verse; lines away that are looked at."""
VERSE_PARTICLES, VERSE_LIVELY, VERSE_PLAIN = 0.17, 0.65, 0.7
"""Around it: particles to a Han character, lines with particles, plain lines, at least."""

_CODE_STARTS = np.array([chr(code) in "-$#/@{}<*" for code in range(128)])


def find_sentences(view: LineView, features: LineFeatures) -> NDArray[np.bool_]:
    """Mark lines that hold a full stop, or several clauses and an end; a title that ends in `？` alone is none."""
    n, has_comma = view.characters.visible, features["commas"] > 0
    is_long = n >= LONG_SENTENCE
    prose = (view.characters.count("stop") > 0) | (features["ends"] & has_comma & is_long)
    prose |= (features["commas"] > MANY_CLAUSES) & (n >= MANY_CLAUSES_LENGTH)
    prose |= features["ends"] & (features["han"] < FOREIGN_HAN) & (view.characters.tokens >= FOREIGN_WORDS)
    prose &= (n >= SENTENCE) | (has_comma & (n >= SENTENCE_WITH_COMMA))
    return np.asarray(prose & (features["function-any"] | has_comma | is_long) & ~features["ends-cut"])


def find_other_prose(view: LineView, features: LineFeatures) -> NDArray[np.bool_]:
    """Mark lines of code, tables, hard-wrapped paragraphs, verse and lists of a document's own."""
    prose = _code(view, features) | _tables(view) | _hard_wrapped(view, features)
    prose |= find_lists(view) | find_items(view, features)
    return np.asarray(prose | _verse(view, features))


def _code(view: LineView, features: LineFeatures) -> Mask:
    """Mark symbols among Latin letters, or a mark that code and comments begin with, among lines of code."""
    first = view.first_codes
    is_alone = (first == ord("/")) | (first == ord("}"))
    begins = _CODE_STARTS.take(first, mode="clip") & ((view.characters.count("latin") > 0) | is_alone)
    code = (features["code"] > CODE) | begins
    if not code.any():
        return code
    around = view.segments.windows(CODE_REACH).mean(code)
    return (code | (features["latin"] > CODE_LATIN)) & (around >= CODE_AROUND)


def _tables(view: LineView) -> Mask:
    """Mark rows of figures, or of box-drawing characters, among their like."""
    count, n = view.characters.count, view.characters.visible
    figures = (view.characters.tokens >= FIGURES) & (count("digit") >= FIGURES) & (n >= FIGURES_LENGTH)
    figures &= count("period", "digit") >= FIGURES_SHARE * n
    boxes = count("box") > 1
    if not (figures.any() or boxes.any()):
        return boxes
    figures &= view.segments.windows(FIGURES_REACH).mean(figures) >= FIGURES_AROUND
    return figures | (boxes & (view.segments.windows(BOX_REACH).mean(boxes) >= BOX_AROUND))


def _hard_wrapped(view: LineView, features: LineFeatures) -> Mask:
    """Mark lines about as wide on a screen as a neighbour, with full stops not far and commas all around."""
    count, n, segments = view.characters.count, view.characters.visible, view.segments
    width = view.lengths + count("han", "function", "kana", "stop")
    is_wide = (width >= WRAP_WIDTH) & (count("separator", "symbol") < WRAP_SYMBOLS * n)
    if not is_wide.any():
        return is_wide
    is_even = np.zeros(len(n), dtype=np.bool_)
    for offset in (-1, 1):
        is_even |= np.abs(segments.neighbor(width, offset) - width) <= np.maximum(WRAP_SLACK, WRAP_SPREAD * width)
    stops = segments.windows(WRAP_STOPS).mean(count("stop") > 0) > 0
    commas = segments.windows(WRAP_COMMAS).mean(features["commas"]) >= WRAP_COMMA_SHARE
    return is_even & is_wide & stops & commas


def _verse(view: LineView, features: LineFeatures) -> Mask:
    """Mark short lines of Han alone with as many particles as speech has; menus and titles have a third of that."""
    count, n = view.characters.count, view.characters.visible
    shortest, longest = VERSE_LENGTHS
    plain = (features["han"] > VERSE_HAN) & (n <= longest) & ~features["separator-any"]
    could_be = plain & (n >= shortest)
    if not could_be.any():
        return could_be
    around = view.segments.windows(VERSE_REACH)
    han = around.mean(count("function", "han"))
    spoken = around.mean(count("function")) >= VERSE_PARTICLES * np.maximum(han, 1)
    lively = (around.mean(features["function-any"]) >= VERSE_LIVELY) & (around.mean(plain) >= VERSE_PLAIN)
    return could_be & spoken & lively
