"""Signing as a stage: documents in, their sketches out, as Arrow record batches."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as arrow

from cleaner import _kernels, decode
from cleaner.corpus import writing
from cleaner.dedup import keeper, sketches
from cleaner.dedup.lsh import derive_scheme
from cleaner.errors import CleanerError
from cleaner.formats import jsonl_rows, parquet
from cleaner.formats.base import Item, Record, Rejection
from cleaner.formats.files import SkippedFile
from cleaner.formats.jsonl_rows import Fields
from cleaner.options import DedupOptions
from cleaner.spark.arrow import records as reading
from cleaner.text.host import find_host

ITEMS = arrow.list_(
    arrow.struct(
        [
            *((name, arrow.int32()) for name in ("number", "parent", "start", "stop", "size")),
            ("print", arrow.int64()),
            ("keys", arrow.list_(arrow.int64())),
        ]
    )
)
"""A document's sketches: passages by number (0: the whole), the number each is a window of, code points, shingles."""

DOCUMENTS = arrow.schema(
    [
        ("doc", arrow.string()),
        ("text", arrow.binary()),
        ("host", arrow.string()),
        ("against", arrow.binary()),
        ("items", ITEMS),
    ]
)
"""What is compared. `against`: bytes that sort as what a document has against it as a keeper."""

RECORDS = arrow.schema(
    [
        *DOCUMENTS,
        ("file", arrow.string()),
        ("place", arrow.int64()),
        ("data", arrow.binary()),
        ("skipped", arrow.binary()),
    ]
)
"""Documents as they were read: byte in the file, line of JSON. `skipped`: why there is none, as JSON."""

BATCH_CHARACTERS = 1 << 20
"""Characters signed together."""


class Document(NamedTuple):
    """A text with its id and what keeper and host are told from."""

    id: str
    text: str
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """Signs documents that are rows: columns `doc`, `text` and a struct `record` of other fields, or null."""

    options: DedupOptions

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All but those without a text."""
        _kernels.load()
        for batch in batches:
            rows = [row for row in batch.to_pylist() if row["text"] is not None]
            found = [Document(row["doc"], row["text"], row["record"] or {}) for row in rows]
            yield arrow.RecordBatch.from_arrays(_columns(found, self.options), schema=DOCUMENTS)


@dataclass(frozen=True)
class SignRecords:
    """Signs records that `read` makes of batches, as `cleaner dedup` reads them.

    `roots`: folders that ids of files are told from. `kept`: the type of a further column `row` with the other fields
    of a record, None where there is none.
    """

    read: Callable[[Iterable[arrow.RecordBatch]], Iterator[Item]]
    options: DedupOptions
    fields: Fields
    roots: tuple[str, ...]
    kept: arrow.DataType | None = None

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All but blank lines."""
        _kernels.load()
        held: list[tuple[Item, Document | SkippedFile]] = []
        size = 0
        for item in self.read(batches):
            if isinstance(item, Record) or item.reason:
                held.append((item, self._document(item)))
                size += len(item.text or item.data) if isinstance(item, Record) else 0
            if size >= BATCH_CHARACTERS:
                yield self._batch(held)
                held, size = [], 0
        if held:
            yield self._batch(held)

    @property
    def schema(self) -> arrow.Schema:
        """What comes out."""
        return RECORDS if self.kept is None else RECORDS.append(arrow.field("row", self.kept))

    def _document(self, item: Item) -> Document | SkippedFile:
        if item.data and not (isinstance(item, Record) and item.kind):
            found = jsonl_rows.row(item.data, self.fields, item.offset, item.file)
            if isinstance(found, SkippedFile):
                return found
            key = f"{reading.target(item.file, self.roots)}@{item.offset}" if found.id is None else found.id
            return Document(key, found.text, found.record)
        if isinstance(item, Rejection):
            return SkippedFile(f"{item.file}:{item.line}" if item.line else item.file, item.reason)
        if item.kind:
            try:
                return Document(item.id, decode.decode(item.data).text, {})
            except CleanerError as error:
                return SkippedFile(item.file, str(error))
        return Document(item.id, item.text, parquet.FORMAT.fields(item))

    def _batch(self, held: Sequence[tuple[Item, Document | SkippedFile]]) -> arrow.RecordBatch:
        found = [None if isinstance(document, SkippedFile) else document for _, document in held]
        skipped = [msgspec.json.encode(document) if isinstance(document, SkippedFile) else None for _, document in held]
        columns = [
            *_columns(found, self.options),
            arrow.array([item.file for item, _ in held], arrow.string()),
            arrow.array([item.offset or item.line for item, _ in held], arrow.int64()),
            arrow.array(
                [item.data if isinstance(item, Record) and not item.kind else None for item, _ in held], arrow.binary()
            ),
            arrow.array(skipped, arrow.binary()),
        ]
        if self.kept is not None:
            records = [item if isinstance(item, Record) else None for item, _ in held]
            columns.append(reading.others(records, self.kept))
        return arrow.RecordBatch.from_arrays(columns, schema=self.schema)


