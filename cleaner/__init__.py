"""Clean scraped Chinese web text: rule packs, script and encoding, near-duplicates; attributed and reversible."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import cleaner.normalization as _  # noqa: F401 - loaded before the function of the same name, which then keeps the name
from cleaner.model import Cleaned, Cluster, Document, Edit, Evidence, Flag, Passage, Span, Verdict

if TYPE_CHECKING:
    from cleaner.dedup import Duplicates
    from cleaner.pipeline import Pack

__version__ = "0.1.0"

__all__ = [
    "Cleaned",
    "Cluster",
    "Document",
    "Edit",
    "Evidence",
    "Flag",
    "Passage",
    "Span",
    "Verdict",
    "__version__",
    "clean",
    "deduplicate",
    "load_pack",
    "normalize",
]


def clean(text: str, *, pack: str | Pack = "zh-web", **options: Any) -> Cleaned:
    """Clean one text with a pack, by name, path or loaded.

    `options`: `script`, `punctuation` and what is off by default, see `cleaner.options.CleanOptions`.
    Wrong for text that is not a scraped page: a manuscript loses what looks like a page's frame.
    """
    return (load_pack(pack) if isinstance(pack, str) else pack).clean(text, **options)


@cache
def load_pack(name: str) -> Pack:
    """A rule pack by name (shipped, or installed through the entry-point group `cleaner.packs`) or by path.

    Raises PackError, naming file, rule and key, when it cannot be used.
    """
    from cleaner.packs import registry
    from cleaner.pipeline import Pack

    return Pack(registry.load(name))


def normalize(text: str, **options: Any) -> str:
    """Repair mojibake, fix characters, convert script and restore flattened punctuation; nothing is removed.

    `options` are those of `clean`. Wrong where the exact characters matter, as in a critical edition.
    """
    from cleaner.normalization.steps import NORMALIZER
    from cleaner.options import CleanOptions

    return NORMALIZER.normalize(text, CleanOptions(**options))


def deduplicate(texts: Mapping[str, str], **options: Any) -> Duplicates:
    """Near-duplicates among texts by id: clusters and pairs, each pair with its exact Jaccard similarity.

    `options` are those of `cleaner.dedup.deduplicate`. Wrong for texts shorter than a shingle of five characters.
    """
    from cleaner import dedup

    return dedup.deduplicate(texts, **options)
