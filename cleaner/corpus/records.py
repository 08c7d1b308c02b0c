"""Records in batches through the cleaning of texts; no record changes another's result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from cleaner import pipeline
from cleaner.decode import DecodedText
from cleaner.errors import CleanerError, UsageError
from cleaner.features.markup import Hints
from cleaner.formats import registry
from cleaner.formats.base import Item, Record, Rejection
from cleaner.model import Cleaned, Document
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack
from cleaner.text.batching import batches

BATCH_CHARACTERS = 1 << 20
"""Characters judged together: enough to amortize array calls, little enough to stay in cache."""


class ReadRecord(Struct, frozen=True):
    """One record as text, before cleaning. `hints`: what the markup of a page says about its lines."""

    record: Record
    decoded: DecodedText
    document: Document
    hints: Hints | None = None


class CleanedRecord(Struct, frozen=True):
    """One record with its clean text."""

    read: ReadRecord
    cleaned: Cleaned


def read_record(item: Item, encoding: str | None = None) -> ReadRecord | Rejection:
    """Read a record as text; what cannot be decoded is a Rejection with the reason."""
    if isinstance(item, Rejection):
        return item
    try:
        decoded, hints = _decode(item, encoding)
    except UsageError:
        raise
    except CleanerError as error:
        return reject_record(item, str(error))
    return ReadRecord(item, decoded, Document(item.id, decoded.text, item.file, decoded.encoding), hints)


def _decode(record: Record, encoding: str | None) -> tuple[DecodedText, Hints | None]:
    if not record.kind:
        return DecodedText(record.text, record.encoding, exact=record.exact), None
    return registry.BY_NAME[record.kind].decode(record, encoding)


def clean_records(
    items: Iterable[ReadRecord | Rejection], pack: Pack, options: CleanOptions, size: int = BATCH_CHARACTERS
) -> Iterator[list[CleanedRecord | Rejection]]:
    """Clean records in batches, in order; one that fails is Rejection, the others are cleaned.

    Args:
        size: characters of a batch.
    """
    for batch in batches(items, size, _size):
        yield list(_clean(batch, pack, options))


def _size(item: ReadRecord | Rejection) -> int:
    return len(item.decoded.text) if isinstance(item, ReadRecord) else len(item.data)


def _clean(
    batch: Sequence[ReadRecord | Rejection], pack: Pack, options: CleanOptions
) -> Iterator[CleanedRecord | Rejection]:
    records = [item for item in batch if isinstance(item, ReadRecord)]
    documents, hints = [record.document for record in records], [record.hints for record in records]
    try:
        results = iter(pipeline.clean(documents, pack, options, hints=hints))
    except Exception as error:
        if len(batch) == 1:
            reason = str(error) if isinstance(error, CleanerError) else f"a defect: {type(error).__name__}: {error}"
            yield reject_record(records[0].record, reason)
            return
        for item in batch:
            yield from _clean([item], pack, options)
        return
    for item in batch:
        yield CleanedRecord(item, next(results)) if isinstance(item, ReadRecord) else item


def reject_record(record: Record, reason: str) -> Rejection:
    """Return a record as refused."""
    data = b"" if record.kind else record.data
    return Rejection(record.file, record.line, record.offset, reason, record.stored_offset, data)
