"""The stage that cleans records and sketches the clean texts.

A row's result does not depend on its batch or its partition. The stage pickles as data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as arrow

from cleaner import _kernels
from cleaner.corpus import records as stage
from cleaner.corpus import writing as step
from cleaner.corpus.reading import read_record
from cleaner.corpus.records import CleanedRecord
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.writing import RecordWriter, WrittenRecord
from cleaner.decode import DecodeOptions
from cleaner.formats.base import Add, Item, Record, Rejection
from cleaner.options import CleanOptions as Normalizing
from cleaner.options import DedupOptions
from cleaner.pipeline import Pack
from cleaner.spark.arrow.records import other_fields
from cleaner.spark.arrow.sign import ITEMS_TYPE, sketch_column

CLEAN_ROW, REJECT_ROW, BLANK_ROW, COUNTS_ROW = "clean", "reject", "blank", "counts"
"""Kinds of rows: a clean record, a rejected one, a blank line, and the counts of a partition."""

ROW_SCHEMA = arrow.schema(
    [
        ("kind", arrow.string()),
        ("file", arrow.string()),
        ("line", arrow.int64()),
        ("id", arrow.string()),
        ("host", arrow.string()),
        ("text", arrow.binary()),
        ("entry", arrow.binary()),
        ("reject", arrow.binary()),
        ("head", arrow.binary()),
        ("tail", arrow.binary()),
        ("json", arrow.string()),
        ("items", ITEMS_TYPE),
    ]
)
"""A cleaned record. `entry`: its line of the ledger; of a COUNTS_ROW the counts as JSON. `reject`: a line of rejects.

`head`, `tail`: the bytes of a JSON line before and after its text. `json`: the encoding of the text there.
"""


def rows_schema(other_fields: arrow.DataType | None) -> arrow.Schema:
    """Extend `ROW_SCHEMA` by a column `row` of this type, where records have other fields."""
    return ROW_SCHEMA if other_fields is None else ROW_SCHEMA.append(arrow.field("row", other_fields))


@dataclass(frozen=True)
class CleanStage:
    """Cleans records and sketches the clean texts.

    `output`: the name of the output in the ledger. `ledger_is_complete`: whether the ledger has rejects and blank lines
    too. `dedup`: how texts are sketched; None sketches none. `other_fields`: the type of a further column `row` with
    the other fields of a record, None where there is none.
    """

    read: Callable[[Iterable[arrow.RecordBatch]], Iterator[Item]]
    pack: Pack
    options: Normalizing
    decoding: DecodeOptions
    output: str
    add: Add
    ledger_is_complete: bool
    dedup: DedupOptions | None
    other_fields: arrow.DataType | None = None

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield all rows of a partition, then one with its counts."""
        _kernels.load()
        summary = RunSummary()
        writing = RecordWriter(lambda record: self.output, self.add, self.output if self.ledger_is_complete else None)
        reads = (read_record(item, self.decoding) for item in self.read(batches))
        for batch in stage.clean_records(reads, self.pack, self.options):
            yield self._batch(list(step.write_records(batch, writing, summary)))
        yield counts_batch(summary, self.schema)

    @property
    def schema(self) -> arrow.Schema:
        """Schema of the rows."""
        return rows_schema(self.other_fields)

    def _batch(self, rows: Sequence[WrittenRecord]) -> arrow.RecordBatch:
        values = [_values(row) for row in rows]
        columns: dict[str, Any] = {name: [row.get(name) for row in values] for name in ROW_SCHEMA.names}
        if self.dedup is not None:
            columns["items"] = sketch_column([_text(row) for row in rows], self.dedup)
        if self.other_fields is not None:
            records = [row.item.read.record if isinstance(row.item, CleanedRecord) else None for row in rows]
            columns["row"] = other_fields(records, self.other_fields)
        return arrow.RecordBatch.from_pydict(columns, self.schema)


def _values(row: WrittenRecord) -> dict[str, Any]:
    if isinstance(row.item, Rejection):
        kind = REJECT_ROW if row.item.reason else BLANK_ROW
        lines = {"entry": row.entry, "reject": row.rejection}
        return {"kind": kind, "file": row.item.file, "line": row.item.line, **lines}
    record = row.item.read.record
    text = row.item.cleaned.text.encode("utf-8", "surrogatepass")
    origin = {"file": record.file, "line": record.line, "id": record.id, "host": record.host}
    return {"kind": CLEAN_ROW, **origin, "text": text, "entry": row.entry, **_line_around_text(record)}


def _line_around_text(record: Record) -> dict[str, Any]:
    if not isinstance(record.rest, tuple) or not record.data:
        return {}
    start, stop = record.rest
    return {"head": record.data[:start], "tail": record.data[stop:], "json": record.encoding}


def _text(row: WrittenRecord) -> str | None:
    return row.item.cleaned.text if isinstance(row.item, CleanedRecord) else None


def counts_batch(summary: RunSummary, schema: arrow.Schema) -> arrow.RecordBatch:
    """Encode the counts of a partition as one row of a schema."""
    row = {"kind": COUNTS_ROW, "entry": msgspec.json.encode(summary.as_dict())}
    return arrow.RecordBatch.from_pydict({name: [row.get(name)] for name in schema.names}, schema)
