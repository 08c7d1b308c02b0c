"""Near-duplicates among checked texts, the rest of a repository and an index, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cleaner.check.collect import Checked
from cleaner.check.files import shown
from cleaner.check.findings import Found, Related
from cleaner.check.positions import trim
from cleaner.dedup import deduplicate
from cleaner.dedup.pairs import PASSAGE_RULE, TEXT_RULE, Pair
from cleaner.model import Span


def among(checked: Sequence[Checked], others: Sequence[Checked]) -> None:
    """Add to `found` of each of `checked` what is a near-duplicate of another or of one of `others`, on clean texts.

    Of two texts that are checked, the copy is found; `others` always stay.
    """
    items = {f"{number:09}": item for number, item in enumerate((*checked, *others))}
    texts = {key: item.cleaned.text for key, item in items.items()}
    fields = {key: {"stays": int(number >= len(checked))} for number, key in enumerate(items)}
    own = set(list(items)[: len(checked)])
    for pair in deduplicate(texts, keep="stays", chain=False, records=fields).pairs:
        if pair.kind == "template":
            continue
        for key, span, other, place in _sides(pair):
            if key in own:
                items[key].found.append(_found(items[key], span, items[other], place, pair))
                break


def _sides(pair: Pair) -> Iterator[tuple[str, Span, str, Span]]:
    yield pair.copy, pair.copy_span, pair.keeper, pair.keeper_span
    yield pair.keeper, pair.keeper_span, pair.copy, pair.copy_span


def _found(item: Checked, span: Span, other: Checked, place: Span, pair: Pair) -> Found:
    line = other.sample.locate([other.back(place)])[0].line
    path = shown(other.sample.path)
    note = f"{pair.jaccard:.0%} as in {path}:{line}"
    own = trim(item.sample.text, item.back(span))
    rule = PASSAGE_RULE if pair.unit == "passage" else TEXT_RULE
    return Found(rule, own, note, related=Related(path, line, "the other one"))


def with_index(checked: Sequence[Checked], name: str) -> None:
    """Add to `found` of each what a stored index holds alike. UsageError where there is no such index."""
    from cleaner.dedup import passages
    from cleaner.index import build, query

    items = {f"{number:09}": item for number, item in enumerate(checked)}
    store = build.opened(name)
    try:
        matches = query.query(store, {key: item.cleaned.text for key, item in items.items()})
    finally:
        store.close()
    best: dict[tuple[str, int], query.Match] = {}
    for match in matches:
        best.setdefault((match.query, match.query_passage), match)
    whole = {key for key, passage in best if not passage}
    spans: Mapping[str, list[Span]] = {
        key: [p.span for p in passages.split(key, items[key].cleaned.text)] for key in {key for key, _ in best}
    }
    for (key, passage), match in best.items():
        if passage and key in whole:
            continue
        item, text = items[key], items[key].cleaned.text
        span = spans[key][passage - 1] if passage else Span(0, len(text))
        note = f"{match.jaccard:.0%} as in {match.document} of {name}"
        rule = PASSAGE_RULE if passage else TEXT_RULE
        own = trim(item.sample.text, item.back(span))
        item.found.append(Found(rule, own, note, related=Related(match.document, 0, "in the index")))
