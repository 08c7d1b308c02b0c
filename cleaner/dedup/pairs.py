"""Pairs of near-duplicates, and the edits that remove copies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import islice, takewhile
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.model import BuiltinRule, Cluster, Edit, Scheme, Span
from cleaner.text import seams

TEXT_RULE = "dedup/document"
PASSAGE_RULE = "dedup/passage"
TEMPLATE_RULE = "dedup/template"
SPAN_RULE = "dedup/span"
EVALUATION_RULE = "dedup/evaluation"
_REFUSAL = 'set dedup = "off", or ignore it in [check]'
RULES = (
    BuiltinRule(TEXT_RULE, "A near-duplicate document counts the same text twice.", "note", refusal=_REFUSAL),
    BuiltinRule(PASSAGE_RULE, "A near-duplicate passage counts the same text twice.", "note", refusal=_REFUSAL),
    BuiltinRule(SPAN_RULE, "A repeated span counts the same sentences twice.", "note", refusal=_REFUSAL),
    BuiltinRule(
        TEMPLATE_RULE, "A passage that a site prints on many pages is no text of one.", "note", refusal=_REFUSAL
    ),
    BuiltinRule(
        EVALUATION_RULE,
        "A question of an evaluation in what a model learns from spoils the evaluation.",
        refusal="only `--against` looks for it: leave that out, or ignore it in [check]",
    ),
)


class Pair(Struct, frozen=True, order=True):
    """A copy and its keeper.

    Passages count from 1, and 0 means the whole document; spans are code points of it.

    `jaccard`: exact similarity of the two shingle sets. `containment`: the share of the copy's shingles that the keeper
    has. `cluster`: the keeper's name (`document`, or `document#passage`), the same for all copies of one keeper.
    `linked`: "chain" when copy and keeper lie below the threshold and only a chain of true pairs joins them.
    `kind`: "template" for a passage that stands in many documents of one host, else "copy".
    """

    copy: str
    copy_passage: int
    keeper: str
    keeper_passage: int
    copy_span: Span
    keeper_span: Span
    jaccard: float
    containment: float
    cluster: str
    linked: Literal["direct", "chain"] = "direct"
    kind: Literal["copy", "template"] = "copy"

    @property
    def unit(self) -> Literal["document", "passage"]:
        """Whether whole documents are paired or passages."""
        return "passage" if self.copy_passage else "document"


class Duplicates(Struct, frozen=True, dict=True):
    """All pairs of a search, sorted by copy, the repeated spans, and the scheme they were found with."""

    pairs: tuple[Pair, ...]
    scheme: Scheme
    threshold: float
    spans: tuple[RepeatedSpan, ...] = ()

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """Keepers with all their copies, by name, sorted by keeper."""
        members: dict[str, list[str]] = {}
        for pair in self.pairs:
            members.setdefault(pair.cluster, []).append(item_name(pair.copy, pair.copy_passage))
        return tuple(Cluster(keeper, tuple(sorted(copies))) for keeper, copies in sorted(members.items()))

    def edits(self, document: str, text: str) -> tuple[Edit, ...]:
        """Return the edits that remove the copies from a document.

        They remove all of it, or the whole sentences of its passages and repeated spans.

        Templates, quotations and licences stay.
        """
        first = bisect_left(self.pairs, document, key=_copy)
        pairs = takewhile(lambda pair: pair.copy == document, islice(self.pairs, first, None))
        return removal_edits([pair for pair in pairs if pair.kind == "copy"], text, spans=self._cuts.get(document, ()))

    @cached_property
    def _cuts(self) -> dict[str, list[Span]]:
        """The repeated spans that are removed, by document."""
        cuts: dict[str, list[Span]] = {}
        for span in self.spans:
            for place in span.cuts:
                cuts.setdefault(place.document, []).append(place.span)
        return cuts


_copy = attrgetter("copy")


def item_name(document: str, passage: int) -> str:
    """Name a document (passage 0) or one of its passages, as clusters do."""
    return f"{document}#{passage}" if passage else document


def removal_edits(pairs: list[Pair], text: str, seam: str = "", spans: Sequence[Span] = ()) -> tuple[Edit, ...]:
    """Return the edits that remove the copies of one document.

    Of passages and repeated spans whole sentences go, those that touch at one time; windows of passages are cut
    anywhere, and shrink. A `seam` between texts stays.
    """
    if any(pair.unit == "document" for pair in pairs):
        return (Edit(Span(0, len(text)), "", TEXT_RULE),)
    from cleaner.dedup.spans.cuts import cut_spans  # with patterns that take longer to compile than all else here

    rule = PASSAGE_RULE if pairs else SPAN_RULE
    removals = tuple(Edit(span, "", rule) for span in cut_spans([*(pair.copy_span for pair in pairs), *spans], text))
    return seams.spare(removals, text, seam) if seam else removals
