"""Records in blocks through the cleaning of texts: what every engine runs; no record changes another's result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from cleaner import decode, pipeline
from cleaner.decode import Decoded
from cleaner.errors import CleanerError, UsageError
from cleaner.formats.base import Item, Record, Rejection
from cleaner.model import Cleaned, Document
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack

BLOCK = 1 << 20
"""Characters judged together: enough to amortize array calls, little enough to stay in cache."""


class Read(Struct, frozen=True):
    """One record as text, before cleaning."""

    record: Record
    decoded: Decoded
    document: Document
    hints: Any = None


class Done(Struct, frozen=True):
    """One record, cleaned."""

    read: Read
    cleaned: Cleaned


def read(item: Item, encoding: str | None = None) -> Read | Rejection:
    """A record as text; what cannot be decoded is Rejected with the reason."""
    if isinstance(item, Rejection):
        return item
    try:
        decoded, hints = _decoded(item, encoding)
    except UsageError:
        raise
    except CleanerError as error:
        return rejected(item, str(error))
    return Read(item, decoded, Document(item.id, decoded.text, item.file, decoded.encoding), hints)


def _decoded(record: Record, encoding: str | None) -> tuple[Decoded, Any]:
    match record.kind:
        case "":
            return Decoded(record.text, record.encoding, exact=record.exact), None
        case "html":
            from cleaner.formats import html

            page = html.read_page(record.data, record.declared or None, encoding)
            said = page.decoded.encoding if page.decoded else "utf-8"
            return Decoded(page.text, said, exact=False), page.hints
    return decode.decode(record.data, record.declared or None, encoding), None


def clean(
    items: Iterable[Read | Rejection], pack: Pack, options: CleanOptions, size: int = BLOCK
) -> Iterator[list[Done | Rejection]]:
    """Clean records in blocks of about `size` characters, in order; one that fails is Rejected, the others are done."""
    for block in _blocks(items, size):
        yield list(_clean(block, pack, options))


def _blocks(items: Iterable[Read | Rejection], most: int) -> Iterator[list[Read | Rejection]]:
    held: list[Read | Rejection] = []
    size = 0
    for item in items:
        held.append(item)
        size += len(item.decoded.text) if isinstance(item, Read) else len(item.data)
        if size >= most:
            yield held
            held, size = [], 0
    if held:
        yield held


def _clean(block: Sequence[Read | Rejection], pack: Pack, options: CleanOptions) -> Iterator[Done | Rejection]:
    reads = [item for item in block if isinstance(item, Read)]
    try:
        results = iter(_cleaned(reads, pack, options))
    except Exception as error:
        if len(block) == 1:
            reason = str(error) if isinstance(error, CleanerError) else f"a defect: {type(error).__name__}: {error}"
            yield rejected(reads[0].record, reason)
            return
        for item in block:
            yield from _clean([item], pack, options)
        return
    for item in block:
        yield Done(item, next(results)) if isinstance(item, Read) else item


def _cleaned(reads: Sequence[Read], pack: Pack, options: CleanOptions) -> list[Cleaned]:
    documents, hints = [item.document for item in reads], [item.hints for item in reads]
    return pipeline.clean(documents, pack, options, hints=hints)


def rejected(record: Record, reason: str) -> Rejection:
    """A record as refused."""
    kept = b"" if record.kind else record.data
    return Rejection(record.file, record.line, record.offset, reason, record.at, kept)
