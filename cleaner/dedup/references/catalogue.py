"""The catalogue of references: their grams as one sorted array, and how rare what they are made of is."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.dedup import shingles
from cleaner.dedup.spans import folds
from cleaner.text import char_frequency, codepoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GRAM = 6
"""Characters that are looked up together; see `search.MIN_RUN` for how many a match takes."""
MOST_SHARED = 20
"""References that may share a gram which is looked up: one of more is a form of words that all are asked in."""
EXCERPT = 80
"""Characters of a text that are shown."""
SHORTEST = 8
"""Characters of a reference that can be told from other text, punctuation aside."""
_BITS_A_GRAM = 7
_FLOOR = 40
"""The least cost of a character, in tenths of a nat: letters and digits, which the table does not have, cost this."""


class Reference(NamedTuple):
    """One reference: its id, its folded characters, the weight of each two neighbours, and its beginning as it is."""

    id: str
    text: str
    weights: NDArray[np.float64]
    excerpt: str


class Grams(NamedTuple):
    """The distinct grams of all references, sorted; `bounds` say which `rows` and `places` each occurs at."""

    keys: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    rows: NDArray[np.int64]
    places: NDArray[np.int64]


class Catalogue:
    """References that can be looked for in texts."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        """Make a catalogue; references under `SHORTEST` characters are left out and listed in `short`."""
        rows = [(key, fold(text), text) for key, text in zip(ids, texts, strict=True)]
        self.short = [key for key, text, _ in rows if len(text) < SHORTEST]
        rows = [row for row in rows if len(row[1]) >= SHORTEST]
        counts = Counter(pair for _, text, _ in rows for pair in set(pairwise(text)))
        self.references = [
            Reference(key, text, _weigh(text, counts, len(rows)), shorten(original)) for key, text, original in rows
        ]

    @cached_property
    def grams(self) -> Grams:
        """The grams that are looked up."""
        columns = [_grams_of(row, reference.text) for row, reference in enumerate(self.references)]
        empty = np.empty(0, dtype=np.int64)
        keys = np.concatenate([empty.astype(np.uint64), *(column[0] for column in columns)])
        rows = np.concatenate([empty, *(column[1] for column in columns)])
        places = np.concatenate([empty, *(column[2] for column in columns)])
        keep = _is_telling(keys, rows)
        keys, rows, places = keys[keep], rows[keep], places[keep]
        order = np.lexsort((places, rows, keys))
        distinct, firsts = np.unique(keys[order], return_index=True)
        return Grams(distinct, np.append(firsts, len(order)), rows[order], places[order])

    @cached_property
    def sieve(self) -> NDArray[np.bool_]:
        """A table by the highest bits of a gram's hash, by which nearly all grams of texts are passed over."""
        bits = (len(self.grams.keys) + 1).bit_length() + _BITS_A_GRAM
        sieve = np.zeros(1 << bits, dtype=np.bool_)
        sieve[slots(self.grams.keys, len(sieve))] = True
        return sieve


def shorten(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(text[: 2 * EXCERPT].split())[:EXCERPT]


def slots(keys: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Return the slots of hashes in a table of `size` slots, a power of two."""
    return keys >> np.uint64(65 - size.bit_length())


def fold(text: str) -> str:
    """Return letters, digits and Chinese characters of a text, folded."""
    return codepoints.to_text(shingles.fold(codepoints.from_text(text), fold_table())[0] - np.uint32(1))


@cache
def fold_table() -> NDArray[np.uint32]:
    """Map every code point to the form it is folded to, one higher; to 0 where it is neither letter nor digit."""
    table = folds.fold_table().copy()
    ranges = (range(0x3400), range(0xF900, 0x20000))
    table[[code for codes in ranges for code in codes if not chr(code).isalnum()]] = 0
    return table


def _grams_of(row: int, text: str) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    keys = shingles.hash_shingles(codepoints.from_text(text) + np.uint32(1), GRAM)
    return keys, np.full(len(keys), row), np.arange(len(keys))


def _is_telling(keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which grams are looked up: those of few references, and all of a reference that has no such."""
    _, numbers, counts = np.unique(keys, return_inverse=True, return_counts=True)
    is_rare = counts[numbers] <= MOST_SHARED
    has_rare = np.zeros(int(rows.max(initial=-1)) + 1, dtype=np.bool_)
    has_rare[rows[is_rare]] = True
    telling: NDArray[np.bool_] = is_rare | ~has_rare[rows]
    return telling


def _weigh(text: str, counts: Counter[tuple[str, str]], total: int) -> NDArray[np.float64]:
    """Weigh each two neighbours: rare characters much, and what many references have little."""
    costs = char_frequency.costs()
    units = [max(costs[ord(character)] if ord(character) < codepoints.BASIC else 0, _FLOOR) for character in text]
    rarity = [log(1 + total / counts[pair]) for pair in pairwise(text)]
    return np.array([(a + b) * r for (a, b), r in zip(pairwise(units), rarity, strict=True)])
