"""Near-duplicates among checked texts, the rest of a repository and an index, as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from cleaner.check.cleaning import CleanedSample
from cleaner.check.findings import Counterpart, SpanFinding
from cleaner.check.inputs.files import display_path
from cleaner.dedup import deduplicate, passages
from cleaner.dedup.pairs import PASSAGE_RULE, TEXT_RULE
from cleaner.model import Span
from cleaner.text.positions import trim

if TYPE_CHECKING:
    from cleaner.index.query import Match


def add_pairs(samples: Sequence[CleanedSample]) -> None:
    """Add near-duplicates of one another to the findings of samples; of two clean texts the copy gets it."""
    by_id = {f"{number:09}": item for number, item in enumerate(samples)}
    texts = {key: item.cleaned.text for key, item in by_id.items()}
    for pair in deduplicate(texts, keep="first", chain=False).pairs:
        if pair.kind == "template":
            continue
        item, other = by_id[pair.copy], by_id[pair.keeper]
        span = _original_span(item, pair.copy_span)
        if pair.unit == "passage" and _is_structure(item, span):
            continue
        counterpart = _counterpart(other, pair.keeper_span)
        note = f"{pair.jaccard:.0%} as in {counterpart.path}:{counterpart.line}"
        rule = PASSAGE_RULE if pair.unit == "passage" else TEXT_RULE
        item.findings.append(SpanFinding(rule, span, note, counterpart=counterpart))


def _is_structure(item: CleanedSample, span: Span) -> bool:
    """Whether a passage begins in what is no prose of a Markdown text: code, tables, front matter."""
    islands = item.sample.read.document.islands
    return any(island.kind == "lines" and island.span.start <= span.start < island.span.stop for island in islands)


def _counterpart(item: CleanedSample, span: Span) -> Counterpart:
    (place,) = item.sample.locate([item.to_original(span)])
    return Counterpart(display_path(item.sample.path), place.line, "the other one")


def _original_span(item: CleanedSample, span: Span) -> Span:
    return trim(item.sample.text, item.to_original(span))


def add_index_matches(samples: Sequence[CleanedSample], name: str) -> None:
    """Add near-duplicates of documents in a stored index to the findings of samples.

    Raises:
        UsageError: there is no such index.
    """
    from cleaner.index import build, query
    from cleaner.index.guarded import explained

    texts = {f"{number:09}": item.cleaned.text for number, item in enumerate(samples)}
    with closing(build.open_store(name)) as store, explained(name):
        matches = query.query(store, texts)
    add_matches(samples, matches, lambda match: Counterpart(match.document, 0, "in the index"), f" of {name}")


def add_matches(
    samples: Sequence[CleanedSample],
    matches: Iterable[Match],
    counterpart_of: Callable[[Match], Counterpart],
    origin: str = "",
) -> None:
    """Add the best match of each text, or else of each passage of it, to its findings.

    Args:
        samples: the texts.
        matches: by the number of a text, with nine digits; best first for each.
        counterpart_of: tells the other place.
        origin: what is said behind it.
    """
    best: dict[tuple[str, int], Match] = {}
    for match in matches:
        best.setdefault((match.query, match.query_passage), match)
    for (key, passage), match in best.items():
        item = samples[int(key)]
        span = _original_span(item, passage_span(item.cleaned.text, passage))
        if passage and ((key, 0) in best or _is_structure(item, span)):
            continue
        counterpart = counterpart_of(match)
        place = f"{counterpart.path}:{counterpart.line}" if counterpart.line else counterpart.path
        note = f"{match.jaccard:.0%} as in {place}{origin}"
        item.findings.append(SpanFinding(PASSAGE_RULE if passage else TEXT_RULE, span, note, counterpart=counterpart))


def passage_span(text: str, passage: int) -> Span:
    """Return the span of a passage, by its number from 1; 0 is the whole text."""
    return passages.split("", text)[passage - 1].span if passage else Span(0, len(text))
