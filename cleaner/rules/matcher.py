"""Where the rules of a pack hit: one pass over a block for all literals, then only the candidate lines' own patterns.

A pattern runs only on lines that hold its rule's literals. Hits equal those of every pattern tried on every line that
meets its rule's conditions.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.features import counts as characters
from cleaner.rules.literals import Literals
from cleaner.rules.matches import Hits, Known, joined
from cleaner.rules.pattern import Pattern, is_whole_line, triggers
from cleaner.text.lines import block as block_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Block, Carried

    Spans = Callable[[str], list[tuple[int, int]]]

_KNOWN, _SHORT = 1 << 14, 400
"""How many lines, of how many characters at most, are kept with their hits."""

EDGE = 6
"""How many characters may stand before the first literal of a whole-line rule."""

_BRIEF = 100
"""Lines of more characters that hold a full stop are prose: fewer rules are tried on them."""


class Matcher:
    """The compiled pattern rules of `rules`; rules with a detector keep their index and never hit here."""

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
        most = np.iinfo(np.int64).max
        longest = [rule.longest if rule.scope == "line" else most for rule in self.rules]
        self._longest = np.array(longest, dtype=np.int64)
        self._reach = np.array([max(longest[i] for i in rules) for rules in owners.values()] or [0], dtype=np.int64)
        self._least = np.array([rule.least for rule in self.rules], dtype=np.int64)
        self._whole = np.array([is_whole_line(rule) for rule in self.rules], dtype=bool)
        within = [most if rule.within is None else rule.within for rule in self.rules]
        self._within = np.minimum(within, np.where(self._whole, EDGE, most))
        wide = [rule.scope in ("block", "document") and not rule.detector for rule in self.rules]
        self._wide = np.array(wide, dtype=bool)
        self._of_prose = np.array([_hits_prose(rule) for rule in self.rules], dtype=bool)
        self._spans: list[Spans] = [partial(self._compiled, index) for index in range(len(self.rules))]
        self._known: dict[str, list[tuple[int, int, int]]] = {}

    def find(self, block: Block, folded: str) -> Hits:
        """All hits in a block, kept with it. `folded` is `fold(block.text)`.

        Hits in lines carried over from an earlier block that this matcher has seen are taken from there.
        """
        known: Known | None = block.carried and block.carried.found
        if block.carried and known and known.matcher is self and not self._wide.any():
            known = Known(self, self._with_carried(block, folded, known.hits, block.carried))
        else:
            known = Known(self, self._find(block, folded))
        vars(block)["found"] = known
        return known.hits

    def _with_carried(self, block: Block, folded: str, known: Hits, carried: Carried) -> Hits:
        old, fresh = np.flatnonzero(carried.rows >= 0), np.flatnonzero(carried.rows < 0)
        row = np.full(len(carried.starts), -1)
        row[carried.rows[old]] = old
        parts = [known.moved(row, carried.starts, block.starts)]
        if len(fresh):
            bounds = list(zip(block.starts[fresh].tolist(), block.stops[fresh].tolist(), strict=True))
            part = block_of(["\n".join([block.text[start:stop] for start, stop in bounds])])
            hits = self._find(part, "\n".join([folded[start:stop] for start, stop in bounds]))
            part.forget("characters")
            parts.append(hits.moved(fresh, part.starts, block.starts))
        return joined(parts)

    def _find(self, block: Block, folded: str) -> Hits:
        lines, rules = self._candidates(block, folded)
        wide = self._wide[rules]
        overruns: list[tuple[str, str]] = []
        found = self._in_lines(block, folded, lines[~wide], rules[~wide], overruns)
        if wide.any():
            found += chain.from_iterable(self._in_documents(block, folded, lines[wide], rules[wide], overruns))
        table = np.array(found, dtype=np.int64).reshape(-1, 4).T
        table = table[:, np.lexsort(table[::-1])] if wide.any() else table
        return Hits(table[0], table[1], table[2], table[3], tuple(overruns))

    def _candidates(self, block: Block, folded: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of line and rule worth a pattern, ordered, each once."""
        line, rule, start, stop = self._called(block, folded)
        key = line * len(self.rules) + rule
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        if not len(first):
            return key, key
        line, rule = line[order][first], rule[order][first]
        times = np.diff(first, append=len(key))
        covered = np.add.reduceat((stop - start)[order], first)
        begin = np.minimum.reduceat(start[order], first) - block.starts[line]
        worth = (times >= self._least[rule]) & (begin <= self._within[rule])
        whole = np.flatnonzero(worth & self._whole[rule])
        worth[whole] = covered[whole] >= _letters(block, line[whole])
        return line[worth], rule[worth]

    def _called(self, block: Block, folded: str) -> tuple[NDArray[np.int64], ...]:
        """Line, rule, start and stop of every literal for every rule that has it, where the line is not too long."""
        counted = characters.of(block, folded)
        literal, start = self.literals.find(counted.codes)
        stop = start + self._lengths[literal]
        # a literal of a block rule may cross a line break, and one may stand in the white space before the first line
        line = np.maximum(np.searchsorted(block.starts, start, side="right") - 1, 0)
        length = block.stops[line] - block.starts[line]
        short = np.flatnonzero(length <= self._reach[literal])
        literal, line, start, stop = literal[short], line[short], start[short], stop[short]
        counts = self._owner_offsets[literal + 1] - self._owner_offsets[literal]
        which = np.repeat(np.arange(len(literal)), counts)
        begin = np.repeat(self._owner_offsets[literal] - np.cumsum(counts) + counts, counts)
        rule = self._owners[begin + np.arange(len(which))]
        line, start, stop = line[which], start[which], stop[which]
        inside = (stop <= block.stops[line]) & (start >= block.starts[line])
        length = block.stops[line] - block.starts[line]
        prose = (length > _BRIEF) & (counted.of("stop")[line] > 0)
        fits = inside & (length <= self._longest[rule]) & (self._of_prose[rule] | ~prose) | self._wide[rule]
        return line[fits], rule[fits], start[fits], stop[fits]

    def _in_lines(
        self,
        block: Block,
        folded: str,
        lines: NDArray[np.int64],
        rules: NDArray[np.int64],
        overruns: list[tuple[str, str]],
    ) -> list[int]:
        """Line, rule, start and stop of each hit, one behind the other."""
        hits: list[int] = []
        edges = np.flatnonzero(np.diff(lines, prepend=-1, append=-1))
        at = lines[edges[:-1]]
        rows = zip(at.tolist(), block.starts[at].tolist(), block.stops[at].tolist(), strict=True)
        called, known = rules.tolist(), self._known
        for (line, begin, end), (first, last) in zip(rows, pairwise(edges.tolist()), strict=True):
            text = folded[begin:end]
            found = known.get(text)
            if found is None:
                given_up = len(overruns)
                found = self._tried(called[first:last], text, overruns)
                self._remember(text, found if len(overruns) == given_up else None)
            for rule, start, stop in found:
                hits += (line, rule, begin + start, begin + stop)
        return hits

    def _tried(self, rules: Sequence[int], text: str, overruns: list[tuple[str, str]]) -> list[tuple[int, int, int]]:
        """Rule, start and stop of the matches of these rules in one text."""
        found: list[tuple[int, int, int]] = []
        for rule in rules:
            try:
                for start, stop in self._spans[rule](text):
                    found.append((rule, start, stop))
            except TimeoutError:
                overruns.append((self.rules[rule].id, text[:40]))
        return found

    def _remember(self, text: str, found: list[tuple[int, int, int]] | None) -> None:
        """Keep what was found in a line: sites print the same ones on every page, and what stays is judged again."""
        if found is not None and len(text) <= _SHORT:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[text] = found

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
            for _, start, stop in self._tried([rule], text, overruns):
                yield from self._covered(block, rule, at + start, at + stop)

    def _covered(self, block: Block, rule: int, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
        """A match over lines, as one hit a line (scope "block") or one hit (scope "document")."""
        first = int(np.searchsorted(block.stops, start, side="right"))
        after = int(np.searchsorted(block.starts, stop, side="left"))
        if self.rules[rule].scope == "document":
            yield min(first, len(block.starts) - 1), rule, start, stop
            return
        for line in range(first, after):
            yield line, rule, max(start, int(block.starts[line])), min(stop, int(block.stops[line]))

    def _compiled(self, rule: int, text: str) -> list[tuple[int, int]]:
        """The matches of one rule in one text: the first for scope "line" and "document", all for the others.

        Stands in for the rule's pattern until that is first asked for.
        """
        self._spans[rule] = Pattern(self.rules[rule]).spans
        return self._spans[rule](text)


def _hits_prose(rule: Rule) -> bool:
    """Whether a rule can hit a long line that holds a full stop."""
    excepted = any(_SET.fullmatch(pattern) and "。" in pattern for pattern in rule.unless)
    return rule.scope != "line" or (rule.longest > _BRIEF and not excepted)


_SET = re.compile(r"\[[^\[\]\\^]+\]")


def _letters(block: Block, lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of Han and ASCII letters in each of these lines: a whole-line rule must cover them with literals."""
    lines, back = np.unique(lines, return_inverse=True)
    lengths = block.stops[lines] - block.starts[lines]
    begins = np.cumsum(lengths) - lengths
    codes = block.codes[np.repeat(block.starts[lines] - begins, lengths) + np.arange(lengths.sum())]
    letter = ((codes - np.uint32(0x3400)) < 0x6C00) | (((codes | np.uint32(32)) - np.uint32(97)) < 26)
    counted: NDArray[np.int64] = np.add.reduceat(letter, begins, dtype=np.int64)[back] if len(lines) else begins
    return counted