def _line(item: Item) -> bytes | None:
    return item.data or None if isinstance(item, Record) and not item.kind else None


def _columns(rows: Sequence[Document | None], options: DedupOptions) -> list[arrow.Array]:
    """The columns of `DOCUMENTS`."""
    against = [row and sortable(keeper.penalty(options.keep, row.text, row.record)) for row in rows]
    return [
        arrow.array([row and row.id for row in rows], arrow.string()),
        arrow.array([row and row.text.encode("utf-8", "surrogatepass") for row in rows], arrow.binary()),
        arrow.array([row and find_host(row.id, row.record) for row in rows], arrow.string()),
        arrow.array(against, arrow.binary()),
        signed([row and row.text for row in rows], options),
    ]


def sortable(value: Any) -> bytes:
    """Bytes that sort as `keep.ordinals` sorts values: numbers before text before None.

    Whole numbers beyond 2**53 are told apart by what a floating-point number leaves of them.
    """
    if value is None:
        return b"\x02"
    if not isinstance(value, int | float):
        return b"\x01" + str(value).encode("utf-8", "surrogatepass")
    near = float(min(max(value, -_MOST), _MOST)) + 0.0
    (bits,) = struct.unpack(">Q", struct.pack(">d", near))
    rest = int(value) - int(near) if isinstance(value, int) and abs(value) < _MOST else 0
    return b"\x00" + struct.pack(">QQ", bits ^ (_SIGN if bits < _SIGN else _ALL), rest + _SIGN)


_SIGN, _ALL, _MOST = 1 << 63, (1 << 64) - 1, 1 << 100


def signed(texts: Sequence[str | None], options: DedupOptions) -> arrow.Array:
    """The sketches of texts, one list of `ITEMS` a text, null for None."""
    there = np.array([text is not None for text in texts], dtype=np.bool_)
    found = sketches.concatenate_sketches(
        writing.sketch_texts((text for text in texts if text is not None), options), derive_scheme(options)
    )
    order = np.argsort(found.documents, kind="stable")
    ends = np.zeros(len(texts) + 1, dtype=np.int32)
    ends[1:][there] = np.bincount(found.documents, minlength=int(there.sum()))
    columns = [found.numbers, found.numbers[found.parents], found.starts, found.stops, found.sizes]
    items = arrow.StructArray.from_arrays(
        [
            *(arrow.array(column[order].astype(np.int32)) for column in columns),
            arrow.array(found.prints[order].view(np.int64)),
            _lists(np.stack(found.keys, axis=1)[order]),
        ],
        fields=list(ITEMS.value_type),
    )
    offsets = arrow.array(np.cumsum(ends, dtype=np.int32), mask=np.append(~there, False))
    return arrow.ListArray.from_arrays(offsets, items, type=ITEMS)


def _lists(keys: np.ndarray[Any, Any]) -> arrow.Array:
    count, bands = keys.shape
    offsets = np.arange(0, (count + 1) * bands, bands, dtype=np.int32)
    return arrow.ListArray.from_arrays(arrow.array(offsets), arrow.array(keys.ravel().view(np.int64)))
