"""The documents of a shard in batches, for sketching and for what looks for an evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus.reading import ReadRecord, location, read_record
from cleaner.dedup.sketches import BATCH_CHARACTERS
from cleaner.formats.base import Rejection
from cleaner.formats.storage.folders import SkippedFile
from cleaner.local.events import Advance
from cleaner.text.batching import batches

if TYPE_CHECKING:
    from cleaner.corpus.shards import ShardWork
    from cleaner.decode import DecodeOptions


class DocumentBatch(NamedTuple):
    """Documents that are looked at together, what beside them could not be read, and how far the shard is read then."""

    documents: list[ReadRecord]
    skips: list[SkippedFile]
    progress: Advance


def read_batches(work: ShardWork, decoding: DecodeOptions) -> Iterator[DocumentBatch]:
    """Read the documents of a shard, those of one that ended its worker each alone."""
    items = (read_record(item, decoding, with_islands=False) for item in work.items)
    for batch in batches(items, 0 if work.is_poison else BATCH_CHARACTERS, _count_characters):
        documents = [item for item in batch if isinstance(item, ReadRecord)]
        rejections = [item for item in batch if isinstance(item, Rejection)]
        skips = [SkippedFile(location(item), item.reason) for item in rejections if item.reason]
        last = batch[-1]
        offset = last.record.stored_offset if isinstance(last, ReadRecord) else last.stored_offset
        progress = Advance(work.position + offset, len(documents), sum(map(_stored_size, batch)))
        yield DocumentBatch(documents, skips, progress)


def _count_characters(item: ReadRecord | Rejection) -> int:
    """Measure the text of a record, or the bytes of what cannot be read."""
    return len(item.document.text) if isinstance(item, ReadRecord) else len(item.data)


def _stored_size(item: ReadRecord | Rejection) -> int:
    """Measure about how much of its source an item takes."""
    return len(item.data) if isinstance(item, Rejection) else len(item.record.stored_data or item.record.text)
