"""Run the cases that rules carry: each rule on its own, then all rules on every text that some rule must leave."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cleaner.features.elements import leads_inside
from cleaner.features.line_view import view_lines
from cleaner.model import Edit, Span
from cleaner.normalization.script.folding import fold
from cleaner.rules.matcher import Matcher
from cleaner.rules.pattern import Pattern
from cleaner.rules.schema import DROP_SCORE, Change, Rule, RulePack, text_of
from cleaner.text import edits, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.features.line_view import LineView


_BATCH = 64
"""Texts that are matched together: enough to be fast, few enough for little memory."""


class CaseFailure(NamedTuple):
    """A case that fails. `key`: "drops", "keeps", or "keeps of <rule>" for a text of another rule."""

    rule: str
    key: str
    text: str
    message: str


class CaseMatch(NamedTuple):
    """A match of one rule in one case. `line` counts the case's non-blank lines from 0; `span` lies in the case."""

    rule: int
    line: int
    span: Span
    new: str


def run_cases(pack: RulePack) -> tuple[CaseFailure, ...]:
    """Run all cases of a pack and return those that fail.

    A rule must hit each of its `drops` (and leave `after` where one is given) and none of its `keeps`. Together, the
    rules must not bring down a line of any rule's `keeps`: their weights on a line stay below 1.0, place left out, or a
    rule keeps it. A rule that keeps lines hits its `keeps` and none of its `drops`. A rule that is bound to hosts, or
    to a frame, is tried on the `keeps` of rules bound to the same ones. A rule that names elements is tried on its own
    cases alone: each a line behind the path to where it stands, `div.side > ul > li a: 标题`.
    """
    texts = list(dict.fromkeys(text for rule in pack.rules for text in (*map(text_of, rule.drops), *rule.keeps)))
    matches = dict(zip(texts, find_matches(pack.rules, texts), strict=True))
    return (*_check_rules(pack.rules, matches), *_check_together(pack.rules, matches))


def count_cases(pack: RulePack) -> int:
    """Count the cases in a pack."""
    return sum(len(rule.drops) + len(rule.keeps) for rule in pack.rules)


def find_matches(rules: Sequence[Rule], texts: Sequence[str]) -> list[list[CaseMatch]]:
    """Find the matches of all rules, detectors included, in each text taken as a document of its own."""
    batch = lines.join(texts)
    view = view_lines(batch)
    matches = Matcher(rules).find(view)
    table = zip(*(column.tolist() for column in matches[:4]), strict=True)
    rows = [(rule, line, start, stop, rules[rule].new) for line, rule, start, stop in table]
    for index, rule in enumerate(rules):
        rows += [(index, *row) for row in _detect(rule, view)]
    first = {document: line for line, document in reversed(list(enumerate(batch.documents.tolist())))}
    offsets = batch.offsets.tolist()
    result: list[list[CaseMatch]] = [[] for _ in texts]
    for number, line, start, stop, new in sorted(rows, key=lambda row: (row[2], row[3], row[0])):
        document = _document(offsets, start)
        span = Span(start - offsets[document], stop - offsets[document])
        result[document].append(CaseMatch(number, line - first[document], span, new))
    return result


def find_unused(rules: Sequence[Rule], texts: Sequence[str]) -> list[Rule]:
    """List the rules, detectors included, that match none of the texts; those that name elements match no text."""
    matching: set[int] = set()
    for start in range(0, len(texts), _BATCH):
        matching |= {match.rule for matches in find_matches(rules, texts[start : start + _BATCH]) for match in matches}
    return [rule for index, rule in enumerate(rules) if index not in matching]


def _document(offsets: Sequence[int], position: int) -> int:
    from bisect import bisect_right

    return min(bisect_right(offsets, position) - 1, len(offsets) - 2)


def _detect(rule: Rule, view: LineView) -> Iterator[tuple[int, int, int, str]]:
    if not rule.detector:
        return
    from cleaner.detectors import DETECTORS

    detections = DETECTORS[rule.detector].find(view, **rule.params)
    new = detections.new or [""] * len(detections)
    yield from zip(detections.line.tolist(), detections.start.tolist(), detections.stop.tolist(), new, strict=True)


