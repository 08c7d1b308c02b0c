"""A page of text about what a threshold would find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.dedup.lsh import collision_probability

if TYPE_CHECKING:
    from cleaner.corpus.dedup.contamination import ContainmentPage
    from cleaner.corpus.dedup.tuning import PairSample, TuningResult
    from cleaner.dedup.references.search import ReferenceMatch

WIDTH = 40


def page(result: TuningResult) -> str:
    """Draw the S-curve and the similarities of candidates side by side, then list pairs around the threshold."""
    scheme = result.scheme
    head = (
        f"{result.items:,} items ({result.unit}), {result.identical:,} of them the same as another; "
        f"{result.candidates:,} candidate pairs among the rest\n"
        f"{scheme.permutations} permutations, {scheme.bands} bands of {scheme.rows} rows, "
        f"{scheme.shingle}-grams, threshold {result.threshold}\n"
    )
    return "\n".join((head, *_curve(result), "", *_pairs("at or above", result.above), *_pairs("below", result.below)))


def _curve(result: TuningResult) -> Iterator[str]:
    yield f"similarity   compared  {'':{WIDTH}}  candidates"
    scheme, bins = result.scheme, len(result.histogram)
    highest = max(*result.histogram, 1)
    for i in reversed(range(bins)):
        likely = collision_probability((i + 0.5) / bins, scheme.bands, scheme.rows)
        bar = "#" * -(-result.histogram[i] * WIDTH // highest)
        mark = "<- threshold" if i / bins <= result.threshold < (i + 1) / bins else ""
        row = f"{i / bins:.2f}-{(i + 1) / bins:.2f}    {likely:7.1%}  {bar:{WIDTH}}  {result.histogram[i]:,} {mark}"
        yield row.rstrip()


def _pairs(side: str, samples: list[PairSample]) -> Iterator[str]:
    yield f"nearest {side} the threshold:" if samples else f"no candidates {side} the threshold"
    for sample in samples:
        yield f"  {sample.jaccard:.3f}"
        for document, passage, words in (sample.left, sample.right):
            yield f"    {document}{f'#{passage}' if passage else ''}: {words}"


def containment_page(page: ContainmentPage) -> str:
    """Draw how many questions are found by their containment, then list those around the threshold."""
    bins, highest = len(page.histogram), max(*page.histogram, 1)
    rows = [f"containment  {'':{WIDTH}}  questions in documents"]
    for i in reversed(range(bins)):
        bar = "#" * -(-page.histogram[i] * WIDTH // highest)
        mark = "<- --min-containment" if i / bins <= page.threshold < (i + 1) / bins else ""
        rows.append(f"{i / bins:.2f}-{(i + 1) / bins:.2f}    {bar:{WIDTH}}  {page.histogram[i]:,} {mark}".rstrip())
    return "\n".join((*rows, "", *_matches("at or above", page.matches), *_matches("below", page.near_misses)))


def _matches(side: str, matches: list[ReferenceMatch]) -> Iterator[str]:
    yield f"nearest {side} the threshold:" if matches else f"nothing {side} the threshold"
    for match in matches:
        yield f"  {match.containment:.3f}  {match.reference}: {match.question}"
        yield f"    {match.document}:{match.span.start}: {match.text}"
