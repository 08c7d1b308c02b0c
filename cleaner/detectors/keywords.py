"""Keyword lines for search engines, known by their permutation; and keywords put into prose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors.api import Detections, detector, ranges, whole_lines
from cleaner.features.classes import END
from cleaner.features.keywords import MEAN_LENGTH, find_permuted

if TYPE_CHECKING:
    from cleaner.features.keywords import KeywordLine
    from cleaner.features.line_view import LineView

MOST_KEYWORDS = 100
"""Keywords of a document that are looked for in its prose, the longest first."""
KEYWORD_LENGTH = 4
"""Characters of a keyword that is looked for, at least."""
CLAUSE_LENGTH = 4
"""Han characters of a clause that stand before a keyword glued to its end, at least."""
SENTENCE_LENGTH = 10
"""Characters of a line that ends in a mark and is a sentence, at least."""

_CLAUSE_ENDS = frozenset({",", "。", ";"})
_BEFORE_NAMES = frozenset(
    "的了着过和与及或同跟是为在对把将被从由向到至于以用按让使给比如即而且等这那该此其各每某有无入进出去来"
)
"""What may stand before a name in good grammar: particles, prepositions, conjunctions, verbs of one character."""


@detector(decisive=True)
def permuted_keywords(view: LineView, *, mean: float = MEAN_LENGTH) -> Detections:
    """Find lines that draw the same keywords in another order: `甲_乙_丙`, `丙_甲_乙`.

    Seen: `A_B_C` between paragraphs, then `C_A_B`, `B_C_A`; also picks of three from a pool of more. Lines of one
    group must stand apart (the output of a program that lists permutations stands together), in a document with
    sentences (teams, colors and names of files come in any order too).

    Args:
        view: the lines.
        mean: the least mean length of a keyword.
    """
    rows = [line.row for line in _keyword_lines(view, mean)]
    has_sentence = np.zeros(len(view.batch.texts), dtype=bool)
    if rows:
        has_sentence[view.batch.documents[(view.last_bits & END > 0) & (view.lengths >= SENTENCE_LENGTH)]] = True
    return whole_lines(view.batch, sorted(row for row in rows if has_sentence[view.batch.documents[row]]))


@detector(decisive=True)
def keyword_insertion(view: LineView, *, mean: float = MEAN_LENGTH) -> Detections:
    """Find those keywords glued into the prose at a clause's end.

    A keyword stands wrongly where a clause ends with it and the character before it is Han, no list mark, no
    particle: `…核心引领极KEYWORD，`; in lists (`…、KEYWORD和…`) the same word stays.

    Args:
        view: the lines.
        mean: the least mean length of a keyword, as for `permuted-keywords`.
    """
    spans: list[tuple[int, int, int]] = []
    lines = _keyword_lines(view, mean)
    keyword_rows = {line.row for line in lines}
    for document, words in _by_document(view, lines).items():
        longest = sorted(words, key=len, reverse=True)[:MOST_KEYWORDS]
        spans += (span for span in _find_glued(view, document, longest) if span[0] not in keyword_rows)
    return ranges(spans)


def _keyword_lines(view: LineView, mean: float) -> list[KeywordLine]:
    """Take the view's keyword lines, which both detectors share, or find those of another mean length."""
    return view.keyword_lines if mean == MEAN_LENGTH else find_permuted(view, mean)


def _by_document(view: LineView, lines: Iterable[KeywordLine]) -> dict[int, set[str]]:
    """Collect the keywords of each document."""
    words: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        words[int(view.batch.documents[line.row])] |= {word for word in line.words if len(word) >= KEYWORD_LENGTH}
    return words


def _find_glued(view: LineView, document: int, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the line, start and stop of each word that stands glued in a document."""
    text = view.folded_text
    begin, end = view.batch.offsets[document : document + 2].tolist()
    for word in words:
        start = text.find(word, begin, end)
        while start >= 0:
            stop = start + len(word)
            row = view.row_at(start)
            while text.startswith(word, stop):
                stop += len(word)
            if _is_glued(text[max(view.starts[row], start - CLAUSE_LENGTH) : start], text[stop : stop + 1]):
                yield row, start, stop
            start = text.find(word, stop, end)


def _is_glued(before: str, after: str) -> bool:
    """Tell whether a word between these stands at the end of a clause of some length, wrongly."""
    return (
        len(before) == CLAUSE_LENGTH
        and after in _CLAUSE_ENDS
        and all("\u4e00" <= character <= "\u9fff" for character in before)
        and before[-1] not in _BEFORE_NAMES
    )
