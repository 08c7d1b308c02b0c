"""Where the rules of a pack hit: one Aho-Corasick pass over a block, then only the candidate lines' own patterns.

The pass (Aho and Corasick 1975, as `ahocorasick_rs`) finds every rule's literals at once; a pattern runs only on lines
that hold one of its literals. Hits equal those of every pattern tried on every line.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.rules.pattern import compiled, compiled_unless, is_whole_line, triggers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.lines import Block
    from cleaner.rules.schema import Rule

TIME_LIMIT = 0.5
"""Seconds one pattern may take on one line or document before it is given up there."""

_EDGE = 6
"""How far from the line's start the first word of a whole-line rule may stand."""


class Hits(NamedTuple):
    """What `Matcher.find` found, one entry a hit, ordered by line, then rule, then place.

    `line` (n,) int64: index into the block's lines. `rule` (n,) int64: index into `Matcher.rules`.
    `start`, `stop` (n,) int64: the match in the block's text. A hit of scope "block" counts on each line it covers,
    one of scope "document" on the line it begins in.
    `overruns`: (rule id, first characters) of the texts on which a pattern ran out of time and was given up.
    """

    line: NDArray[np.int64]
    rule: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    overruns: tuple[tuple[str, str], ...] = ()


class Matcher:
    """The compiled pattern rules of `rules`; rules with a detector keep their index and never hit here."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        import numpy as np
        from ahocorasick_rs import AhoCorasick, Implementation

        self.rules = tuple(rules)
        owners: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for literal in triggers(rule):
                owners.setdefault(literal, []).append(index)
        self._automaton = AhoCorasick(list(owners) or ["\0"], implementation=Implementation.DFA)
        counts = [len(indexes) for indexes in owners.values()] or [0]
        self._owner_offsets = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        self._owners = np.fromiter(chain.from_iterable(owners.values()), dtype=np.int64)
        most = np.iinfo(np.int64).max
        longest = [rule.longest if rule.scope == "line" else most for rule in self.rules]
        self._longest = np.array(longest, dtype=np.int64)
        self._edge = np.array([_EDGE if is_whole_line(rule) else most for rule in self.rules], dtype=np.int64)
        self._wide = np.array([rule.scope in ("block", "document") for rule in self.rules], dtype=bool)
        self._patterns: dict[int, tuple[Any, tuple[Any, ...]]] = {}

    def find(self, block: Block, folded: str) -> Hits:
        """All hits in a block. `folded` is `conversion.fold(block.text)`."""
        import numpy as np

        lines, rules = self._candidates(block, folded)
        wide = self._wide[rules]
        overruns: list[tuple[str, str]] = []
        found = list(self._in_lines(block, folded, lines[~wide], rules[~wide], overruns))
        if wide.any():
            found += self._in_documents(block, folded, lines[wide], rules[wide], overruns)
            found.sort()
        table = np.fromiter(chain.from_iterable(found), dtype=np.int64).reshape(-1, 4).T
        return Hits(table[0], table[1], table[2], table[3], tuple(overruns))

    def _candidates(self, block: Block, folded: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of line and rule worth a pattern, ordered, each once."""
        import numpy as np

        raw = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        table = np.fromiter(chain.from_iterable(raw), dtype=np.int64, count=3 * len(raw)).reshape(-1, 3)
        literal, start, stop = table[:, 0], table[:, 1], table[:, 2]
        line = np.searchsorted(block.starts, start, side="right") - 1
        counts = self._owner_offsets[literal + 1] - self._owner_offsets[literal]
        which = np.repeat(np.arange(len(literal)), counts)
        first = np.repeat(self._owner_offsets[literal] - np.cumsum(counts) + counts, counts)
        rule = self._owners[first + np.arange(len(which))]
        line, start, stop = line[which], start[which], stop[which]
        # a literal of a block rule may cross a line break or stand in the white space around a line
        line = np.maximum(line, 0)
        inside = (stop <= block.stops[line]) & (start >= block.starts[line]) if len(line) else np.zeros(0, dtype=bool)
        fits = inside & (block.stops[line] - block.starts[line] <= self._longest[rule])
        fits &= start - block.starts[line] <= self._edge[rule]
        pairs = np.unique((line * len(self.rules) + rule)[fits | self._wide[rule]])
        return pairs // max(len(self.rules), 1), pairs % max(len(self.rules), 1)

    def _in_lines(
        self,
        block: Block,
        folded: str,
        lines: NDArray[np.int64],
        rules: NDArray[np.int64],
        overruns: list[tuple[str, str]],
    ) -> Iterator[tuple[int, int, int, int]]:
        last, at, text = -1, 0, ""
        for line, rule in zip(lines.tolist(), rules.tolist(), strict=True):
            if line != last:
                last, at = line, int(block.starts[line])
                text = folded[at : int(block.stops[line])]
            for start, stop in self._spans(rule, text, overruns):
                yield line, rule, at + start, at + stop

    def _in_documents(
        self,
        block: Block,
        folded: str,
        lines: NDArray[np.int64],
        rules: NDArray[np.int64],
        overruns: list[tuple[str, str]],
    ) -> Iterator[tuple[int, int, int, int]]:
        documents = block.documents[lines].tolist()
        for document, rule in sorted(set(zip(documents, rules.tolist(), strict=True))):
            at = int(block.offsets[document])
            text = folded[at : int(block.offsets[document + 1]) - 1]
            for start, stop in self._spans(rule, text, overruns):
                yield from self._covered(block, rule, at + start, at + stop)

    def _covered(self, block: Block, rule: int, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
        """A match over lines, as one hit a line (scope "block") or one hit (scope "document")."""
        import numpy as np

        first = int(np.searchsorted(block.stops, start, side="right"))
        after = int(np.searchsorted(block.starts, stop, side="left"))
        if self.rules[rule].scope == "document":
            yield min(first, len(block.starts) - 1), rule, start, stop
            return
        for line in range(first, after):
            yield line, rule, max(start, int(block.starts[line])), min(stop, int(block.stops[line]))

    def _spans(self, index: int, text: str, overruns: list[tuple[str, str]]) -> list[tuple[int, int]]:
        """The matches of one rule in one text: the first for scope "line" and "document", all for the others."""
        pattern, unless = self._patterns.get(index) or self._compile(index)
        rule = self.rules[index]
        try:
            if rule.scope in ("line", "document"):
                found = pattern.search(text, timeout=TIME_LIMIT)
                spans = [found.span()] if found else []
            else:
                spans = [m.span() for m in pattern.finditer(text, timeout=TIME_LIMIT) if m.end() > m.start()]
            if spans and any(other.search(text, timeout=TIME_LIMIT) for other in unless):
                return []
        except TimeoutError:
            overruns.append((rule.id, text[:40]))
            return []
        return spans

    def _compile(self, index: int) -> tuple[Any, tuple[Any, ...]]:
        made = self._patterns[index] = (compiled(self.rules[index]), compiled_unless(self.rules[index]))
        return made
