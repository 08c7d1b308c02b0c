"""Cleaning and signing as a stage: items in, Arrow record batches out, whoever carries it out and wherever.

A row's result does not depend on its batch or its partition. It all pickles as data.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

import msgspec
import numpy as np
import pyarrow as arrow

from cleaner.cleaning import Pack
from cleaner.dedup import fast, hosts, keep, sketch
from cleaner.dedup.collection import Options
from cleaner.engines import stage, step
from cleaner.engines.stage import Done
from cleaner.engines.step import Row, Writing
from cleaner.formats.records import Add, Item, Record, Rejected
from cleaner.normalize.steps import Options as Normalizing
from cleaner.report.summary import Summary

DONE, REFUSED, LEFT, COUNTS = "done", "refused", "left", "counts"
"""Kinds of rows: a clean record, one that was refused, a blank line, and what a partition counted."""

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
    compared: Options | None
    kept: arrow.DataType | None = None

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All rows of a partition, then one with its counts."""
        fast.load()
        found = Summary()
        writing = Writing(lambda record: self.data, self.add, self.data if self.lines else None)
        reads = (stage.read(item, self.encoding) for item in self.read(batches))
        for block in stage.clean(reads, self.pack, self.options):
            yield self._batch(list(step.rows(block, writing, found)))
        yield counts(found, self.schema)

    @property
    def schema(self) -> arrow.Schema:
        """What comes out."""
        return rows_schema(self.kept)

    def _batch(self, rows: Sequence[Row]) -> arrow.RecordBatch:
        made = [_columns(row) for row in rows]
        columns: dict[str, Any] = {name: [row.get(name) for row in made] for name in ROWS.names}
        if self.compared is not None:
            columns["items"] = signed([_text(row) for row in rows], self.compared)
        if self.kept is not None:
            columns["row"] = _others(rows, self.kept)
        return arrow.RecordBatch.from_pydict(columns, self.schema)


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


@dataclass(frozen=True)
class Sign:
    """Signs documents that are rows: columns `doc`, `text` and a struct `record` of other fields, or null."""

    options: Options

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All but those without a text."""
        fast.load()
        for batch in batches:
            rows = [row for row in batch.to_pylist() if row["text"] is not None]
            yield documents([(row["doc"], row["text"], row["record"] or {}) for row in rows], self.options)


def documents(rows: Sequence[tuple[str, str, Mapping[str, Any]]], options: Options) -> arrow.RecordBatch:
    """Id, text and fields of each document as rows to compare."""
    return arrow.RecordBatch.from_arrays(
        [
            arrow.array([key for key, _, _ in rows], arrow.string()),
            arrow.array([text.encode("utf-8", "surrogatepass") for _, text, _ in rows], arrow.binary()),
            arrow.array([hosts.host(key, record) for key, _, record in rows], arrow.string()),
            arrow.array(
                [sortable(keep.demerit(options.keep, text, record)) for _, text, record in rows], arrow.binary()
            ),
            signed([text for _, text, _ in rows], options),
        ],
        schema=DOCUMENTS,
    )


def _against(policy: str, text: str, record: Mapping[str, Any]) -> bytes:
    return sortable(keep.demerit(policy, text, record))


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


def _columns(row: Row) -> dict[str, Any]:
    if isinstance(row.item, Rejected):
        kind = REFUSED if row.item.reason else LEFT
        made = {"entry": row.entry, "rejected": row.rejected}
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


def _text(row: Row) -> str | None:
    return row.item.cleaned.text if isinstance(row.item, Done) else None


def _others(rows: Sequence[Row], kind: arrow.DataType) -> arrow.Array:
    """The other fields of records that were rows of batches, null for what was refused."""
    rests = [row.item.read.record.rest for row in rows if isinstance(row.item, Done)]
    if not rests:
        return arrow.nulls(len(rows), kind)
    taken = []
    for _, group in groupby(rests, key=lambda rest: id(rest[0])):
        batches, at = zip(*group, strict=True)
        columns = [batches[0].column(field.name).cast(field.type) for field in kind]
        taken.append(arrow.StructArray.from_arrays(columns, fields=list(kind)).take(arrow.array(at)))
    number = count()
    places = [next(number) if isinstance(row.item, Done) else None for row in rows]
    return arrow.concat_arrays(taken).take(arrow.array(places, arrow.int64()))


def counts(found: Summary, schema: arrow.Schema) -> arrow.RecordBatch:
    """What a partition counted, as a row of `ROWS` and its further columns."""
    held = {"kind": COUNTS, "entry": msgspec.json.encode(found.as_dict())}
    return arrow.RecordBatch.from_pydict({name: [held.get(name)] for name in schema.names}, schema)


def signed(texts: Sequence[str | None], options: Options) -> arrow.Array:
    """The sketches of texts, one list of `ITEMS` a text, null for None."""
    there = np.array([text is not None for text in texts], dtype=np.bool_)
    found = sketch.joined(step.sketches((text for text in texts if text is not None), options), options.scheme)
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