def stands_inside(rule: Rule, case: str) -> bool:
    """Tell whether a rule that names elements hits a case: a path, `: ` and the line that stands there."""
    path, mark, line = case.partition(": ")
    is_inside = any(leads_inside(path, element) for element in rule.elements)
    return bool(mark) and is_inside and len(line) <= rule.longest and bool(Pattern(rule).spans(fold(line)))


def _check_element_rule(rule: Rule) -> Iterator[CaseFailure]:
    match_key, other_key = ("keeps", "drops") if rule.action == "keep" else ("drops", "keeps")
    for case in rule.matching_cases:
        if not stands_inside(rule, text_of(case)):
            yield CaseFailure(rule.id, match_key, text_of(case), "the rule does not hit it: write `path: line`")
    for text in rule.other_cases:
        if stands_inside(rule, text):
            yield CaseFailure(rule.id, other_key, text, "the rule hits it")


def _check_rules(rules: Sequence[Rule], matches: Mapping[str, list[CaseMatch]]) -> Iterator[CaseFailure]:
    for index, rule in enumerate(rules):
        if rule.elements:
            yield from _check_element_rule(rule)
            continue
        match_key, other_key = ("keeps", "drops") if rule.action == "keep" else ("drops", "keeps")
        for case in rule.matching_cases:
            case_matches = [match for match in matches[text_of(case)] if match.rule == index]
            if not case_matches:
                yield CaseFailure(rule.id, match_key, text_of(case), "the rule does not hit it")
            elif (
                isinstance(case, Change) and (after := _apply_matches(case.before, case_matches, rule.id)) != case.after
            ):
                yield CaseFailure(rule.id, "drops", case.before, f"it becomes {after!r}, not {case.after!r}")
        for text in rule.other_cases:
            if any(match.rule == index for match in matches[text]):
                yield CaseFailure(rule.id, other_key, text, "the rule hits it")


def _check_together(rules: Sequence[Rule], matches: Mapping[str, list[CaseMatch]]) -> Iterator[CaseFailure]:
    """Check keeps against all rules together; a text that some rule must drop is not judged again."""
    drops = {text_of(case) for rule in rules for case in rule.drops if rule.action != "keep"}
    for owner in rules:
        for text in owner.keeps:
            if text in drops:
                continue
            together = [match for match in matches[text] if _acts_with(rules[match.rule], owner)]
            for rule, message in _drops(rules, together):
                if rule != owner.id:
                    yield CaseFailure(rule, f"keeps of {owner.id}", text, message)


def _acts_with(rule: Rule, owner: Rule) -> bool:
    """Tell whether a rule acts where `owner` does; a bound one, only where that is bound to something of it, too."""
    bonds = ((rule.hosts, owner.hosts), (rule.frame, owner.frame))
    return all(not names or not set(names).isdisjoint(others) for names, others in bonds)


def _drops(rules: Sequence[Rule], matches: Sequence[CaseMatch]) -> Iterator[tuple[str, str]]:
    on_line: dict[int, dict[int, float]] = defaultdict(dict)
    safe_lines = {match.line for match in matches if rules[match.rule].action == "keep"}
    for match in matches:
        rule = rules[match.rule]
        if match.line in safe_lines:
            continue
        if rule.action == "drop":
            on_line[match.line][match.rule] = rule.weight
        elif rule.removes and rule.weight >= DROP_SCORE:
            yield rule.id, f"it {rule.action}s part of it"
    for weights in on_line.values():
        if sum(weights.values()) >= DROP_SCORE:
            heaviest = max(weights, key=lambda index: weights[index])
            names = ", ".join(f"{rules[index].id} {weight:g}" for index, weight in weights.items())
            yield rules[heaviest].id, f"the line falls: {names}"


def _apply_matches(text: str, matches: Sequence[CaseMatch], rule: str) -> str:
    return edits.apply(text, [Edit(match.span, match.new, rule) for match in matches])
