"""What each line is by itself: its length, its end, what it is made of. Columns over all lines of a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.features.counts import CODE, NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.counts import Characters
    from cleaner.text.lines import Block

Column = Any
Looks = Mapping[str, Column]

_ENDS = np.isin(NAMES, ["stop", "end"])
_OPENERS = np.isin(NAMES, ["separator", "close", "comma", "end", "period"])


def look(block: Block, codes: NDArray[np.uint32], counted: Characters) -> dict[str, Column]:
    """Columns (lines,) of about 0..1 by name, for a block of at least one line."""
    of, n = counted.of, np.maximum(counted.lengths, 1)
    first, second = counted.at(block.starts), counted.at(np.minimum(block.starts + 1, block.stops - 1))
    ends, cut_off, last = _ends(block, codes, counted)
    han = of("han", "function") / n
    return {
        "short": np.clip(1 - n / 12, 0, 1),
        "medium": np.clip(np.minimum(n, 40) / 20 - n.clip(40, 120) / 80 + 0.5, 0, 2) / 2,
        "long": np.clip(n / 100, 0, 1),
        "tiny": n <= 2,
        "ends": ends,
        "ends-cut": cut_off,
        "ends-colon": last == CODE["colon"],
        "colon": (of("colon") > 0) & (last != CODE["colon"]) & (n >= 6),
        "cut": ~ends & (n >= 30) & (n <= 220) & (of("stop") <= 2) & (of("comma") + 2 * of("stop") >= 2) & (han > 0.5),
        "stop-any": of("stop") > 0,
        "sentences": np.minimum(of("end", "stop"), 3) / 3,
        "commas": np.minimum(of("comma"), 3) / 3,
        "function": np.minimum(of("function") / n, 0.12) / 0.12,
        "function-any": of("function") > 0,
        "separator-any": of("separator", "symbol") > 0,
        "digits": of("digit") / n,
        "latin": of("latin") / n,
        "han": han,
        "code": np.minimum(10 * of("symbol") / n, 1) * (han < 0.35) * ((of("latin") > 1) | (of("symbol") > 0)),
        "no-letters": of("han", "function", "latin", "kana") == 0,
        "brackets": np.minimum(of("open") / n, 0.1) / 0.1,
        "tokens": np.minimum(counted.tokens - 1, 6) / 6,
        "token-length": np.minimum(n / np.maximum(counted.tokens, 1), 20) / 20,
        "numbered": (first == CODE["digit"]) & ((second == CODE["comma"]) | (second == CODE["period"])),
        "starts-mark": _OPENERS[first],
    }


def _ends(block: Block, codes: NDArray[np.uint32], counted: Characters) -> tuple[Column, Column, Column]:
    """Whether lines end like sentences, whether in dots like teasers, and the class of their last character."""
    final = codes[block.stops - 1]
    last, inner = counted.at(block.stops - 1), counted.at(np.maximum(block.stops - 2, block.starts))
    third = codes[np.maximum(block.stops - 3, block.starts)]
    dots = (final == ord("…")) | ((final == ord(".")) & (third == ord(".")))
    period, after_han = final == ord("."), (inner == CODE["han"]) | (inner == CODE["function"])
    english = period & (counted.of("latin") > 0.5 * counted.lengths) & (counted.tokens >= 5)
    flat = period & after_han & (counted.lengths >= 8)
    clause = (final == ord(";")) & (counted.of("han", "function") > 0.3 * counted.lengths)
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
_OWN = ("short", "medium", "long", "tiny", "starts-mark", "numbered")


def as_sentences(looks: Looks, which: NDArray[np.bool_]) -> dict[str, Column]:
    """The looks of an ordinary sentence for the lines in `which`, which keep their length: judge them as one."""
    return {
        name: column if name in _OWN else np.where(which, _SENTENCE.get(name, 0), column).astype(column.dtype)
        for name, column in looks.items()
    }
