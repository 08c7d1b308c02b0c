"""Near-duplicate passages and documents.

`deduplicate` does all for texts in memory. Its parts, in order: passages, shingles, signatures, bands, check, clusters,
put together by sketch, search and collection. Nothing heavy is imported before the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.dedup.pairs import Duplicates, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Duplicates", "Pair", "deduplicate"]


def deduplicate(
    texts: Mapping[str, str],
    *,
    unit: str = "both",
    threshold: float = 0.8,
    shingle: int = 5,
    permutations: int = 128,
    keep: str = "longest",
    chain: bool = True,
    records: Mapping[str, Mapping[str, Any]] | None = None,
) -> Duplicates:
    """All near-duplicate documents and passages of `texts` (id -> text), each copy with its keeper.

    `unit`: "document", "passage" or "both". `threshold`: the least Jaccard similarity of the sets of character n-grams
    of length `shingle`. `permutations`: slots of a signature; bands and rows follow. `keep`: "longest", "first" (by
    id), "earliest" (field `date`), "cleanest", or a field of which the largest number stays; ties go to the least id.
    `chain`: whether a chain of pairs makes one cluster; if not, every copy is a pair with its keeper. `records`: fields
    of documents by id. Raises UsageError for an impossible option.
    """
    from cleaner.dedup import find

    options = find.DedupOptions(unit, threshold, shingle, permutations, keep, chain)
    return find.deduplicate(texts, options, records or {})
