"""What the rules of a pack say about a block: pattern hits and detector hits in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import DETECTORS
from cleaner.judging.columns import CATEGORIES
from cleaner.rules.matcher import Matcher

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.schema import Rule
    from cleaner.text.lines import Block

_PLACES = ("head", "body", "tail")


@dataclass(frozen=True)
class Evidences:
    """Hits of all rules in one block, one entry a hit, ordered by place.

    `line` (hits,) int64: row of `block.starts`, -1 for a verdict on a whole document. `rule` (hits,) int64: index of
    the rule. `start`, `stop` (hits,) int64: range in `block.text`. `weight` (hits,) float64: the rule's weight times
    how sure a detector is. `new`: what an action puts in the place of a range, by hit; the others write nothing.
    `overruns`: (rule id, first characters) of texts on which a pattern ran out of time.
    """

    line: NDArray[np.int64]
    rule: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    weight: NDArray[np.float64]
    new: Mapping[int, str]
    overruns: tuple[tuple[str, str], ...] = ()

    def chosen(self, mask: NDArray[np.bool_]) -> Evidences:
        """Only the hits in `mask`."""
        at = np.flatnonzero(mask)
        moved = {new: self.new[int(old)] for new, old in enumerate(at) if int(old) in self.new} if self.new else {}
        return Evidences(
            self.line[at], self.rule[at], self.start[at], self.stop[at], self.weight[at], moved, self.overruns
        )

    def by_line(self, lines: int, removes: NDArray[np.bool_], categories: NDArray[np.int64]) -> Lines:
        """Sum up for each line the hits of rules in `removes` (rules,); `categories` (rules,) numbers theirs."""
        hits = np.flatnonzero((self.line >= 0) & removes[self.rule])
        hits = hits[np.unique(self.line[hits] * len(removes) + self.rule[hits], return_index=True)[1]]
        line, weight, category = self.line[hits], self.weight[hits], categories[self.rule[hits]]
        strongest = np.zeros(lines)
        np.maximum.at(strongest, line, weight)
        columns = np.zeros((len(CATEGORIES) + 1, lines))
        np.maximum.at(columns, (category, line), np.minimum(weight, 1.0))
        total = np.bincount(line, weights=weight, minlength=lines).astype(np.float64)
        return Lines(total, strongest, dict(zip(CATEGORIES, columns, strict=False)))


@dataclass(frozen=True)
class Lines:
    """What the rules that drop say of each line. `total` (lines,): the sum of their weights, a rule counted once.

    `strongest` (lines,): the greatest. `categories`: by category (lines,) the greatest weight, 0..1.
    """

    total: NDArray[np.float64]
    strongest: NDArray[np.float64]
    categories: Mapping[str, NDArray[np.float64]]


class Rules:
    """The compiled rules of a pack, patterns and detectors alike."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.matcher = Matcher(self.rules)
        self.weights = np.array([rule.weight for rule in self.rules], dtype=np.float64)
        self.removes = np.array([rule.action == "drop" for rule in self.rules], dtype=np.bool_)
        self.places = {name: np.array([rule.where == name for rule in self.rules], dtype=np.bool_) for name in _PLACES}
        number = {name: at for at, name in enumerate(CATEGORIES)}
        self.categories = np.array([number.get(rule.category, len(number)) for rule in self.rules], dtype=np.int64)

    def find(self, block: Block, folded: str) -> Evidences:
        """All that the rules say of a block; `folded` is its folded text."""
        hits = self.matcher.find(block, folded)
        table = np.stack((hits.line, hits.rule, hits.start, hits.stop), axis=1)
        parts = [(table, self.weights[hits.rule], [""] * len(table)), *self._detected(block, folded)]
        joined = np.concatenate([part for part, _, _ in parts])
        weight = np.concatenate([part for _, part, _ in parts])
        new = [text for _, _, texts in parts for text in texts]
        order = np.lexsort((joined[:, 1], joined[:, 3], joined[:, 2]))
        joined = joined[order]
        written = {at: new[old] for at, old in enumerate(order.tolist()) if new[old]}
        return Evidences(joined[:, 0], joined[:, 1], joined[:, 2], joined[:, 3], weight[order], written, hits.overruns)

    def _detected(
        self, block: Block, folded: str
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], Sequence[str]]]:
        for index, rule in enumerate(self.rules):
            if not rule.detector:
                continue
            found = DETECTORS[rule.detector](block, folded, rule.params)
            if not len(found):
                continue
            rules = np.full(len(found), index, dtype=np.int64)
            weight = rule.weight * (np.ones(len(found)) if found.score is None else found.score)
            new = found.new or [rule.new] * len(found)
            yield np.stack((found.line, rules, found.start, found.stop), axis=1), weight, new
