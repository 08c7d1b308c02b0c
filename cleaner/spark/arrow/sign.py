"""Stages that sketch documents."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as arrow

from cleaner import _kernels
from cleaner.corpus import writing
from cleaner.corpus.dedup.sketching import document_id, rate_record
from cleaner.corpus.reading import location, read_record
from cleaner.decode import DecodeOptions
from cleaner.dedup import keeper, sketches
from cleaner.dedup.lsh import derive_scheme
from cleaner.formats import jsonl, parquet, registry
from cleaner.formats.base import Item, Record, Rejection
from cleaner.formats.storage.folders import SkippedFile
from cleaner.options import DedupOptions
from cleaner.spark.arrow.records import other_fields, target
from cleaner.text import batching
from cleaner.text.host import find_host

ITEMS_TYPE = arrow.list_(
    arrow.struct(
        [
            *((name, arrow.int32()) for name in ("number", "parent", "start", "stop", "size", "rank_length")),
            ("print", arrow.int64()),
            ("keys", arrow.list_(arrow.int64())),
        ]
    )
)
"""A document's sketches: passage numbers (0: the document), the numbers of their parents, code points, shingles.

`rank_length`: the length that counts where the longest stays, of a window that of its passage."""

DOCUMENT_SCHEMA = arrow.schema(
    [
        ("doc", arrow.string()),
        ("text", arrow.binary()),
        ("host", arrow.string()),
        ("penalty", arrow.binary()),
        ("items", ITEMS_TYPE),
    ]
)
"""Documents to compare. `penalty`: bytes that sort as `keeper.penalty` of the document does."""

RECORD_SCHEMA = arrow.schema(
    [
        *DOCUMENT_SCHEMA,
        ("file", arrow.string()),
        ("position", arrow.int64()),
        ("data", arrow.binary()),
        ("skipped", arrow.binary()),
    ]
)
"""Documents as they were read. `position`: byte in the file or number. `data`: the line of JSON. `skipped`: a
`SkippedFile` as JSON, where a record could not be read."""

BATCH_CHARACTERS = 1 << 20
"""Characters sketched together: enough to keep the cost of a batch low, and a few MB of arrays."""


class SourceDocument(NamedTuple):
    """A text with its id, its host, and its penalty as a keeper."""

    id: str
    text: str
    host: str
    penalty: Any


@dataclass(frozen=True)
class SignStage:
    """Sketches documents that are rows.

    Columns: `doc`, `text`, and a struct `record` of other fields, or null.
    """

    options: DedupOptions

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield all documents but those without a text."""
        _kernels.load()
        for batch in batches:
            rows = [row for row in batch.to_pylist() if row["text"] is not None]
            documents = [self._document(row["doc"], row["text"], row["record"] or {}) for row in rows]
            yield arrow.RecordBatch.from_arrays(_columns(documents, self.options), schema=DOCUMENT_SCHEMA)

    def _document(self, key: str, content: str, record: Mapping[str, Any]) -> SourceDocument:
        return SourceDocument(key, content, find_host(key, record), keeper.penalty(self.options.keep, content, record))


