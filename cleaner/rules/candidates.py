"""Find the lines on which a rule's pattern is worth trying: one pass over a batch for the literals of all rules."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.rules.literals import Literals
from cleaner.rules.pattern import is_whole_line, triggers
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

    Indices = NDArray[np.int64]

EDGE = 6
"""How many characters may stand before the first literal of a whole-line rule."""

_BRIEF = 100
"""Lines of more characters that hold a full stop are prose: fewer rules are tried on them."""

_NO_LIMIT = np.iinfo(np.int64).max


class _Calls(NamedTuple):
    """Literals that stand in lines of rules that have them: line, rule, start and stop of each, (n,) int64."""

    line: Indices
    rule: Indices
    start: Indices
    stop: Indices


class CandidateFinder:
    """The literals of `rules` and the conditions on where they stand; rules with a detector have no candidates."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        owners: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for literal in triggers(rule):
                owners.setdefault(literal, []).append(index)
        self.literals = Literals(list(owners))
        self._lengths = np.array([len(word) for word in owners] or [1], dtype=np.int64)
        counts = [len(indexes) for indexes in owners.values()] or [0]
        self._owner_offsets = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        self._owners = np.fromiter(chain.from_iterable(owners.values()), dtype=np.int64)
        longest = [rule.longest if rule.scope == "line" else _NO_LIMIT for rule in self.rules]
        self._longest = np.array(longest, dtype=np.int64)
        self._reach = np.array([max(longest[i] for i in rules) for rules in owners.values()] or [0], dtype=np.int64)
        self._least = np.array([rule.least for rule in self.rules], dtype=np.int64)
        self._is_whole_line = np.array([is_whole_line(rule) for rule in self.rules], dtype=bool)
        within = [_NO_LIMIT if rule.within is None else rule.within for rule in self.rules]
        self._within = np.minimum(within, np.where(self._is_whole_line, EDGE, _NO_LIMIT))
        is_wide = [rule.scope in ("block", "document") and not rule.detector for rule in self.rules]
        self._is_wide = np.array(is_wide, dtype=bool)
        self._matches_prose = np.array([_can_match_prose(rule) for rule in self.rules], dtype=bool)
        is_in_prose = [any(self._matches_prose[rules]) for rules in owners.values()] or [False]
        self._is_in_prose = np.array(is_in_prose, dtype=bool)

    def find(self, view: LineView) -> tuple[Indices, Indices]:
        """Find the pairs of line and rule that are worth a pattern, ordered, each once: two arrays (n,)."""
        batch, calls = view.batch, self._find_literals(view)
        key = calls.line * len(self.rules) + calls.rule
        order = key.argsort(kind="stable")
        key = key[order]
        first = run_starts(key)
        if not len(first):
            return key, key
        line, rule = calls.line[order][first], calls.rule[order][first]
        times = np.diff(first, append=len(key))
        covered_characters = np.add.reduceat((calls.stop - calls.start)[order], first)
        begin = np.minimum.reduceat(calls.start[order], first) - batch.starts[line]
        is_candidate = (times >= self._least[rule]) & (begin <= self._within[rule])
        whole_lines = (is_candidate & self._is_whole_line[rule]).nonzero()[0]
        is_candidate[whole_lines] = covered_characters[whole_lines] >= _count_letters(batch, line[whole_lines])
        return line[is_candidate], rule[is_candidate]

    def _find_literals(self, view: LineView) -> _Calls:
        """Find every literal for every rule that has it, where the line is not too long."""
        batch = view.batch
        literal, start = self.literals.find(view.codes)
        stop = start + self._lengths[literal]
        # a literal of a block rule may cross a line break, and one may stand in the white space before the first line
        line = np.maximum(np.searchsorted(batch.starts, start, side="right") - 1, 0)
        is_prose = (batch.lengths > _BRIEF) & (view.characters.count("stop") > 0)
        length = batch.lengths.take(line)
        could_match = length <= self._reach.take(literal)
        could_match &= self._is_in_prose.take(literal) | ~is_prose.take(line)
        rows = could_match.nonzero()[0]
        literal, line, start, stop = literal.take(rows), line.take(rows), start.take(rows), stop.take(rows)
        owner, rule = self._rules_of(literal)
        line, start, stop = line.take(owner), start.take(owner), stop.take(owner)
        fits = (stop <= batch.stops.take(line)) & (start >= batch.starts.take(line))
        fits &= length.take(rows).take(owner) <= self._longest.take(rule)
        fits &= self._matches_prose.take(rule) | ~is_prose.take(line)
        fits |= self._is_wide.take(rule)
        return _Calls(line[fits], rule[fits], start[fits], stop[fits])

    def _rules_of(self, literals: Indices) -> tuple[Indices, Indices]:
        """List the rules of each of some literals: (n,) indices of `literals`, and (n,) rules."""
        counts = self._owner_offsets[literals + 1] - self._owner_offsets[literals]
        owner = np.repeat(np.arange(len(literals)), counts)
        begin = np.repeat(self._owner_offsets[literals] - counts.cumsum() + counts, counts)
        return owner, self._owners[begin + np.arange(len(owner))]


_SET = re.compile(r"\[[^\[\]\\^]+\]")


def _can_match_prose(rule: Rule) -> bool:
    """Tell whether a rule can match a long line that holds a full stop."""
    excepts_stops = any(_SET.fullmatch(pattern) and "。" in pattern for pattern in rule.unless)
    return rule.scope != "line" or (rule.longest > _BRIEF and not excepts_stops)


def _count_letters(batch: Batch, rows: Indices) -> Indices:
    """Count the Han and ASCII letters of some lines, (n,): a whole-line rule must cover them with literals."""
    rows, inverse = np.unique(rows, return_inverse=True)
    lengths = batch.lengths[rows]
    begins = lengths.cumsum() - lengths
    codes = batch.codes[np.repeat(batch.starts[rows] - begins, lengths) + np.arange(lengths.sum())]
    is_letter = _is_han(codes) | _is_ascii_letter(codes)
    counts: Indices = np.add.reduceat(is_letter, begins, dtype=np.int64)[inverse] if len(rows) else begins
    return counts


def _is_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Mark U+3400 to U+9FFF; below, the difference wraps around to large numbers."""
    return (codes - np.uint32(0x3400)) < np.uint32(0x6C00)


def _is_ascii_letter(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Mark A to Z and a to z, which differ in one bit."""
    return ((codes | np.uint32(0x20)) - np.uint32(ord("a"))) < np.uint32(26)
