"""Find where the rules of a pack match: try the patterns of rules on their candidate lines.

Matches equal those of every pattern tried on every line that meets its rule's conditions.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.features.line_view import view_lines
from cleaner.rules.candidates import CandidateFinder
from cleaner.rules.matches import EarlierMatches, Matches, merge
from cleaner.rules.pattern import Pattern
from cleaner.text import lines
from cleaner.text.segments import run_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.features.line_view import LineView
    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Batch

    Indices = NDArray[np.int64]
    Spans = Callable[[str], list[tuple[int, int]]]
    _Match = tuple[int, int, int]
    """A rule, and start and stop of its match in a text."""

_CACHED_LINES, _CACHED_LENGTH = 1 << 14, 400
"""How many lines, of how many characters at most, are cached with their matches."""

_OVERRUN_LENGTH = 40
"""Characters of a text that are reported when a pattern runs out of time on it."""


class Matcher:
    """The compiled pattern rules of `rules`; rules with a detector keep their index and never match here."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.candidates = CandidateFinder(self.rules)
        is_wide = [rule.scope in ("block", "document") and not rule.detector for rule in self.rules]
        self._is_wide = np.array(is_wide, dtype=bool)
        self._spans: list[Spans] = [partial(self._compile_and_search, index) for index in range(len(self.rules))]
        self._cache: dict[str, list[_Match]] = {}

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
        batch, new_rows = view.batch, (earlier.rows < 0).nonzero()[0]
        several = [earlier.move(batch.starts)]
        if len(new_rows):
            bounds = zip(batch.starts[new_rows].tolist(), batch.stops[new_rows].tolist(), strict=True)
            new_lines = lines.join(["\n".join([batch.text[start:stop] for start, stop in bounds])])
            several.append(self._find(view_lines(new_lines)).move(new_rows, new_lines.starts, batch.starts))
        return merge(several)

    def _find(self, view: LineView) -> Matches:
        rows, rules = self.candidates.find(view)
        is_wide = self._is_wide[rules]
        overruns: list[tuple[str, str]] = []
        numbers = self._match_lines(view, rows[~is_wide], rules[~is_wide], overruns)
        if not is_wide.any():
            return Matches.of_numbers(numbers, overruns)
        for match in self._match_documents(view, rows[is_wide], rules[is_wide], overruns):
            numbers += match
        return merge([Matches.of_numbers(numbers, overruns)])

    def _match_lines(self, view: LineView, rows: Indices, rules: Indices, overruns: list[tuple[str, str]]) -> list[int]:
        """Try rules on lines: line, rule, start and stop of each match, one behind the other."""
        numbers: list[int] = []
        edges = np.append(run_starts(rows), len(rows))
        line_rows, text, starts, stops = rows[edges[:-1]].tolist(), view.folded_text, view.starts, view.stops
        lines = [text[starts[row] : stops[row]] for row in line_rows]
        matches, late = self._match_texts(lines, edges.tolist(), rules.tolist())
        for row, line in zip(line_rows, lines, strict=True):
            begin = starts[row]
            for rule, start, stop in matches[line]:
                numbers += (row, rule, begin + start, begin + stop)
        if late:
            overruns += [(self.rules[rule].id, line[:_OVERRUN_LENGTH]) for line in lines for rule in late.get(line, ())]
        return numbers

    def _match_texts(
        self, texts: Sequence[str], edges: Sequence[int], rules: Sequence[int]
    ) -> tuple[dict[str, list[_Match]], dict[str, list[int]]]:
        """Try on each different text its rules, those from one edge to the next; one rule after the other.

        A pattern is some tens of kilobytes, which stay in a core's cache while it is tried on all its texts.

        Returns:
            The matches of each text, in order of rules, and by text the rules that ran out of time on it.
        """
        matches: dict[str, list[_Match]] = {}
        texts_of_rule: dict[int, list[str]] = {}
        new_texts = []
        for text, (first, last) in zip(texts, pairwise(edges), strict=True):
            if text not in matches:
                cached = self._cache.get(text)
                matches[text] = [] if cached is None else cached
                if cached is None:
                    new_texts.append(text)
                    for rule in rules[first:last]:
                        texts_of_rule.setdefault(rule, []).append(text)
        late: dict[str, list[int]] = {}
        for rule in sorted(texts_of_rule):
            for text in texts_of_rule[rule]:
                try:
                    for start, stop in self._spans[rule](text):
                        matches[text].append((rule, start, stop))
                except TimeoutError:
                    late.setdefault(text, []).append(rule)
        self._remember({text: matches[text] for text in new_texts if text not in late})
        return matches, late

    def _remember(self, matches: Mapping[str, list[_Match]]) -> None:
        """Cache the matches of lines: sites print the same lines on every page, and what stays is judged again.

        A line on which a pattern runs out of time is not cached, so that it is reported for each document.
        """
        for text, text_matches in matches.items():
            if len(text) <= _CACHED_LENGTH:
                if len(self._cache) >= _CACHED_LINES:
                    self._cache.clear()
                self._cache[text] = text_matches

    def _match_documents(
        self, view: LineView, rows: Indices, rules: Indices, overruns: list[tuple[str, str]]
    ) -> Iterator[tuple[int, int, int, int]]:
        """Try rules on the whole documents of lines: line, rule, start and stop of each match."""
        offsets = view.batch.offsets.tolist()
        documents = view.batch.documents[rows].tolist()
        for document, rule in sorted(set(zip(documents, rules.tolist(), strict=True))):
            begin = offsets[document]
            text = view.folded_text[begin : offsets[document + 1] - 1]
            try:
                spans = self._spans[rule](text)
            except TimeoutError:
                overruns.append((self.rules[rule].id, text[:_OVERRUN_LENGTH]))
                continue
            for start, stop in spans:
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
