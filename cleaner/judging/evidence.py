"""Collect what the rules of a pack say of a batch: matches of patterns and detections in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cleaner.detectors import DETECTORS
from cleaner.judging.bound_rules import BoundRules
from cleaner.judging.columns import CATEGORIES
from cleaner.judging.element_rules import ElementRules
from cleaner.rules.matcher import Matcher
from cleaner.rules.matches import merge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.detectors import Detections
    from cleaner.judging.analysis import Analysis
    from cleaner.judging.bound_rules import BoundIndices
    from cleaner.rules.matches import Matches
    from cleaner.rules.schema import Rule

_ZONES = ("head", "body", "tail")


@dataclass(frozen=True)
class RuleMatches:
    """Matches of all rules in one batch, detections included, one entry a match, ordered by place.

    Attributes:
        line: (n,) int64, index into `batch.starts`, -1 for a verdict on a whole document.
        rule: (n,) int64, index of the rule.
        start, stop: (n,) int64, range in `batch.text`.
        weight: (n,) float64, the rule's weight times how sure a detector is.
        new: what an action puts in the place of a range, by match; the others write nothing.
        overruns: rule id and first characters of texts on which a pattern ran out of time.
    """

    line: NDArray[np.int64]
    rule: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    weight: NDArray[np.float64]
    new: Mapping[int, str]
    overruns: tuple[tuple[str, str], ...] = ()

    def select(self, mask: NDArray[np.bool_]) -> RuleMatches:
        """Select the matches in `mask` (n,)."""
        index = mask.nonzero()[0]
        new = {after: self.new[before] for after, before in enumerate(index.tolist()) if before in self.new}
        return RuleMatches(
            self.line[index],
            self.rule[index],
            self.start[index],
            self.stop[index],
            self.weight[index],
            new,
            self.overruns,
        )


@dataclass(frozen=True)
class LineEvidence:
    """What the rules that drop say of each line.

    Attributes:
        total: (lines,) the sum of their weights, a rule counted once.
        strongest: (lines,) the greatest of their weights.
        categories: by category (lines,) the greatest weight, 0..1.
        is_kept: (lines,) whether a rule keeps a line, whatever speaks against it; then nothing does.
    """

    total: NDArray[np.float64]
    strongest: NDArray[np.float64]
    categories: Mapping[str, NDArray[np.float64]]
    is_kept: NDArray[np.bool_]


class CompiledRules:
    """The compiled rules of a pack, patterns and detectors alike."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.bound = BoundRules(self.rules)
        self.element_rules = ElementRules(self.rules)
        self.matcher = Matcher(self.bound.unbound)
        self.weights = np.array([rule.weight for rule in self.rules], dtype=np.float64)
        self.removes = np.array([rule.action == "drop" for rule in self.rules], dtype=np.bool_)
        self.keeps = np.array([rule.action == "keep" for rule in self.rules], dtype=np.bool_)
        self.zones = {name: np.array([rule.where == name for rule in self.rules], dtype=np.bool_) for name in _ZONES}
        self.is_bound = np.array([rule.is_bound for rule in self.rules], dtype=np.bool_)
        self.detecting = [index for index, rule in enumerate(self.rules) if rule.detector]
        number = {name: index for index, name in enumerate(CATEGORIES)}
        self.categories = np.array([number.get(rule.category, len(number)) for rule in self.rules], dtype=np.int64)

    def find(self, analysis: Analysis) -> RuleMatches:
        """Find all matches and detections in a batch, wherever they stand."""
        acting = self.bound.select(analysis.view, analysis.hosts)
        matches = self._match(analysis, acting)
        table = np.stack((matches.line, matches.rule, matches.start, matches.stop), axis=1)
        inside = self.element_rules.find(analysis, acting)
        plain = [(rows, self.weights[rows[:, 1]], [""] * len(rows)) for rows in (table, inside)]
        several = [*plain, *self._detect(analysis, acting)]
        rows = np.concatenate([table for table, _, _ in several])
        weight = np.concatenate([weight for _, weight, _ in several])
        new = [text for _, _, texts in several for text in texts]
        order = np.lexsort((rows[:, 1], rows[:, 3], rows[:, 2]))
        rows = rows[order]
        replacements = {after: new[before] for after, before in enumerate(order.tolist()) if new[before]}
        line, rule, start, stop = rows.T
        return RuleMatches(line, rule, start, stop, weight[order], replacements, matches.overruns)

    def find_in_zones(self, analysis: Analysis) -> RuleMatches:
        """Find the matches that stand where their rule looks."""
        matches = self.find(analysis)
        fits = np.ones(len(matches.line), dtype=np.bool_)
        for zone, looks_there in self.zones.items():
            in_zone = analysis.layout.zones[zone][matches.line]
            fits &= ~looks_there[matches.rule] | (matches.line < 0) | in_zone
        return matches if fits.all() else matches.select(fits)

    def without_bound(self, matches: RuleMatches) -> RuleMatches:
        """Leave out the matches of rules that are bound to hosts or frames."""
        is_bound = self.is_bound[matches.rule]
        return matches.select(~is_bound) if is_bound.any() else matches

    def weigh_lines(self, matches: RuleMatches, lines: int) -> LineEvidence:
        """Sum up for each of `lines` lines the matches of rules that drop; none on a line that a rule keeps."""
        is_kept = np.zeros(lines, dtype=np.bool_)
        is_kept[matches.line[(matches.line >= 0) & self.keeps[matches.rule]]] = True
        index = ((matches.line >= 0) & self.removes[matches.rule]).nonzero()[0]
        index = index[~is_kept[matches.line[index]]]
        pairs = matches.line[index] * len(self.rules) + matches.rule[index]
        index = index[np.unique(pairs, return_index=True)[1]]
        line, weight, category = matches.line[index], matches.weight[index], self.categories[matches.rule[index]]
        strongest = np.zeros(lines)
        np.maximum.at(strongest, line, weight)
        by_category = np.zeros((len(CATEGORIES) + 1, lines))
        np.maximum.at(by_category, (category, line), np.minimum(weight, 1.0))
        total = np.bincount(line, weights=weight, minlength=lines).astype(np.float64)
        return LineEvidence(total, strongest, dict(zip(CATEGORIES, by_category, strict=False)), is_kept)

    def _match(self, analysis: Analysis, acting: BoundIndices) -> Matches:
        """Find the matches of patterns: of rules for all, and of the bound ones that act on documents."""
        bound_matches = self.bound.find(analysis.batch, acting)
        return analysis.matches if bound_matches is None else merge([analysis.matches, bound_matches])

    def _detect(
        self, analysis: Analysis, acting: BoundIndices
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], Sequence[str]]]:
        """Yield line, rule, start and stop (n, 4), weights and replacements of each detector that finds something."""
        for index in self.detecting:
            rule = self.rules[index]
            acts = np.array([index in indices for indices in acting], dtype=np.bool_) if rule.is_bound else None
            if acts is not None and not acts.any():
                continue
            detections = DETECTORS[rule.detector].find(analysis.view, **rule.params)
            if acts is not None:
                detections = detections.select(acts[analysis.batch.document_at(detections.start)])
            if len(detections):
                yield self._rows(index, detections)

    def _rows(self, index: int, detections: Detections) -> tuple[NDArray[np.int64], NDArray[np.float64], Sequence[str]]:
        rule, count = self.rules[index], len(detections)
        score = np.ones(count) if detections.score is None else detections.score
        columns = (detections.line, np.full(count, index, dtype=np.int64), detections.start, detections.stop)
        return np.stack(columns, axis=1), rule.weight * score, detections.new or [rule.new] * count
