"""Stages that write: lines of the output, rows without copied passages, pairs and clusters as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as arrow
import pyarrow.compute as compute

from cleaner import ledger
from cleaner.corpus import writing
from cleaner.corpus.dedup.report import ClusterLine
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.writing import reject_repeated_id
from cleaner.dedup import keeper, pairs
from cleaner.dedup.pairs import Pair
from cleaner.formats.base import Reading, Record
from cleaner.formats.shared import json_records, json_values
from cleaner.formats.storage.streams import FileLine
from cleaner.model import Span
from cleaner.spark.arrow.clean import counts_batch
from cleaner.text import edits

LINE_SCHEMA = arrow.schema([("value", arrow.binary())])
"""Lines without their breaks."""


def encode_records(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Encode rows of `head`, `tail`, `json` and `text` as lines of JSON."""
    for batch in batches:
        lines = [_line(row, row["text"].decode("utf-8", "surrogatepass")) for row in batch.to_pylist()]
        yield _line_batch([line.removesuffix(b"\n") for line in lines])


def _line_batch(lines: list[bytes]) -> arrow.RecordBatch:
    return arrow.RecordBatch.from_pydict({"value": lines}, LINE_SCHEMA)


def _line(row: Mapping[str, Any], text: str) -> bytes:
    return bytes(row["head"] + json_values.encode_string(text, row["json"]) + row["tail"])


def encode_pairs(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Encode pairs, a column a field and two a span, as lines of JSON."""
    for batch in batches:
        yield _line_batch([msgspec.json.encode(_pair(row)) for row in batch.to_pylist()])


def _pair(row: dict[str, Any]) -> Pair:
    for side in ("copy", "keeper"):
        row[f"{side}_span"] = Span(row.pop(f"{side}_start"), row.pop(f"{side}_stop"))
    return Pair(**row)


def encode_repeated_ids(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Encode records with the id of an earlier one as rejects.

    Columns: `id`, `file`, `line`, `first_file`, `first_line`.
    """
    for batch in batches:
        rejections = [
            reject_repeated_id(row["id"], (row["file"], row["line"]), (row["first_file"], row["first_line"]))
            for row in batch.to_pylist()
        ]
        yield _line_batch([writing.encode_rejected(rejection).removesuffix(b"\n") for rejection in rejections])


@dataclass(frozen=True)
class CutCopiesStage:
    """Cuts copied passages out of clean rows.

    Rows are those of `schema`, with `copies`, a list of passage, start and stop.
    """

    schema: arrow.Schema

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield all rows of a partition, then one with its counts."""
        summary = RunSummary()
        for batch in batches:
            rows = batch.select(["host", "text", "entry", *_LINE_AROUND_TEXT, "copies"]).to_pylist()
            texts, entries = zip(*(_cut_copies(row, summary) for row in rows), strict=True) if rows else ((), ())
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            columns["text"] = arrow.array(texts, arrow.binary())
            columns["entry"] = arrow.array(entries, arrow.binary())
            yield arrow.RecordBatch.from_arrays([columns[name] for name in self.schema.names], schema=self.schema)
        yield counts_batch(summary, self.schema)


_LINE_AROUND_TEXT = ("head", "tail", "json")


def _cut_copies(row: dict[str, Any], summary: RunSummary) -> tuple[bytes, bytes]:
    """Return the text and the line of the ledger after one more pass."""
    before = row["text"].decode("utf-8", "surrogatepass")
    cuts = pairs.removal_edits([_copy(**copy) for copy in row["copies"]], before)
    text = edits.apply(before, cuts)
    data = text.encode("utf-8", "surrogatepass")
    output = data if row["head"] is None else _line(row, text)
    summary.remove(pairs.PASSAGE_RULE, len(cuts), sum(cut.span.stop - cut.span.start for cut in cuts), row["host"])
    return data, ledger.encode_entry(ledger.extend(ledger.decode_entry(row["entry"]), before, cuts, output))


def _copy(passage: int, start: int, stop: int) -> Pair:
    """Make a pair that has only the copy's passage and span."""
    return Pair("", passage, "", 0, Span(start, stop), Span(0, 0), 1.0, 1.0, "")


@dataclass(frozen=True)
class RemoveCopiesStage:
    """Removes copies from documents (`text`, `data`, `copies`, `spans`).

    Whole documents are left out, passages and repeated spans cut from the texts.

    `reading`: how `data`, a line of JSON, is read where there is one.
    """

    reading: Reading

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield the rows that stay, with `value`, the line or the text."""
        columns = ["text", "data", "copies", "spans"]
        for batch in batches:
            values = arrow.array(map(self._without_copies, batch.select(columns).to_pylist()), arrow.binary())
            rows = batch.drop_columns(columns).append_column("value", values)
            yield rows.filter(compute.is_valid(rows.column("value")))

    def _without_copies(self, row: Mapping[str, Any]) -> bytes | None:
        before = row["text"].decode("utf-8", "surrogatepass")
        spans = [Span(**span) for span in row["spans"] or ()]
        cuts = pairs.removal_edits([_copy(**copy) for copy in row["copies"] or ()], before, spans=spans)
        if any(cut.rule == pairs.TEXT_RULE for cut in cuts):
            return None
        text = edits.apply(before, cuts)
        if row["data"] is None:
            return text.encode("utf-8", "surrogatepass")
        record = json_records.parse_line("", FileLine(1, 0, 0, row["data"]), self.reading)
        assert isinstance(record, Record)
        return json_records.replace_in_line(record, record.text if record.pages else text).removesuffix(b"\n")


@dataclass(frozen=True)
class EncodeClustersStage:
    """Encodes clusters (`cluster`, `unit`, `copies`) as lines of JSON."""

    policy: str

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield a line a cluster."""
        for batch in batches:
            why = f"{keeper.describe_policy(self.policy)}; ties to the smallest id"
            rows = [ClusterLine(keeper=row["cluster"], why=why, **row) for row in batch.to_pylist()]
            yield _line_batch([msgspec.json.encode(row) for row in rows])
