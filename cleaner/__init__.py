"""Clean scraped Chinese web text: rule packs, script and encoding, near-duplicates; attributed and reversible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cleaner.errors import CleanerError, DecodeError, EditError, PackError, RestoreError, UsageError
from cleaner.model import Cleaned, Cluster, Document, Edit, Evidence, Flag, Passage, Span, Verdict
from cleaner.options import CleanOptions, DedupOptions, NormalizeOptions, PageOptions
from cleaner.version import __version__

if TYPE_CHECKING:
    from typing import Unpack

    from cleaner.dedup import Duplicates
    from cleaner.options import CleanKeywords, DedupKeywords, NormalizeKeywords, PageKeywords
    from cleaner.pipeline import Pack

__all__ = [
    "CleanOptions",
    "Cleaned",
    "CleanerError",
    "Cluster",
    "DecodeError",
    "DedupOptions",
    "Document",
    "Edit",
    "EditError",
    "Evidence",
    "Flag",
    "NormalizeOptions",
    "PackError",
    "PageOptions",
    "Passage",
    "RestoreError",
    "Span",
    "UsageError",
    "Verdict",
    "__version__",
    "clean",
    "clean_html",
    "deduplicate",
    "load_pack",
    "normalize",
    "restore",
]


def __getattr__(name: str) -> Any:
    """Import `cleaner.report` when it is asked for."""
    if name != "report":
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    from importlib import import_module

    return import_module("cleaner.report")


def _show_cleaned(cleaned: Cleaned) -> str:
    """Write a result for a notebook."""
    from cleaner.report import notebook

    return notebook.show_cleaned(cleaned)


Cleaned._repr_html_ = _show_cleaned


def clean(text: str, *, host: str = "", pack: str | Pack = "zh-web", **options: Unpack[CleanKeywords]) -> Cleaned:
    """Clean one text with a rule pack.

    Args:
        host: the site it is from, for rules that are bound to some.
        pack: a name, a path or a loaded pack.
        options: fields of `CleanOptions`, such as `script="keep"`.

    Raises:
        UsageError: an option does not exist or cannot have its value.
        PackError: the pack cannot be used.

    Warning:
        Not for text that is no scraped page: a manuscript loses lines that look like a page's frame.
    """
    return (load_pack(pack) if isinstance(pack, str) else pack).clean(text, host=host, **options)


def clean_html(
    page: bytes | str, *, url: str | None = None, pack: str | Pack = "zh-web", **options: Unpack[PageKeywords]
) -> Cleaned:
    """Clean an HTML page: its text, a block-level element a line, is judged with what the markup says of each.

    Args:
        page: as it was fetched, or decoded.
        url: where it is from: the id of the document, and the host for rules that are bound to some.
        pack: a name, a path or a loaded pack.
        options: fields of `PageOptions`, such as `text_format="markdown"`; with `metadata=True` what the page says of
            itself is in `.document.meta`, and under `from` where each value stood.

    Raises:
        DecodeError: the bytes are in no encoding that can be told, or the markup is nested too deep.
        UsageError: an option does not exist or cannot have its value.
        PackError: the pack cannot be used.
    """
    from cleaner import pipeline
    from cleaner.formats import html
    from cleaner.text.host import find_host

    settings = PageOptions.of(**options)
    is_markdown = settings.text_format == "markdown"
    read = (
        html.read_page(page, with_structure=is_markdown)
        if isinstance(page, bytes)
        else html.parse_page(page, with_structure=is_markdown)
    )
    rules = load_pack(pack) if isinstance(pack, str) else pack
    encoding = read.source.encoding if read.source else "utf-8"
    meta = html.describe_page(read.source.text if read.source else str(page), url or "") if settings.metadata else {}
    document = Document(url or "", read.text, encoding=encoding, meta=meta, host=find_host(url or "", {}))
    return html.write_page(pipeline.clean([document], rules, settings, hints=[read.hints])[0], read.hints, settings)


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


def restore(text: str, edits: str) -> str:
    """Rebuild the text before cleaning from the clean one and its edits as JSON, as adapters write them.

    Raises:
        RestoreError: the edits are of another text, or the text was altered.
    """
    from cleaner import integrations

    return integrations.restore(text, edits)
