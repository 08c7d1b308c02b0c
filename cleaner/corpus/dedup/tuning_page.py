"""A page of text about what a threshold would find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.dedup.lsh import collision_probability

if TYPE_CHECKING:
    from cleaner.corpus.dedup.tuning import PairSample, TuningResult

WIDTH = 40


def page(found: TuningResult) -> str:
    """The S-curve and the similarities of candidates side by side, then pairs around the threshold."""
    scheme = found.scheme
    head = (
        f"{found.items:,} items ({found.unit}), {found.identical:,} of them the same as another; "
        f"{found.candidates:,} candidate pairs among the rest\n"
        f"{scheme.permutations} permutations, {scheme.bands} bands of {scheme.rows} rows, "
        f"{scheme.shingle}-grams, threshold {found.threshold}\n"
    )
    return "\n".join((head, *_curve(found), "", *_pairs("at or above", found.above), *_pairs("below", found.below)))


def _curve(found: TuningResult) -> Iterator[str]:
    yield f"similarity   compared  {'':{WIDTH}}  candidates"
    scheme, bins = found.scheme, len(found.histogram)
    most = max(*found.histogram, 1)
    for i in reversed(range(bins)):
        likely = collision_probability((i + 0.5) / bins, scheme.bands, scheme.rows)
        bar = "#" * -(-found.histogram[i] * WIDTH // most)
        mark = "<- threshold" if i / bins <= found.threshold < (i + 1) / bins else ""
        row = f"{i / bins:.2f}-{(i + 1) / bins:.2f}    {likely:7.1%}  {bar:{WIDTH}}  {found.histogram[i]:,} {mark}"
        yield row.rstrip()


def _pairs(side: str, samples: list[PairSample]) -> Iterator[str]:
    yield f"nearest {side} the threshold:" if samples else f"no candidates {side} the threshold"
    for sample in samples:
        yield f"  {sample.jaccard:.3f}"
        for document, passage, words in (sample.left, sample.right):
            yield f"    {document}{f'#{passage}' if passage else ''}: {words}"
