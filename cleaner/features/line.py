"""Features of each line by itself: its length, its end, what it is made of. Columns over all lines of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.counts import CODE, NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

Column = Any
LineFeatures = Mapping[str, Column]

SHORT, TINY = 12, 2
"""Characters below which a line is short, and up to which it is hardly one."""
MEDIUM, LONG = (20, 40, 120), 100
"""Characters between which a line is of medium length: full from the first to the second, fading to the third."""
TEASER = (30, 220)
"""Characters of a sentence that was cut off."""
TEASER_MARKS = 2
"""Commas and full stops (which count twice) of a sentence that was cut off, at least, and full stops at most."""
TEASER_HAN, CODE_HAN = 0.5, 0.35
"""The share of Han above which a line may be a cut sentence, and below which it may be code."""
HEAD = 6
"""Characters of a line whose colon may stand inside, at least."""
ENGLISH_LATIN, ENGLISH_WORDS = 0.5, 5
"""The share of Latin letters above which, and the words from which a full stop ends an English sentence."""
FLAT_PERIOD = 8
"""Characters of a line that ends in an ASCII full stop behind Han, at least, to be a sentence."""
CLAUSE_HAN = 0.3
"""The share of Han above which a semicolon ends a clause."""

_ENDS = np.isin(NAMES, ["stop", "end"])
_OPENERS = np.isin(NAMES, ["separator", "close", "comma", "end", "period"])


def measure(view: LineView) -> dict[str, Column]:
    """Measure columns (lines,) of about 0..1 by name, for a batch of at least one line."""
    batch, characters = view.batch, view.characters
    count, n = characters.count, np.maximum(characters.visible, 1)
    first = characters.classes_at(batch.starts)
    second = characters.classes_at(np.minimum(batch.starts + 1, batch.stops - 1))
    ends, ends_cut, last = _ends(view)
    han = count("han", "function") / n
    low, full, fading = MEDIUM
    medium = np.minimum(n, full) / low - np.minimum(np.maximum(n, full), fading) / (fading - full) + 0.5
    return {
        "short": np.maximum(1 - n / SHORT, 0),
        "medium": np.minimum(np.maximum(medium, 0), 2) / 2,
        "long": np.minimum(n / LONG, 1),
        "tiny": n <= TINY,
        "ends": ends,
        "ends-cut": ends_cut,
        "ends-colon": last == CODE["colon"],
        "colon": (count("colon") > 0) & (last != CODE["colon"]) & (n >= HEAD),
        "cut": ~ends & _is_teaser(view, n, han),
        "stop-any": count("stop") > 0,
        "sentences": np.minimum(count("end", "stop"), 3) / 3,
        "commas": np.minimum(count("comma"), 3) / 3,
        "function": np.minimum(count("function") / n, 0.12) / 0.12,
        "function-any": count("function") > 0,
        "separator-any": count("separator", "symbol") > 0,
        "digits": count("digit") / n,
        "latin": count("latin") / n,
        "han": han,
        "code": np.minimum(10 * count("symbol") / n, 1)
        * (han < CODE_HAN)
        * ((count("latin") > 1) | (count("symbol") > 0)),
        "no-letters": count("han", "function", "latin", "kana") == 0,
        "brackets": np.minimum(count("open") / n, 0.1) / 0.1,
        "tokens": np.minimum(characters.tokens - 1, 6) / 6,
        "token-length": np.minimum(n / np.maximum(characters.tokens, 1), 20) / 20,
        "numbered": (first == CODE["digit"]) & ((second == CODE["comma"]) | (second == CODE["period"])),
        "starts-mark": _OPENERS[first],
    }


def _is_teaser(view: LineView, n: Column, han: Column) -> Column:
    """Mark lines with the marks and the length of a sentence that a site cut off."""
    stops, commas = view.characters.count("stop"), view.characters.count("comma")
    shortest, longest = TEASER
    has_marks = (stops <= TEASER_MARKS) & (commas + 2 * stops >= TEASER_MARKS)
    return (n >= shortest) & (n <= longest) & has_marks & (han > TEASER_HAN)


def _ends(view: LineView) -> tuple[Column, Column, Column]:
    """Tell whether lines end like sentences, whether in dots like teasers, and the class of their last character."""
    batch, characters, visible = view.batch, view.characters, view.characters.visible
    final = view.last_codes
    last = characters.classes_at(batch.stops - 1)
    inner = characters.classes_at(np.maximum(batch.stops - 2, batch.starts))
    dots = (final == ord("…")) | ((final == ord(".")) & (view.tail(3) == ord(".")))
    period, behind_han = final == ord("."), (inner == CODE["han"]) | (inner == CODE["function"])
    english = period & (characters.count("latin") > ENGLISH_LATIN * visible) & (characters.tokens >= ENGLISH_WORDS)
    flat = period & behind_han & (visible >= FLAT_PERIOD)
    clause = (final == ord(";")) & (characters.count("han", "function") > CLAUSE_HAN * visible)
    return (_ENDS[last] | ((last == CODE["close"]) & _ENDS[inner]) | english | flat | clause) & ~dots, dots, last


_SENTENCE = {
    "ends": 1,
    "sentences": 0.33,
    "commas": 0.33,
    "function": 0.5,
    "function-any": 1,
    "stop-any": 1,
    "han": 0.8,
}
"""Features of an ordinary sentence; those not named here are 0."""
_OF_LENGTH_AND_START = ("short", "medium", "long", "tiny", "starts-mark", "numbered")


def as_sentences(features: LineFeatures, mask: NDArray[np.bool_]) -> dict[str, Column]:
    """Give the lines in `mask` the features of an ordinary sentence; their length stays: judge them as one."""
    return {
        name: column
        if name in _OF_LENGTH_AND_START
        else np.where(mask, _SENTENCE.get(name, 0), column).astype(column.dtype)
        for name, column in features.items()
    }
