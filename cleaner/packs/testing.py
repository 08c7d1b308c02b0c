"""Run the cases that rules carry: each rule on its own, then all rules on every text that some rule must leave."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cleaner.features.line_view import view_lines
from cleaner.model import Edit, Span
from cleaner.rules.matcher import Matcher
from cleaner.rules.schema import DROP_SCORE, Change, Rule, RulePack
from cleaner.text import edits, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.features.line_view import LineView


_BATCH = 64
"""Texts that are matched together: enough to be fast, few enough for little memory."""


class Failure(NamedTuple):
    """A case that did not come out. `key`: "drops", "keeps", or "keeps of <rule>" for a text of another rule."""

    rule: str
    key: str
    text: str
    said: str


class CaseMatch(NamedTuple):
    """One rule's hit in one case. `line` counts the case's non-blank lines from 0; `span` lies in the case."""

    rule: int
    line: int
    span: Span
    new: str


def run_cases(pack: RulePack) -> tuple[Failure, ...]:
    """All cases of a pack that fail.

    A rule must hit each of its `drops` (and leave `after` where one is given) and none of its `keeps`. Together, the
    rules must not bring down a line of any rule's `keeps`: their weights on a line stay below 1.0, place left out.
    """
    texts = list(dict.fromkeys(text for rule in pack.rules for text in (*map(_text_of, rule.drops), *rule.keeps)))
    found = dict(zip(texts, find_matches(pack.rules, texts), strict=True))
    return (*_check_rules(pack.rules, found), *_check_together(pack.rules, found))


def count_cases(pack: RulePack) -> int:
    """Number of cases in a pack."""
    return sum(len(rule.drops) + len(rule.keeps) for rule in pack.rules)


def find_matches(rules: Sequence[Rule], texts: Sequence[str]) -> list[list[CaseMatch]]:
    """The hits of all rules, detectors included, in each text taken as a document of its own."""
    batch = lines.join(texts)
    view = view_lines(batch)
    found = Matcher(rules).find(view)
    table = zip(*(column.tolist() for column in found[:4]), strict=True)
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
    """List the rules, detectors included, that match none of the texts."""
    used: set[int] = set()
    for start in range(0, len(texts), _BATCH):
        used |= {hit.rule for found in find_matches(rules, texts[start : start + _BATCH]) for hit in found}
    return [rule for index, rule in enumerate(rules) if index not in used]


def _document(offsets: Sequence[int], position: int) -> int:
    from bisect import bisect_right

    return min(bisect_right(offsets, position) - 1, len(offsets) - 2)


def _detect(rule: Rule, view: LineView) -> Iterator[tuple[int, int, int, str]]:
    if not rule.detector:
        return
    from cleaner.detectors import DETECTORS

    found = DETECTORS[rule.detector].find(view, **rule.params)
    new = found.new or [""] * len(found)
    yield from zip(found.line.tolist(), found.start.tolist(), found.stop.tolist(), new, strict=True)


def _check_rules(rules: Sequence[Rule], found: Mapping[str, list[CaseMatch]]) -> Iterator[Failure]:
    for index, rule in enumerate(rules):
        for case in rule.drops:
            own = [hit for hit in found[_text_of(case)] if hit.rule == index]
            if not own:
                yield Failure(rule.id, "drops", _text_of(case), "the rule does not hit it")
            elif isinstance(case, Change) and (after := _apply_matches(case.before, own, rule.id)) != case.after:
                yield Failure(rule.id, "drops", case.before, f"it becomes {after!r}, not {case.after!r}")
        for text in rule.keeps:
            if any(hit.rule == index for hit in found[text]):
                yield Failure(rule.id, "keeps", text, "the rule hits it")


def _check_together(rules: Sequence[Rule], found: Mapping[str, list[CaseMatch]]) -> Iterator[Failure]:
    """Keeps that rules of other kinds would bring down; a text that some rule must drop is not judged again."""
    dropped = {_text_of(case) for rule in rules for case in rule.drops}
    for owner in rules:
        for text in owner.keeps:
            if text in dropped:
                continue
            for blamed, said in _drops(rules, found[text]):
                if blamed != owner.id:
                    yield Failure(blamed, f"keeps of {owner.id}", text, said)


def _drops(rules: Sequence[Rule], on: Sequence[CaseMatch]) -> Iterator[tuple[str, str]]:
    on_line: dict[int, dict[int, float]] = defaultdict(dict)
    for hit in on:
        rule = rules[hit.rule]
        if rule.action == "drop":
            on_line[hit.line][hit.rule] = rule.weight
        elif rule.action != "flag" and rule.weight >= DROP_SCORE:
            yield rule.id, f"it {rule.action}s part of it"
    for weights in on_line.values():
        if sum(weights.values()) >= DROP_SCORE:
            heaviest = max(weights, key=lambda index: weights[index])
            names = ", ".join(f"{rules[index].id} {weight:g}" for index, weight in weights.items())
            yield rules[heaviest].id, f"the line falls: {names}"


def _apply_matches(text: str, own: Sequence[CaseMatch], rule: str) -> str:
    return edits.apply(text, [Edit(hit.span, hit.new, rule) for hit in own])


def _text_of(case: str | Change) -> str:
    return case.before if isinstance(case, Change) else case
