"""Near-duplicates of a column, as columns beside it: the row that stays, Jaccard similarity, containment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Unpack

from cleaner.dedup import deduplicate
from cleaner.model import Span
from cleaner.options import DedupKeywords

__all__ = ["COLUMNS", "CopyRow", "find_rows"]

COLUMNS = ("keeper", "jaccard", "containment", "repeated")
"""Names of the columns, as `CopyRow` has them."""


class CopyRow(NamedTuple):
    """What is known of a text. None where it has no near-duplicate, and for a missing text.

    `keeper`: the number of the row whose text stays, of a copy; `jaccard` and `containment` compare with that.
    `repeated`: the share of its characters in repeated passages and spans; 1.0 for a copy.
    """

    keeper: int | None = None
    jaccard: float | None = None
    containment: float | None = None
    repeated: float | None = None


def find_rows(texts: Iterable[str | None], **options: Unpack[DedupKeywords]) -> list[CopyRow]:
    """Compare all texts of a column with one another; a row for each.

    Args:
        texts: a column; None takes no part.
        options: fields of `DedupOptions`; `unit` is "document" where it is not given.
    """
    column = list(texts)
    named = {f"{number:012}": text for number, text in enumerate(column) if text is not None}
    arguments: DedupKeywords = {"unit": "document"}
    arguments.update(options)
    duplicates = deduplicate(named, **arguments)
    documents = {pair.copy: pair for pair in duplicates.pairs if pair.unit == "document"}
    parts: defaultdict[str, list[Span]] = defaultdict(list)
    for pair in duplicates.pairs:
        parts[pair.copy].append(pair.copy_span)
    for span in duplicates.spans:
        for place in span.copies:
            parts[place.document].append(place.span)
    rows = [CopyRow()] * len(column)
    for key, spans in parts.items():
        share = _covered(spans) / max(len(named[key]), 1)
        pair_of_row = documents.get(key)
        if pair_of_row:
            rows[int(key)] = CopyRow(int(pair_of_row.keeper), pair_of_row.jaccard, pair_of_row.containment, 1.0)
        else:
            rows[int(key)] = CopyRow(repeated=share)
    return rows


def _covered(spans: Iterable[Span]) -> int:
    """Count the characters in spans, those of several once."""
    total, reach = 0, 0
    for span in sorted(spans):
        total += max(span.stop - max(span.start, reach), 0)
        reach = max(reach, span.stop)
    return total
