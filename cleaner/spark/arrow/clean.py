"""Cleaning and signing as a stage: items in, Arrow record batches out, whoever carries it out and wherever.

A row's result does not depend on its batch or its partition. It all pickles as data.
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
from cleaner.corpus.records import CleanedRecord
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.writing import RecordWriter, WrittenRecord
from cleaner.formats.base import Add, Item, Record, Rejection
from cleaner.options import CleanOptions as Normalizing
from cleaner.options import DedupOptions
from cleaner.pipeline import Pack
from cleaner.spark.arrow.records import others
from cleaner.spark.arrow.sign import ITEMS, signed

DONE, REFUSED, LEFT, COUNTS = "done", "refused", "left", "counts"
"""Kinds of rows: a clean record, one that was refused, a blank line, and what a partition counted."""

ROWS = arrow.schema(
    [
        ("kind", arrow.string()),
        ("file", arrow.string()),
        ("line", arrow.int64()),
        ("id", arrow.string()),
        ("host", arrow.string()),
        ("text", arrow.binary()),
        ("entry", arrow.binary()),
        ("rejected", arrow.binary()),
        ("head", arrow.binary()),
        ("tail", arrow.binary()),
        ("json", arrow.string()),
        ("items", ITEMS),
    ]
)
"""What cleaning leaves of every record. `entry`: its line of the ledger, of a COUNTS row the counts as JSON.

`head`, `tail`, `json`: what stands in a line before and after its text, and how that is written there.
"""


def rows_schema(kept: arrow.DataType | None) -> arrow.Schema:
    """`ROWS`, with a column `row` of this type for the other fields of a record, if there are any."""
    return ROWS if kept is None else ROWS.append(arrow.field("row", kept))


@dataclass(frozen=True)
class Clean:
    """Cleans records and signs the clean texts. `data`: the name of the output in the ledger.

    `lines`: whether the ledger also has what was refused or blank. `compared`: how texts are signed; None signs none.
    `kept`: the type of a further column `row` with the other fields of a record, None where there is none.
    """

    read: Callable[[Iterable[arrow.RecordBatch]], Iterator[Item]]
    pack: Pack
    options: Normalizing
    encoding: str | None
    data: str
    add: Add
    lines: bool
    compared: DedupOptions | None
    kept: arrow.DataType | None = None

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All rows of a partition, then one with its counts."""
        _kernels.load()
        found = RunSummary()
        writing = RecordWriter(lambda record: self.data, self.add, self.data if self.lines else None)
        reads = (stage.read_record(item, self.encoding) for item in self.read(batches))
        for block in stage.clean_records(reads, self.pack, self.options):
            yield self._batch(list(step.write_records(block, writing, found)))
        yield counts(found, self.schema)

    @property
    def schema(self) -> arrow.Schema:
        """What comes out."""
        return rows_schema(self.kept)

    def _batch(self, rows: Sequence[WrittenRecord]) -> arrow.RecordBatch:
        made = [_columns(row) for row in rows]
        columns: dict[str, Any] = {name: [row.get(name) for row in made] for name in ROWS.names}
        if self.compared is not None:
            columns["items"] = signed([_text(row) for row in rows], self.compared)
        if self.kept is not None:
            records = [row.item.read.record if isinstance(row.item, CleanedRecord) else None for row in rows]
            columns["row"] = others(records, self.kept)
        return arrow.RecordBatch.from_pydict(columns, self.schema)


def _columns(row: WrittenRecord) -> dict[str, Any]:
    if isinstance(row.item, Rejection):
        kind = REFUSED if row.item.reason else LEFT
        made = {"entry": row.entry, "rejected": row.rejection}
        return {"kind": kind, "file": row.item.file, "line": row.item.line, **made}
    record = row.item.read.record
    text = row.item.cleaned.text.encode("utf-8", "surrogatepass")
    known = {"file": record.file, "line": record.line, "id": record.id, "host": record.host}
    return {"kind": DONE, **known, "text": text, "entry": row.entry, **_around(record)}


def _around(record: Record) -> dict[str, Any]:
    if not isinstance(record.rest, tuple) or not record.data:
        return {}
    start, stop = record.rest
    return {"head": record.data[:start], "tail": record.data[stop:], "json": record.encoding}


def _text(row: WrittenRecord) -> str | None:
    return row.item.cleaned.text if isinstance(row.item, CleanedRecord) else None


def counts(found: RunSummary, schema: arrow.Schema) -> arrow.RecordBatch:
    """What a partition counted, as a row of `ROWS` and its further columns."""
    held = {"kind": COUNTS, "entry": msgspec.json.encode(found.as_dict())}
    return arrow.RecordBatch.from_pydict({name: [held.get(name)] for name in schema.names}, schema)
