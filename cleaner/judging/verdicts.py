"""From scores to verdicts: whole lines that fall, spans to cut in those that stay, flags on documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from cleaner.judging import flags
from cleaner.judging.scores import ScoredLines
from cleaner.model import Evidence, Flag, Span, Verdict
from cleaner.packs.builtin import PLACE
from cleaner.rules.schema import DROP_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHOWN = 6


class Judged(Struct, frozen=True):
    """The judgment on one document: sorted verdicts that do not overlap, and flags. Spans lie in the document.

    `size`: characters of the lines that stay, white space aside.
    """

    verdicts: tuple[Verdict, ...] = ()
    flags: tuple[Flag, ...] = ()
    size: int = 0


def of(case: ScoredLines, *, explain: bool) -> list[Judged]:
    """The judgment on each document of the block."""
    made: list[list[Verdict]] = [[] for _ in case.batch.texts]
    found: list[list[Flag]] = [[] for _ in case.batch.texts]
    for document, verdict in _lines(case, explain):
        made[document].append(verdict)
    mixed = set()
    for document, verdict in _spans(case):
        made[document].append(verdict)
        mixed.add(document)
    for document in mixed:
        made[document] = _apart(made[document])
    for document, flag in flags.of(case):
        found[document].append(flag)
    columns = zip(made, found, case.remaining.astype(np.int64).tolist(), strict=True)
    return [Judged(tuple(drops), tuple(seen), size) for drops, seen, size in columns]


def _lines(case: ScoredLines, explain: bool) -> Iterator[tuple[int, Verdict]]:
    rows = np.flatnonzero(case.is_dropped)
    document = case.batch.documents[rows]
    start, stop = (
        case.batch.starts[rows] - case.batch.offsets[document],
        case.batch.stops[rows] - case.batch.offsets[document],
    )
    score = np.where(case.is_decided[rows], np.maximum(case.score[rows], DROP_SCORE), case.score[rows])
    columns = (rows, document, start, stop, score, _spokesmen(case)[rows])
    for row, where, begin, end, sum_, rule in zip(*(column.tolist() for column in columns), strict=True):
        evidence = evidence_of(case, row) if explain else ()
        named = case.rules[rule].id if rule >= 0 else PLACE
        yield where, Verdict(named, Span(begin, end), "drop", sum_, evidence)


def _spokesmen(case: ScoredLines) -> NDArray[np.int64]:
    """For each line the rule that drops with the greatest weight, -1 where none speaks for dropping it."""
    found = case.matches
    drops = np.array([rule.action == "drop" for rule in case.rules] or [False])
    hits = np.flatnonzero((found.line >= 0) & drops[found.rule])
    hits = hits[np.argsort(found.weight[hits], kind="stable")]
    named = np.full(len(case.is_dropped), -1)
    named[found.line[hits]] = np.where(found.weight[hits] > 0, found.rule[hits], -1)
    return named


def evidence_of(case: ScoredLines, row: int) -> tuple[Evidence, ...]:
    """What a line's score is made of: each rule, the greatest of the judge's own parts, and the rest in one sum."""
    said: dict[str, float] = {}
    for at in np.flatnonzero(case.matches.line == row).tolist():
        rule = case.rules[int(case.matches.rule[at])]
        if rule.action == "drop":
            said[rule.id] = max(float(case.matches.weight[at]), said.get(rule.id, -DROP_SCORE))
    parts = case.values[row].astype(np.float64) * case.weights
    greatest = [at for at in np.argsort(-np.abs(parts), kind="stable")[:_SHOWN].tolist() if parts[at]]
    rest = float(case.score[row]) - sum(said.values()) - sum(float(parts[at]) for at in greatest)
    return (
        *(
            Evidence(rule, round(weight, 3), "decides alone" if weight >= DROP_SCORE else "")
            for rule, weight in said.items()
        ),
        *(Evidence(f"core/judge/{case.names[at]}", round(float(parts[at]), 3)) for at in greatest),
        *([Evidence("core/judge/other", round(rest, 3))] if round(rest, 3) else []),
    )


def _spans(case: ScoredLines) -> Iterator[tuple[int, Verdict]]:
    """Cuts, replacements and joins in lines that stay; only rules that decide alone change part of a line."""
    found = case.matches
    changing = np.array([rule.action in ("cut", "replace", "join") for rule in case.rules] or [False])
    wanted = changing[found.rule] & (found.line >= 0) & (found.weight >= DROP_SCORE)
    wanted &= ~case.is_dropped[np.maximum(found.line, 0)]
    for at in np.flatnonzero(wanted).tolist():
        rule, document = case.rules[int(found.rule[at])], int(case.batch.documents[found.line[at]])
        offset = int(case.batch.offsets[document])
        span = Span(int(found.start[at]) - offset, int(found.stop[at]) - offset)
        new = found.new.get(at, rule.new if rule.action == "replace" else "")
        yield document, Verdict(rule.id, span, rule.action, float(found.weight[at]), (), new)


def _apart(made: list[Verdict]) -> list[Verdict]:
    """Sorted by place; of two that overlap the earlier stays, of two that begin together the longer."""
    made.sort(key=lambda verdict: (verdict.span.start, -verdict.span.stop))
    kept: list[Verdict] = []
    for verdict in made:
        if not kept or verdict.span.start >= kept[-1].span.stop:
            kept.append(verdict)
    return kept