@dataclass(frozen=True)
class SignRecordsStage:
    """Sketches records that `read` makes of batches, as `cleaner dedup` reads them.

    `roots`: folders that ids of files are relative to. `other_fields`: the type of a further column `row` with the
    other fields of a record, None where there is none.
    """

    read: Callable[[Iterable[arrow.RecordBatch]], Iterator[Item]]
    options: DedupOptions
    decoding: DecodeOptions
    roots: tuple[str, ...]
    other_fields: arrow.DataType | None = None

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield all records but blank lines."""
        _kernels.load()
        pairs = ((item, self._document(item)) for item in self.read(batches) if isinstance(item, Record) or item.reason)
        for batch in batching.batches(pairs, BATCH_CHARACTERS, _size):
            yield self._record_batch(batch)

    @property
    def schema(self) -> arrow.Schema:
        """Schema of the records."""
        if self.other_fields is None:
            return RECORD_SCHEMA
        return RECORD_SCHEMA.append(arrow.field("row", self.other_fields))

    def _document(self, item: Item) -> SourceDocument | SkippedFile:
        read = read_record(item, self.decoding, with_islands=False)
        if isinstance(read, Rejection):
            return SkippedFile(location(read), read.reason)
        record, name = read.record, target(read.record.file, self.roots)
        columns_or_line = jsonl.FORMAT if record.data else parquet.FORMAT
        form = registry.BY_NAME[record.kind] if record.kind else columns_or_line
        key = name if record.kind else document_id(record, name)
        return SourceDocument(key, read.document.text, record.host, rate_record(self.options.keep, form, read))

    def _record_batch(self, batch: Sequence[tuple[Item, SourceDocument | SkippedFile]]) -> arrow.RecordBatch:
        items = [item for item, _ in batch]
        outcomes = [outcome for _, outcome in batch]
        documents = [None if isinstance(outcome, SkippedFile) else outcome for outcome in outcomes]
        skips = [msgspec.json.encode(outcome) if isinstance(outcome, SkippedFile) else None for outcome in outcomes]
        lines = [item.data if isinstance(item, Record) and not item.kind else None for item in items]
        columns = [
            *_columns(documents, self.options),
            arrow.array([item.file for item in items], arrow.string()),
            arrow.array([item.offset or item.line for item in items], arrow.int64()),
            arrow.array(lines, arrow.binary()),
            arrow.array(skips, arrow.binary()),
        ]
        if self.other_fields is not None:
            records = [item if isinstance(item, Record) else None for item in items]
            columns.append(other_fields(records, self.other_fields))
        return arrow.RecordBatch.from_arrays(columns, schema=self.schema)


def _size(pair: tuple[Item, SourceDocument | SkippedFile]) -> int:
    """Return the characters of a record, or bytes where it is not decoded; a rejected one counts nothing."""
    item = pair[0]
    return len(item.text or item.data) if isinstance(item, Record) else 0


def _columns(rows: Sequence[SourceDocument | None], options: DedupOptions) -> list[arrow.Array]:
    """Build the columns of `DOCUMENT_SCHEMA`."""
    penalties = [row and sortable_bytes(row.penalty) for row in rows]
    return [
        arrow.array([row and row.id for row in rows], arrow.string()),
        arrow.array([row and row.text.encode("utf-8", "surrogatepass") for row in rows], arrow.binary()),
        arrow.array([row and row.host for row in rows], arrow.string()),
        arrow.array(penalties, arrow.binary()),
        sketch_column([row and row.text for row in rows], options),
    ]


def sortable_bytes(value: Any) -> bytes:
    """Encode a value as bytes that sort as `keeper.ordinals` sorts values.

    Numbers come before text, text before None.

    Whole numbers beyond 2**53 differ in the rest that a floating-point number leaves of them.
    """
    if value is None:
        return b"\x02"
    if not isinstance(value, int | float):
        return b"\x01" + str(value).encode("utf-8", "surrogatepass")
    double = float(min(max(value, -_LIMIT), _LIMIT)) + 0.0  # + 0.0: no negative zero
    (bits,) = struct.unpack(">Q", struct.pack(">d", double))
    rest = int(value) - int(double) if isinstance(value, int) and abs(value) < _LIMIT else 0
    return b"\x00" + struct.pack(">QQ", bits ^ (_SIGN if bits < _SIGN else _ALL), rest + _SIGN)


_SIGN, _ALL, _LIMIT = 1 << 63, (1 << 64) - 1, 1 << 100


def sketch_column(texts: Sequence[str | None], options: DedupOptions) -> arrow.Array:
    """Sketch texts: one list of `ITEMS_TYPE` a text, null for None."""
    is_text = np.array([text is not None for text in texts], dtype=np.bool_)
    batches = writing.sketch_texts((text for text in texts if text is not None), options)
    items = sketches.concatenate_sketches(batches, derive_scheme(options))
    order = np.argsort(items.documents, kind="stable")
    counts = np.zeros(len(texts) + 1, dtype=np.int32)
    counts[1:][is_text] = np.bincount(items.documents, minlength=int(is_text.sum()))
    parents, lengths = items.parents, items.stops - items.starts
    columns = [items.numbers, items.numbers[parents], items.starts, items.stops, items.sizes, lengths[parents]]
    structs = arrow.StructArray.from_arrays(
        [
            *(arrow.array(column[order].astype(np.int32)) for column in columns),
            arrow.array(items.prints[order].view(np.int64)),
            _lists(np.stack(items.keys, axis=1)[order]),
        ],
        fields=list(ITEMS_TYPE.value_type),
    )
    offsets = arrow.array(np.cumsum(counts, dtype=np.int32), mask=np.append(~is_text, False))
    return arrow.ListArray.from_arrays(offsets, structs, type=ITEMS_TYPE)


def _lists(keys: np.ndarray[Any, Any]) -> arrow.Array:
    count, bands = keys.shape
    offsets = np.arange(0, (count + 1) * bands, bands, dtype=np.int32)
    return arrow.ListArray.from_arrays(arrow.array(offsets), arrow.array(keys.ravel().view(np.int64)))
