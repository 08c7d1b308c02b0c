"""Near-duplicates among checked texts, the rest of a repository and an index, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.check.cleaning import CleanedSample
from cleaner.check.findings import Counterpart, SpanFinding
from cleaner.check.inputs.files import display_path
from cleaner.dedup import deduplicate, passages
from cleaner.dedup.pairs import PASSAGE_RULE, TEXT_RULE, Pair
from cleaner.model import Span
from cleaner.text.positions import trim


def add_pairs(samples: Sequence[CleanedSample], others: Sequence[CleanedSample]) -> None:
    """Add near-duplicates, of one another and of others, to the findings of samples.

    Clean texts are compared. Of two samples the copy gets the finding; `others` always stay.
    """
    by_id = {f"{number:09}": item for number, item in enumerate((*samples, *others))}
    texts = {key: item.cleaned.text for key, item in by_id.items()}
    fields = {key: {"stays": int(number >= len(samples))} for number, key in enumerate(by_id)}
    sample_ids = set(list(by_id)[: len(samples)])
    for pair in deduplicate(texts, keep="stays", chain=False, records=fields).pairs:
        if pair.kind == "template":
            continue
        for key, span, other_key, other_span in _both_sides(pair):
            if key in sample_ids:
                item, other = by_id[key], by_id[other_key]
                if pair.unit == "passage" and _is_structure(item, _original_span(item, span)):
                    break
                item.findings.append(_finding(item, span, pair, _counterpart(other, other_span)))
                break


def _is_structure(item: CleanedSample, span: Span) -> bool:
    """Whether a passage begins in what is no prose of a Markdown text: code, tables, front matter."""
    islands = item.sample.read.document.islands
    return any(island.kind == "lines" and island.span.start <= span.start < island.span.stop for island in islands)


def _both_sides(pair: Pair) -> Iterator[tuple[str, Span, str, Span]]:
    yield pair.copy, pair.copy_span, pair.keeper, pair.keeper_span
    yield pair.keeper, pair.keeper_span, pair.copy, pair.copy_span


def _counterpart(item: CleanedSample, span: Span) -> Counterpart:
    (place,) = item.sample.locate([item.to_original(span)])
    return Counterpart(display_path(item.sample.path), place.line, "the other one")


def _finding(item: CleanedSample, span: Span, pair: Pair, counterpart: Counterpart) -> SpanFinding:
    note = f"{pair.jaccard:.0%} as in {counterpart.path}:{counterpart.line}"
    rule = PASSAGE_RULE if pair.unit == "passage" else TEXT_RULE
    return SpanFinding(rule, _original_span(item, span), note, counterpart=counterpart)


def _original_span(item: CleanedSample, span: Span) -> Span:
    return trim(item.sample.text, item.to_original(span))


def add_index_matches(samples: Sequence[CleanedSample], name: str) -> None:
    """Add near-duplicates of documents in a stored index to the findings of samples.

    Raises:
        UsageError: there is no such index.
    """
    from cleaner.index import build, query

    by_id = {f"{number:09}": item for number, item in enumerate(samples)}
    store = build.open_store(name)
    try:
        matches = query.query(store, {key: item.cleaned.text for key, item in by_id.items()})
    finally:
        store.close()
    best: dict[tuple[str, int], query.Match] = {}
    for match in matches:
        best.setdefault((match.query, match.query_passage), match)
    for (key, passage), match in best.items():
        if passage and (key, 0) in best:
            continue
        item = by_id[key]
        note = f"{match.jaccard:.0%} as in {match.document} of {name}"
        counterpart = Counterpart(match.document, 0, "in the index")
        span = _original_span(item, _passage_span(item.cleaned.text, passage))
        item.findings.append(SpanFinding(PASSAGE_RULE if passage else TEXT_RULE, span, note, counterpart=counterpart))


def _passage_span(text: str, passage: int) -> Span:
    """Return the span of a passage, by its number from 1; 0 is the whole text."""
    return passages.split("", text)[passage - 1].span if passage else Span(0, len(text))
