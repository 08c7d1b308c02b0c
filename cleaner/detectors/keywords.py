"""Keyword lines for search engines, known by their permutation; and keywords put into prose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.detectors import line_view
from cleaner.detectors.api import Found, Params, ranges, whole
from cleaner.text import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors.line_view import Shape
    from cleaner.text.lines import Block

MOST = 100
STRONG, WEAK = "_|", ",、/-·"
MARKS = frozenset(STRONG + WEAK)


class _Candidate(NamedTuple):
    line: int
    separator: str
    tokens: tuple[str, ...]


def permuted_keywords(block: Block, folded: str, params: Params) -> Found:
    """Whole lines of keywords whose set comes back in another order elsewhere in the document.

    Seen: `A_B_C` between paragraphs, then `C_A_B`, `B_C_A`; also picks of three from a pool of more. Lines of one
    group must stand apart (the output of a program that lists permutations stands together).
    `params`: `mean` (4) is the least mean length of a token.
    """
    made = line_view.of(block, folded)
    return whole(block, sorted(c.line for c in _permuted(made, float(params.get("mean", 4)))))


def keyword_insertion(block: Block, folded: str, params: Params) -> Found:
    """Spans in prose: a keyword of the page's own permuted lines glued in before a comma or period.

    A keyword stands wrongly where a clause ends with it and the character before it is Han, no list mark, no
    particle: `…核心引领极KEYWORD，`; in lists (`…、KEYWORD和…`) the same word stays.
    `params`: `mean` as in `permuted_keywords`.
    """
    made = line_view.of(block, folded)
    hits: list[tuple[int, int, int]] = []
    spam = _permuted(made, float(params.get("mean", 4)))
    junk = {candidate.line for candidate in spam}
    for document, words in _by_document(made, spam).items():
        hits += _glued(made, document, sorted(words, key=len, reverse=True)[:MOST], junk)
    return ranges(hits)


def _permuted(made: Shape, mean: float) -> list[_Candidate]:
    """The candidates that are permuted keyword lines; found once for both detectors."""
    key = f"permuted {mean}"
    if key not in made.memory:
        made.memory[key] = _search(made, mean)
    found: list[_Candidate] = made.memory[key]
    return found


def _search(made: Shape, mean: float) -> list[_Candidate]:
    by_document = defaultdict(list)
    for candidate in _candidates(made, mean):
        by_document[int(made.block.documents[candidate.line]), candidate.separator].append(candidate)
    hits: list[_Candidate] = []
    for group in by_document.values():
        if len(group) > 1:
            hits += _spam(group)
    return hits


def _candidates(made: Shape, mean: float) -> Iterator[_Candidate]:
    marks = made.count(line_view.SEPARATOR | line_view.COMMA)
    marks = np.where(marks > 0, marks, made.count(line_view.SPACE))
    fits = (marks > 0) & (made.lengths <= 160) & (made.lengths >= (marks + 1) * mean)
    fits &= made.count(line_view.HAN) * 2 > made.lengths
    fits &= made.characters.of("stop", "end", "colon") == 0
    fits &= _promising(made, fits)
    for line in np.flatnonzero(fits).tolist():
        text = made.text(line)
        separator = max(STRONG + WEAK, key=text.count) if set(text) & MARKS else " "
        tokens = tuple(token for token in map(str.strip, text.split(separator)) if token)
        if len(tokens) >= (2 if separator in STRONG else 3) and len(set(tokens)) == len(tokens):
            yield _Candidate(line, separator, tokens)


def _promising(made: Shape, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Lines of documents with two different lines of the same characters; lines with strong marks of others."""
    block, size = made.block, len(made.block.texts)
    lines = np.flatnonzero(fits)
    alike = (block.documents[lines] * 256 + made.lengths[lines]) * 256 + made.count(line_view.HAN)[lines]
    lines = lines[hashing.repeated(alike)]
    keys = hashing.bags(made.codes, block.starts[lines], block.stops[lines]) + hashing.spread(block.documents[lines])
    order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    left, right = lines[order[:-1][same]], lines[order[1:][same]]
    permuted = np.zeros(size, dtype=bool)
    permuted[block.documents[left[made.previous[right] != left]]] = True
    strong = made.marks(STRONG) > 1
    strong &= fits
    many = np.bincount(block.documents[strong], minlength=size) > 3
    promising: NDArray[np.bool_] = permuted[block.documents] | (strong & many[block.documents])
    return promising


def _spam(group: Sequence[_Candidate]) -> list[_Candidate]:
    """Of one document's candidates with one separator: those that permute others, and those of their tokens."""
    orders = defaultdict(list)
    for candidate in group:
        orders[frozenset(candidate.tokens)].append(candidate)
    pool: set[str] = set()
    for tokens, same in orders.items():
        if len({c.tokens for c in same}) > 1 and _apart(same):
            pool |= tokens
    if not pool and group[0].separator in STRONG:
        pool = _recurring(group)
    return [c for c in group if pool.issuperset(c.tokens)] if pool else []


def _recurring(group: Sequence[_Candidate]) -> set[str]:
    """Tokens of picks from a pool: each in three lines or more, in lines of three tokens or more, none the same."""
    counts = Counter(token for candidate in group for token in candidate.tokens)
    picks = [c for c in group if len(c.tokens) > 2 and all(counts[token] > 2 for token in c.tokens)]
    different = {c.tokens[0] for c in picks}
    return {t for c in picks for t in c.tokens} if len(picks) > 3 and len(different) > 2 and _apart(picks) else set()


def _apart(same: Sequence[_Candidate]) -> bool:
    """Whether other lines stand between these."""
    return same[-1].line - same[0].line >= len(same)


def _by_document(made: Shape, spam: Iterable[_Candidate]) -> dict[int, set[str]]:
    words: dict[int, set[str]] = defaultdict(set)
    for candidate in spam:
        words[int(made.block.documents[candidate.line])] |= {t for t in candidate.tokens if len(t) > 3}
    return words


# What may stand before a name in good grammar: particles, prepositions, conjunctions, and verbs of one character.
_BEFORE = frozenset(
    "的了着过和与及或同跟是为在对把将被从由向到至于以用按让使给比如即而且等这那该此其各每某有无入进出去来"
)


def _glued(made: Shape, document: int, words: Sequence[str], junk: set[int]) -> Iterator[tuple[int, int, int]]:
    block, folded = made.block, made.folded
    begin, end = int(block.offsets[document]), int(block.offsets[document + 1])
    for word in words:
        at = folded.find(word, begin, end)
        while at >= 0:
            stop = at + len(word)
            line = made.line(at)
            while folded.startswith(word, stop):
                stop += len(word)
            if line not in junk and _wrong(folded, made.starts[line], at, stop):
                yield line, at, stop
            at = folded.find(word, stop, end)


def _wrong(folded: str, start: int, at: int, stop: int) -> bool:
    """Whether the word at `at:stop` is glued to the end of a clause of some length."""
    before = folded[max(start, at - 4) : at]
    return (
        len(before) == 4
        and folded[stop : stop + 1] in {",", "。", ";"}
        and all("\u4e00" <= character <= "\u9fff" for character in before)
        and before[-1] not in _BEFORE
    )
