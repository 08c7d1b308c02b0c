"""Clean scraped Chinese web text: rule packs, script and encoding, near-duplicates; attributed and reversible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cleaner.model import Cleaned, Cluster, Document, Edit, Evidence, Flag, Passage, Span, Verdict
from cleaner.options import CleanOptions, DedupOptions, NormalizeOptions
from cleaner.version import __version__

if TYPE_CHECKING:
    from typing import Unpack

    from cleaner.dedup import Duplicates
    from cleaner.options import CleanKeywords, DedupKeywords, NormalizeKeywords
    from cleaner.pipeline import Pack

__all__ = [
    "CleanOptions",
    "Cleaned",
    "Cluster",
    "DedupOptions",
    "Document",
    "Edit",
    "Evidence",
    "Flag",
    "NormalizeOptions",
    "Passage",
    "Span",
    "Verdict",
    "__version__",
    "clean",
    "deduplicate",
    "load_pack",
    "normalize",
]


def clean(text: str, *, pack: str | Pack = "zh-web", **options: Unpack[CleanKeywords]) -> Cleaned:
    """Clean one text with a rule pack.

    Args:
        pack: a name, a path or a loaded pack.
        options: fields of `CleanOptions`, such as `script="keep"`.

    Raises:
        UsageError: an option does not exist or cannot have its value.
        PackError: the pack cannot be used.

    Warning:
        Not for text that is no scraped page: a manuscript loses lines that look like a page's frame.
    """
    return (load_pack(pack) if isinstance(pack, str) else pack).clean(text, **options)


def load_pack(name: str) -> Pack:
    """Load a rule pack by name (shipped, or installed through the entry-point group `cleaner.packs`) or by path.

    A file that was edited is read again. Equal packs are compiled once in a process.

    Raises:
        PackError: the pack cannot be used; names file, rule and key.
    """
    from cleaner.packs import registry
    from cleaner.pipeline import Pack

    return Pack(registry.load_rules(name))


def normalize(text: str, **options: Unpack[NormalizeKeywords]) -> str:
    """Repair mojibake, fix characters, convert script and restore flattened punctuation; remove nothing.

    Args:
        options: fields of `NormalizeOptions`.

    Raises:
        UsageError: an option does not exist or cannot have its value.

    Warning:
        Not where the exact characters matter, as in a critical edition.
    """
    from cleaner.normalization.steps import NORMALIZER

    return NORMALIZER.normalize(text, NormalizeOptions.of(**options))


def deduplicate(
    texts: Mapping[str, str],
    *,
    records: Mapping[str, Mapping[str, Any]] | None = None,
    **options: Unpack[DedupKeywords],
) -> Duplicates:
    """Find near-duplicates among texts: clusters and pairs, each pair with its exact Jaccard similarity.

    Args:
        texts: texts by id.
        records: fields of documents by id, for `keep` and for the hosts of templates.
        options: fields of `DedupOptions`.

    Raises:
        UsageError: an option does not exist or cannot have its value.

    Warning:
        Texts shorter than one n-gram (five characters) are like nothing.
    """
    from cleaner import dedup

    return dedup.deduplicate(texts, records=records, **options)
