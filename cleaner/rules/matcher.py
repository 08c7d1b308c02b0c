"""Find where the rules of a pack match: one pass for all literals, then only the candidate lines' own patterns.

A pattern runs only on lines that hold its rule's literals. Matches equal those of every pattern tried on every line
that meets its rule's conditions.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.rules.literals import Literals
from cleaner.rules.matches import EarlierMatches, Matches, merge
from cleaner.rules.pattern import Pattern, is_whole_line, triggers
from cleaner.text import lines
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

    Indices = NDArray[np.int64]
    Spans = Callable[[str], list[tuple[int, int]]]

EDGE = 6
"""How many characters may stand before the first literal of a whole-line rule."""

_CACHED_LINES, _CACHED_LENGTH = 1 << 14, 400
"""How many lines, of how many characters at most, are cached with their matches."""

_BRIEF = 100
"""Lines of more characters that hold a full stop are prose: fewer rules are tried on them."""

_UNLIMITED = np.iinfo(np.int64).max
_OVERRUN_LENGTH = 40
"""Characters of a text that are reported when a pattern runs out of time on it."""


class _Calls(NamedTuple):
    """Literals that stand in lines of rules that have them: line, rule, start and stop of each, (n,) int64."""

    line: Indices
    rule: Indices
    start: Indices
    stop: Indices


class Matcher:
    """The compiled pattern rules of `rules`; rules with a detector keep their index and never match here."""

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
        longest = [rule.longest if rule.scope == "line" else _UNLIMITED for rule in self.rules]
        self._longest = np.array(longest, dtype=np.int64)
        self._reach = np.array([max(longest[i] for i in rules) for rules in owners.values()] or [0], dtype=np.int64)
        self._least = np.array([rule.least for rule in self.rules], dtype=np.int64)
        self._is_whole_line = np.array([is_whole_line(rule) for rule in self.rules], dtype=bool)
        within = [_UNLIMITED if rule.within is None else rule.within for rule in self.rules]
        self._within = np.minimum(within, np.where(self._is_whole_line, EDGE, _UNLIMITED))
        is_wide = [rule.scope in ("block", "document") and not rule.detector for rule in self.rules]
        self._is_wide = np.array(is_wide, dtype=bool)
        self._matches_prose = np.array([_can_match_prose(rule) for rule in self.rules], dtype=bool)
        self._spans: list[Spans] = [partial(self._compile_and_search, index) for index in range(len(self.rules))]
        self._cache: dict[str, list[tuple[int, int, int]]] = {}

    def find(self, view: LineView, earlier: EarlierMatches | None = None) -> Matches:
        """Find all matches in the lines of a batch.

        Args:
            view: the lines.
            earlier: what this matcher found in a batch that held some of the lines: taken from there. Rules over
                several lines may match anew where others went; with such all is looked for again.
        """
        if earlier is None or self._is_wide.any():
            return self._find(view)
        return self._find_new(view, earlier)

    def _find_new(self, view: LineView, earlier: EarlierMatches) -> Matches:
        """Find matches in lines that are new, and move those in the others."""
        batch, new_rows = view.batch, np.flatnonzero(earlier.rows < 0)
        several = [earlier.move(batch.starts)]
        if len(new_rows):
            bounds = zip(batch.starts[new_rows].tolist(), batch.stops[new_rows].tolist(), strict=True)
            new_lines = lines.join(["\n".join([batch.text[start:stop] for start, stop in bounds])])
            several.append(self._find(view_lines(new_lines)).move(new_rows, new_lines.starts, batch.starts))
        return merge(several)

    def _find(self, view: LineView) -> Matches:
        rows, rules = self._candidates(view)
        is_wide = self._is_wide[rules]
        overruns: list[tuple[str, str]] = []
        numbers = self._match_lines(view, rows[~is_wide], rules[~is_wide], overruns)
        if not is_wide.any():
            return Matches.of_numbers(numbers, overruns)
        for match in self._match_documents(view, rows[is_wide], rules[is_wide], overruns):
            numbers += match
        return merge([Matches.of_numbers(numbers, overruns)])

    def _candidates(self, view: LineView) -> tuple[Indices, Indices]:
        """Find the pairs of line and rule that are worth a pattern, ordered, each once."""
        batch, calls = view.batch, self._find_literals(view)
        key = calls.line * len(self.rules) + calls.rule
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = run_starts(key)
        if not len(first):
            return key, key
        line, rule = calls.line[order][first], calls.rule[order][first]
        times = np.diff(first, append=len(key))
        covered_characters = np.add.reduceat((calls.stop - calls.start)[order], first)
        begin = np.minimum.reduceat(calls.start[order], first) - batch.starts[line]
        is_candidate = (times >= self._least[rule]) & (begin <= self._within[rule])
        whole_lines = np.flatnonzero(is_candidate & self._is_whole_line[rule])
        is_candidate[whole_lines] = covered_characters[whole_lines] >= _count_letters(batch, line[whole_lines])
        return line[is_candidate], rule[is_candidate]

    def _find_literals(self, view: LineView) -> _Calls:
        """Find every literal for every rule that has it, where the line is not too long."""
        batch = view.batch
        literal, start = self.literals.find(view.codes)
        stop = start + self._lengths[literal]
        # a literal of a block rule may cross a line break, and one may stand in the white space before the first line
        line = np.maximum(np.searchsorted(batch.starts, start, side="right") - 1, 0)
        short = np.flatnonzero(batch.lengths[line] <= self._reach[literal])
        literal, line, start, stop = literal[short], line[short], start[short], stop[short]
        owner, rule = self._rules_of(literal)
        line, start, stop = line[owner], start[owner], stop[owner]
        is_inside = (stop <= batch.stops[line]) & (start >= batch.starts[line])
        length = batch.lengths[line]
        is_prose = (length > _BRIEF) & (view.characters.count("stop")[line] > 0)
        fits = is_inside & (length <= self._longest[rule]) & (self._matches_prose[rule] | ~is_prose)
        fits |= self._is_wide[rule]
        return _Calls(line[fits], rule[fits], start[fits], stop[fits])

    def _rules_of(self, literals: Indices) -> tuple[Indices, Indices]:
        """List the rules of each of some literals: (n,) indices of `literals`, and (n,) rules."""
        counts = self._owner_offsets[literals + 1] - self._owner_offsets[literals]
        owner = np.repeat(np.arange(len(literals)), counts)
        begin = np.repeat(self._owner_offsets[literals] - np.cumsum(counts) + counts, counts)
        return owner, self._owners[begin + np.arange(len(owner))]

    def _match_lines(self, view: LineView, rows: Indices, rules: Indices, overruns: list[tuple[str, str]]) -> list[int]:
        """Try rules on lines: line, rule, start and stop of each match, one behind the other."""
        numbers: list[int] = []
        edges = np.append(run_starts(rows), len(rows))
        called_rules, cache, folded = rules.tolist(), self._cache, view.folded_text
        starts, stops = view.starts, view.stops
        for row, (first, last) in zip(rows[edges[:-1]].tolist(), pairwise(edges.tolist()), strict=True):
            begin = starts[row]
            text = folded[begin : stops[row]]
            matches = cache.get(text)
            if matches is None:
                matches = self._try_and_cache(called_rules[first:last], text, overruns)
            for rule, start, stop in matches:
                numbers += (row, rule, begin + start, begin + stop)
        return numbers

    def _try_and_cache(
        self, rules: Sequence[int], text: str, overruns: list[tuple[str, str]]
    ) -> list[tuple[int, int, int]]:
        """Try rules on a line and cache it: sites print the same lines on every page, and what stays is judged again.

        A line on which a pattern runs out of time is not cached, so that it is reported for each document.
        """
        overruns_before = len(overruns)
        matches = self._try(rules, text, overruns)
        if len(overruns) == overruns_before and len(text) <= _CACHED_LENGTH:
            if len(self._cache) >= _CACHED_LINES:
                self._cache.clear()
            self._cache[text] = matches
        return matches

    def _try(self, rules: Sequence[int], text: str, overruns: list[tuple[str, str]]) -> list[tuple[int, int, int]]:
        """Try rules on one text: rule, start and stop of their matches."""
        matches: list[tuple[int, int, int]] = []
        for rule in rules:
            try:
                for start, stop in self._spans[rule](text):
                    matches.append((rule, start, stop))
            except TimeoutError:
                overruns.append((self.rules[rule].id, text[:_OVERRUN_LENGTH]))
        return matches

    def _match_documents(
        self, view: LineView, rows: Indices, rules: Indices, overruns: list[tuple[str, str]]
    ) -> Iterator[tuple[int, int, int, int]]:
        """Try rules on the whole documents of lines: line, rule, start and stop of each match."""
        offsets = view.batch.offsets.tolist()
        documents = view.batch.documents[rows].tolist()
        for document, rule in sorted(set(zip(documents, rules.tolist(), strict=True))):
            begin = offsets[document]
            text = view.folded_text[begin : offsets[document + 1] - 1]
            for _, start, stop in self._try([rule], text, overruns):
                yield from self._by_line(view.batch, rule, begin + start, begin + stop)

    def _by_line(self, batch: Batch, rule: int, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
        """Turn a match over lines into one a line (scope "block") or one (scope "document")."""
        first = int(np.searchsorted(batch.stops, start, side="right"))
        after = int(np.searchsorted(batch.starts, stop, side="left"))
        if self.rules[rule].scope == "document":
            yield min(first, len(batch.starts) - 1), rule, start, stop
            return
        for row in range(first, after):
            yield row, rule, max(start, int(batch.starts[row])), min(stop, int(batch.stops[row]))

    def _compile_and_search(self, rule: int, text: str) -> list[tuple[int, int]]:
        """Compile one rule and search a text for it; stands in for the rule's pattern until that is first needed."""
        self._spans[rule] = Pattern(self.rules[rule]).spans
        return self._spans[rule](text)


_SET = re.compile(r"\[[^\[\]\\^]+\]")


def _can_match_prose(rule: Rule) -> bool:
    """Tell whether a rule can match a long line that holds a full stop."""
    excepts_stops = any(_SET.fullmatch(pattern) and "。" in pattern for pattern in rule.unless)
    return rule.scope != "line" or (rule.longest > _BRIEF and not excepts_stops)


def _count_letters(batch: Batch, rows: Indices) -> Indices:
    """Count the Han and ASCII letters of some lines, (n,): a whole-line rule must cover them with literals."""
    rows, inverse = np.unique(rows, return_inverse=True)
    lengths = batch.lengths[rows]
    begins = np.cumsum(lengths) - lengths
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
