"""Turn scores into verdicts: lines to drop, spans to cut in those that stay, flags on documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.judging.explanation import DECIDES_ALONE, explain_line
from cleaner.judging.flags import flag_documents, mark_articles, measure_final_doubt
from cleaner.judging.page.kinds import tell_kinds
from cleaner.judging.scores import ScoredLines
from cleaner.model import Evidence, Flag, PageKind, Span, Verdict
from cleaner.packs.builtin import PLACE
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Judgment(Struct, frozen=True):
    """The judgment on one document: sorted verdicts that do not overlap, and flags. Spans lie in the document.

    `size`: characters of the lines that stay, white space aside. `doubt`: 0..1, how likely the judge is to be wrong.
    `kind`: of page, told where the document is judged as it came.
    """

    verdicts: tuple[Verdict, ...] = ()
    flags: tuple[Flag, ...] = ()
    size: int = 0
    doubt: float = 0.0
    kind: PageKind | None = None


def decide(scores: ScoredLines, *, explain: bool, tells_kinds: bool = False) -> list[Judgment]:
    """Decide on each document of a batch.

    Args:
        explain: list the evidence of every dropped line.
        tells_kinds: tell what kinds of pages they are.
    """
    verdicts: list[list[Verdict]] = [[] for _ in scores.batch.texts]
    flags: list[list[Flag]] = [[] for _ in scores.batch.texts]
    for document, verdict in _drop_lines(scores, explain):
        verdicts[document].append(verdict)
    changes = list(_change_spans(scores))
    for document, verdict in changes:
        verdicts[document].append(verdict)
    for document in {document for document, _ in changes}:
        verdicts[document] = _without_overlaps(verdicts[document])
    marks = mark_articles(scores)
    for document, flag in flag_documents(scores, marks):
        flags[document].append(flag)
    sizes, doubts = scores.remaining.astype(np.int64).tolist(), measure_final_doubt(scores).tolist()
    kinds = tell_kinds(scores, marks) if tells_kinds else [None] * len(sizes)
    columns = zip(map(tuple, verdicts), map(tuple, flags), sizes, doubts, kinds, strict=True)
    return [Judgment(*values) for values in columns]


def _drop_lines(scores: ScoredLines, explain: bool) -> Iterator[tuple[int, Verdict]]:
    """Yield the verdict on each line that is dropped, with the number of its document."""
    rows = scores.is_dropped.nonzero()[0]
    documents = scores.batch.documents[rows]
    offsets = scores.batch.offsets[documents]
    starts, stops = scores.batch.starts[rows] - offsets, scores.batch.stops[rows] - offsets
    columns = (rows, documents, starts, stops, scores.score[rows], _strongest_rules(scores)[rows])
    for row, document, start, stop, score, rule in zip(*(column.tolist() for column in columns), strict=True):
        evidence = list_evidence(scores, row) if explain else ()
        rule_id = scores.rules[rule].id if rule >= 0 else PLACE
        yield document, Verdict(rule_id, Span(start, stop), "drop", score, evidence)


def _strongest_rules(scores: ScoredLines) -> NDArray[np.int64]:
    """Find for each line the rule that drops with the greatest weight, -1 where none speaks for dropping it."""
    matches = scores.matches
    is_drop = np.array([rule.action == "drop" for rule in scores.rules] or [False])
    index = ((matches.line >= 0) & is_drop[matches.rule]).nonzero()[0]
    index = index[matches.weight[index].argsort(kind="stable")]
    strongest = np.full(len(scores.is_dropped), -1)
    strongest[matches.line[index]] = np.where(matches.weight[index] > 0, matches.rule[index], -1)
    return strongest


def list_evidence(scores: ScoredLines, row: int) -> tuple[Evidence, ...]:
    """List what a line's score is made of: the rules that decide, else the reasons of the judge."""
    rules: dict[str, float] = {}
    for index in (scores.matches.line == row).nonzero()[0].tolist():
        rule = scores.rules[int(scores.matches.rule[index])]
        if rule.action == "drop":
            rules[rule.id] = max(float(scores.matches.weight[index]), rules.get(rule.id, -DROP_SCORE))
    if scores.is_decided[row]:
        return tuple(_rule_evidence(rule, weight) for rule, weight in rules.items())
    return explain_line(scores, row)


def _rule_evidence(rule: str, weight: float) -> Evidence:
    return Evidence(rule, round(weight, 3), DECIDES_ALONE if weight >= DROP_SCORE else "")


def _change_spans(scores: ScoredLines) -> Iterator[tuple[int, Verdict]]:
    """Yield cuts, replacements and joins in lines that stay; only rules that decide alone change part of a line."""
    matches = scores.matches
    is_change = np.array([rule.action in ("cut", "replace", "join") for rule in scores.rules] or [False])
    applies = is_change[matches.rule] & (matches.line >= 0) & (matches.weight >= DROP_SCORE)
    applies &= ~(scores.is_dropped | scores.evidence.is_kept)[np.maximum(matches.line, 0)]
    for index in applies.nonzero()[0].tolist():
        rule, document = scores.rules[int(matches.rule[index])], int(scores.batch.documents[matches.line[index]])
        offset = int(scores.batch.offsets[document])
        span = Span(int(matches.start[index]) - offset, int(matches.stop[index]) - offset)
        new = matches.new.get(index, rule.new if rule.action == "replace" else "")
        yield document, Verdict(rule.id, span, rule.action, float(matches.weight[index]), (), new)


def _without_overlaps(verdicts: list[Verdict]) -> list[Verdict]:
    """Sort verdicts by place; of two that overlap the earlier stays, of two that begin together the longer."""
    survivors: list[Verdict] = []
    for verdict in sorted(verdicts, key=lambda verdict: (verdict.span.start, -verdict.span.stop)):
        if not survivors or verdict.span.start >= survivors[-1].span.stop:
            survivors.append(verdict)
    return survivors
