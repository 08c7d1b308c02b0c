"""Near-duplicate passages and documents.

`deduplicate` does all for texts in memory. Its parts, in order: passages, shingles, signatures, bands, check, clusters,
put together by sketch, search and collection. Nothing heavy is imported before the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.dedup.pairs import Duplicates, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from cleaner.options import DedupKeywords

__all__ = ["Duplicates", "Pair", "deduplicate"]


def deduplicate(
    texts: Mapping[str, str],
    *,
    records: Mapping[str, Mapping[str, Any]] | None = None,
    **options: Unpack[DedupKeywords],
) -> Duplicates:
    """Find all near-duplicate documents and passages of `texts`, each copy with its keeper.

    Args:
        texts: texts by id.
        records: fields of documents by id, for `keep` and for the hosts of templates.
        options: fields of `cleaner.options.DedupOptions`.

    Raises:
        UsageError: an option does not exist or cannot have its value.
    """
    from cleaner.dedup import find
    from cleaner.options import DedupOptions

    return find.deduplicate(texts, DedupOptions.of(**options), records or {})
