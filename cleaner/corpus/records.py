"""Records in batches through the cleaning of texts; no record changes another's result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from cleaner import pipeline
from cleaner.corpus.reading import ReadRecord, reject_record
from cleaner.errors import CleanerError
from cleaner.formats import html
from cleaner.formats.base import Rejection
from cleaner.model import Cleaned
from cleaner.options import CleanOptions
from cleaner.pipeline import Pack
from cleaner.suppressions import texts
from cleaner.text.batching import batches

DEFECT = "a defect: "
"""How the reason begins where cleaning a text broke off by an unforeseen error."""
BATCH_CHARACTERS = 1 << 20
"""Characters items together: enough to amortize array calls, little enough to stay in cache."""


class CleanedRecord(Struct, frozen=True):
    """One record with its clean text."""

    read: ReadRecord
    cleaned: Cleaned


FindEarlier = Callable[[ReadRecord], Cleaned | None]


def clean_records(
    items: Iterable[ReadRecord | Rejection],
    pack: Pack,
    options: CleanOptions,
    size: int = BATCH_CHARACTERS,
    *,
    honours: bool = True,
    find_earlier: FindEarlier | None = None,
) -> Iterator[list[CleanedRecord | Rejection]]:
    """Clean records in batches, in order; one that fails is Rejection, the others are cleaned.

    Args:
        size: characters of a batch.
        honours: whether what suppressions in the data suppress stays, and so do they.
        find_earlier: returns what an earlier run made of a record, or None, where it is to be cleaned.
    """
    for batch in batches(items, size, _size):
        earlier = [find_earlier(item) if find_earlier and isinstance(item, ReadRecord) else None for item in batch]
        pending = [item for item, cleaned in zip(batch, earlier, strict=True) if not cleaned]
        outcomes = iter(_honour_all(pending, pack, options) if honours else _clean(pending, pack, options))
        yield [
            CleanedRecord(item, cleaned)
            if cleaned and isinstance(item, ReadRecord)
            else _write_page(next(outcomes), options)
            for item, cleaned in zip(batch, earlier, strict=True)
        ]


def _honour_all(
    batch: Sequence[ReadRecord | Rejection], pack: Pack, options: CleanOptions
) -> Iterator[CleanedRecord | Rejection]:
    """Clean a batch but for what is suppressed in it."""
    readings = [
        texts.read(item.record, item.decoded, item.document) if isinstance(item, ReadRecord) else None for item in batch
    ]
    items = [
        msgspec.structs.replace(item, document=text.input)
        if isinstance(item, ReadRecord) and text and text.removals
        else item
        for item, text in zip(batch, readings, strict=True)
    ]
    for item, outcome, text in zip(batch, _clean(items, pack, options), readings, strict=True):
        if isinstance(outcome, CleanedRecord) and isinstance(item, ReadRecord) and text and text.suppressions:
            yield CleanedRecord(item, texts.honour(text, outcome.cleaned, item.record, item.decoded))
        else:
            yield outcome


def _write_page(outcome: CleanedRecord | Rejection, options: CleanOptions) -> CleanedRecord | Rejection:
    """Write what cleaning left of a page as the options say."""
    if isinstance(outcome, Rejection) or outcome.read.hints is None:
        return outcome
    try:
        return CleanedRecord(outcome.read, html.write_page(outcome.cleaned, outcome.read.hints, options))
    except Exception as error:
        return reject_record(outcome.read.record, f"{DEFECT}{type(error).__name__}: {error}")


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
            reason = str(error) if isinstance(error, CleanerError) else f"{DEFECT}{type(error).__name__}: {error}"
            yield reject_record(records[0].record, reason)
            return
        for item in batch:
            yield from _clean([item], pack, options)
        return
    for item in batch:
        yield CleanedRecord(item, next(results)) if isinstance(item, ReadRecord) else item
