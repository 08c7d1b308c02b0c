"""Lines of keywords for search engines, known by their permutation: `A_B_C` here, `C_A_B` further down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.text import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView

MEAN_LENGTH = 4.0
"""Characters of a keyword in the mean, at least."""
LONGEST = 160
"""Characters of a line of keywords, at most."""
STRONG, WEAK = "_|", ",、/-·"
"""Marks between keywords: two words between strong ones are a line of keywords, three between weak ones."""
STRONG_WORDS, WEAK_WORDS = 2, 3
POOL_LINES, POOL_TIMES = 4, 3
"""Lines of keywords drawn from one pool, at least; lines that hold each word, and words that come first, at least."""


class KeywordLine(NamedTuple):
    """A line of keywords: its row, the mark between them, and they."""

    row: int
    separator: str
    words: tuple[str, ...]


def find_permuted(view: LineView, mean_length: float) -> list[KeywordLine]:
    """Find the lines of keywords whose set comes back in another order elsewhere in the document."""
    groups = defaultdict(list)
    for line in _candidates(view, mean_length):
        groups[int(view.batch.documents[line.row]), line.separator].append(line)
    return [line for group in groups.values() if len(group) > 1 for line in _permutations(group)]


def _candidates(view: LineView, mean_length: float) -> Iterator[KeywordLine]:
    """Yield the lines that could be keywords."""
    marks = view.separators + view.commas
    marks = np.where(marks > 0, marks, view.spaces)
    fits = (marks > 0) & (view.lengths <= LONGEST) & (view.lengths >= (marks + 1) * mean_length)
    fits &= view.han * 2 > view.lengths
    fits &= view.characters.count("stop", "end", "colon") == 0
    if not fits.any():
        return
    fits &= _in_promising_documents(view, fits)
    for row in fits.nonzero()[0].tolist():
        text = view.text(row)
        separator = max([mark for mark in STRONG + WEAK if mark in text], key=text.count, default=" ")
        words = tuple(word for word in map(str.strip, text.split(separator)) if word)
        least = STRONG_WORDS if separator in STRONG else WEAK_WORDS
        if len(words) >= least and len(set(words)) == len(words):
            yield KeywordLine(row, separator, words)


def _in_promising_documents(view: LineView, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the lines of documents with two different lines of the same characters; with strong marks also of others."""
    batch, documents = view.batch, len(view.batch.texts)
    rows = fits.nonzero()[0]
    rows = rows[hashing.is_repeated(_coarse_keys(view, rows))]
    keys = hashing.hash_bags(view.codes, batch.starts[rows], batch.stops[rows])
    keys += hashing.spread(batch.documents[rows])
    order = keys.argsort(kind="stable")
    twins = keys[order[1:]] == keys[order[:-1]]
    left, right = rows[order[:-1][twins]], rows[order[1:][twins]]
    has_permutation = np.zeros(documents, dtype=bool)
    has_permutation[batch.documents[left[view.previous_copy[right] != left]]] = True
    strong = fits & (view.characters.count_marks(STRONG) > 1)
    has_pool = np.bincount(batch.documents[strong], minlength=documents) >= POOL_LINES
    promising: NDArray[np.bool_] = has_permutation[batch.documents] | (strong & has_pool[batch.documents])
    return promising


def _coarse_keys(view: LineView, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Combine document, length and Han characters of each line: lines of the same characters have one key."""
    values = LONGEST + 1
    return (view.batch.documents[rows] * values + view.lengths[rows]) * values + view.han[rows]


def _permutations(group: Sequence[KeywordLine]) -> list[KeywordLine]:
    """Choose, of one document's candidates with one separator, those that permute others, and those of their words."""
    by_set = defaultdict(list)
    for line in group:
        by_set[frozenset(line.words)].append(line)
    pool: set[str] = set()
    for words, lines in by_set.items():
        if len({line.words for line in lines}) > 1 and _stand_apart(lines):
            pool |= words
    if not pool and group[0].separator in STRONG:
        pool = _recurring_words(group)
    return [line for line in group if pool.issuperset(line.words)] if pool else []


def _recurring_words(group: Sequence[KeywordLine]) -> set[str]:
    """Collect the words of picks from a pool: lines of three words or more, each word in three lines or more."""
    counts = Counter(word for line in group for word in line.words)
    picks = [line for line in group if len(line.words) >= WEAK_WORDS and _all_recur(line, counts)]
    first_words = {line.words[0] for line in picks}
    if len(picks) >= POOL_LINES and len(first_words) >= POOL_TIMES and _stand_apart(picks):
        return {word for line in picks for word in line.words}
    return set()


def _all_recur(line: KeywordLine, counts: Counter[str]) -> bool:
    return all(counts[word] >= POOL_TIMES for word in line.words)


def _stand_apart(lines: Sequence[KeywordLine]) -> bool:
    """Tell whether other lines stand between these."""
    return lines[-1].row - lines[0].row >= len(lines)
