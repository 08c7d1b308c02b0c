"""What becomes of clean rows, as stages: lines of the output, rows without copied passages, pairs as JSON."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as arrow
import pyarrow.compute as compute

from cleaner import ledger
from cleaner.corpus import writing
from cleaner.corpus.dedup.run import ClusterLine
from cleaner.corpus.report.summary import RunSummary
from cleaner.corpus.row_store import reject_repeated_id
from cleaner.dedup import keeper, pairs
from cleaner.dedup.pairs import Pair
from cleaner.formats import json_values
from cleaner.ledger import LedgerEntry
from cleaner.model import Span
from cleaner.spark.arrow.clean import counts
from cleaner.text import edits

LINE = arrow.schema([("value", arrow.binary())])
"""Lines without their breaks."""

_ENTRY = msgspec.json.Decoder(LedgerEntry)


def lines(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Rows of `head`, `tail`, `json` and `text` as lines of JSON."""
    for batch in batches:
        made = [_line(row, row["text"].decode("utf-8", "surrogatepass")) for row in batch.to_pylist()]
        yield arrow.RecordBatch.from_pydict({"value": [line.removesuffix(b"\n") for line in made]}, LINE)


def _line(row: Mapping[str, Any], text: str) -> bytes:
    return bytes(row["head"] + json_values.encode_string(text, row["json"]) + row["tail"])


def told(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Pairs, a column a field and two a span, as lines of JSON."""
    for batch in batches:
        made = [msgspec.json.encode(_pair(row)) for row in batch.to_pylist()]
        yield arrow.RecordBatch.from_pydict({"value": made}, LINE)


def _pair(row: dict[str, Any]) -> Pair:
    for side in ("copy", "keeper"):
        row[f"{side}_span"] = Span(row.pop(f"{side}_start"), row.pop(f"{side}_stop"))
    return Pair(**row)


def repeated(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Records (`id`, `file`, `line`) with the id of an earlier one (`first_file`, `first_line`) as refused lines."""
    for batch in batches:
        found = [
            reject_repeated_id(row["id"], (row["file"], row["line"]), (row["first_file"], row["first_line"]))
            for row in batch.to_pylist()
        ]
        yield arrow.RecordBatch.from_pydict(
            {"value": [writing.encode_rejected(item).removesuffix(b"\n") for item in found]}, LINE
        )


@dataclass(frozen=True)
class Drop:
    """Takes copied passages out of clean rows: those of `schema` with `copies`, a list of passage, start and stop."""

    schema: arrow.Schema

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """All rows of a partition, then one with what it counted."""
        found = RunSummary()
        for batch in batches:
            made = [
                _dropped(row, found) for row in batch.select(["host", "text", "entry", *_AROUND, "copies"]).to_pylist()
            ]
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            columns["text"] = arrow.array([text for text, _ in made], arrow.binary())
            columns["entry"] = arrow.array([entry for _, entry in made], arrow.binary())
            yield arrow.RecordBatch.from_arrays([columns[name] for name in self.schema.names], schema=self.schema)
        yield counts(found, self.schema)


_AROUND = ("head", "tail", "json")


def _dropped(row: dict[str, Any], found: RunSummary) -> tuple[bytes, bytes]:
    """The text and the line of the ledger after one more pass."""
    before = row["text"].decode("utf-8", "surrogatepass")
    made = pairs.removal_edits([_copied(**copy) for copy in row["copies"]], before)
    text = edits.apply(before, made)
    data = text.encode("utf-8", "surrogatepass")
    written = data if row["head"] is None else _line(row, text)
    found.remove(pairs.PASSAGE_RULE, len(made), sum(e.span.stop - e.span.start for e in made), row["host"])
    return data, ledger.encode_entry(ledger.extend(_ENTRY.decode(row["entry"]), before, made, written))


def _copied(passage: int, start: int, stop: int) -> Pair:
    """A pair of which only the copy's place is known."""
    return Pair("", passage, "", 0, Span(start, stop), Span(0, 0), 1.0, 1.0, "")


@dataclass(frozen=True)
class Left:
    """What stays of documents (`text`, `data`, `copies`) without their copies: lines where `data` has one, or texts.

    `field`: the key of the text.
    """

    field: str

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """The rows that stay, with `value`, the line or the text."""
        for batch in batches:
            made = [self._left(row) for row in batch.select(["text", "data", "copies"]).to_pylist()]
            kept = batch.drop_columns(["text", "data", "copies"]).append_column(
                "value", arrow.array(made, arrow.binary())
            )
            yield kept.filter(compute.is_valid(kept.column("value")))

    def _left(self, row: Mapping[str, Any]) -> bytes | None:
        before = row["text"].decode("utf-8", "surrogatepass")
        made = pairs.removal_edits([_copied(**copy) for copy in row["copies"] or ()], before)
        if any(edit.rule == pairs.TEXT_RULE for edit in made):
            return None
        text = edits.apply(before, made)
        if row["data"] is None:
            return text.encode("utf-8", "surrogatepass")
        record = msgspec.json.decode(row["data"].removeprefix(codecs.BOM_UTF8))
        return msgspec.json.encode({**record, self.field: text})


@dataclass(frozen=True)
class Clusters:
    """Clusters (`cluster`, `unit`, `copies`) as lines of JSON."""

    policy: str

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """A line a cluster."""
        for batch in batches:
            why = f"{keeper.describe_policy(self.policy)}; ties to the smallest id"
            rows = [ClusterLine(keeper=row["cluster"], why=why, **row) for row in batch.to_pylist()]
            yield arrow.RecordBatch.from_pydict({"value": [msgspec.json.encode(row) for row in rows]}, LINE)
