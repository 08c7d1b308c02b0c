"""Stages that make records of matches: their places in copies and keepers, spans as lines of JSON, and their cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from cleaner import _kernels
from cleaner.dedup import keeper
from cleaner.dedup.span_search import in_memory
from cleaner.dedup.spans import origins, places
from cleaner.dedup.spans.column_store import MemoryColumns
from cleaner.dedup.spans.copied_passages import CopiedPassage, mark_places
from cleaner.dedup.spans.matches import SpanMatches, distinct_matches
from cleaner.dedup.spans.places import CopyPlaces, Places
from cleaner.dedup.spans.records import RepeatedSpan
from cleaner.dedup.spans.table import Names, tabulate
from cleaner.options import DedupOptions
from cleaner.spark.arrow.batches import split_by_size, to_array, to_texts, whole_runs

_HINTS = (
    ("size", arrow.int64()),
    ("is_whole", arrow.bool_()),
    ("text_hash", arrow.int64()),
    ("share", arrow.float64()),
    ("is_quoted", arrow.bool_()),
    ("is_licence", arrow.bool_()),
)
"""What is known of a place besides where it is, as `Places` has it."""
COPY_PLACE_SCHEMA = arrow.schema(
    [
        ("keeper_rank", arrow.int64()),
        ("keeper_ink_start", arrow.int64()),
        ("copy", arrow.string()),
        ("copy_host", arrow.string()),
        ("copy_start", arrow.int64()),
        ("copy_stop", arrow.int64()),
        *_HINTS,
    ]
)
"""Places in copies, with where they begin in the ink of the keeper, which goes by its rank."""
PLACE_SCHEMA = arrow.schema(
    [
        ("keeper", arrow.string()),
        ("keeper_host", arrow.string()),
        ("keeper_start", arrow.int64()),
        ("keeper_stop", arrow.int64()),
        ("state", arrow.int64()),
        *list(COPY_PLACE_SCHEMA)[2:],
    ]
)
"""Places in copies and keepers. `state`: see `origins.find_states`."""
SPAN_KEY = ("keeper", "keeper_start", "keeper_stop", "state")
"""Columns that places of one span share."""
SPAN_SCHEMA = arrow.schema([("value", arrow.binary()), ("places", arrow.int64())])
"""A span as a line of JSON without its break, and how many places repeat it."""
CUT_SCHEMA = arrow.schema([("doc", arrow.string()), ("start", arrow.int64()), ("stop", arrow.int64())])


@dataclass(frozen=True)
class PlaceCopiesStage:
    """Places matches in their copies.

    A row is a text (`copy_rank`, `doc`, `host`, `text`, copied `passages`) with all its `matches`.
    """

    options: DedupOptions

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield places but those that lie in copied passages, if overlaps are not asked for."""
        _kernels.load()
        for batch in batches:
            for part in split_by_size(batch, "text"):
                yield from self._place(part)

    def _place(self, batch: arrow.RecordBatch) -> Iterator[arrow.RecordBatch]:
        details = batch.column("matches").flatten()
        starts, keepers, keeper_starts, lengths = (
            details.field(name).to_numpy(zero_copy_only=False)
            for name in ("copy_start", "keeper", "keeper_start", "length")
        )
        ranks, numbers = np.unique(np.append(to_array(batch, "copy_rank"), keepers), return_inverse=True)
        copies, keeper_numbers = numbers[: batch.num_rows], numbers[batch.num_rows :]
        owners = np.repeat(copies, batch.column("matches").value_lengths().to_numpy())
        row_of = np.zeros(len(ranks), dtype=np.int64)
        row_of[copies] = np.arange(batch.num_rows)
        contents = [""] * len(ranks)
        for number, text in zip(copies.tolist(), to_texts(batch.column("text")), strict=True):
            contents[number] = text
        source = in_memory(contents, self.options.min_span)
        matches = distinct_matches(SpanMatches(owners, starts, keeper_numbers, keeper_starts, lengths))
        for found in places.place_copies(matches, np.arange(len(ranks)), source.lengths, source.fetch):
            yield self._to_batch(batch.take(arrow.array(row_of[found.copies])), found, ranks[found.keepers])

    def _to_batch(self, rows: arrow.RecordBatch, copies: CopyPlaces, ranks: NDArray[np.int64]) -> arrow.RecordBatch:
        columns = {
            "keeper_rank": arrow.array(ranks),
            "keeper_ink_start": arrow.array(copies.keeper_ink_starts),
            "copy": rows.column("doc"),
            "copy_host": rows.column("host"),
            "copy_start": arrow.array(copies.copy_starts),
            "copy_stop": arrow.array(copies.copy_stops),
            "size": arrow.array(copies.sizes),
            "is_whole": arrow.array(copies.is_whole),
            "text_hash": arrow.array(copies.text_hashes.view(np.int64)),
            "share": arrow.array(copies.shares),
            "is_quoted": arrow.array(copies.is_quoted),
            "is_licence": arrow.array(copies.is_licence),
        }
        batch = arrow.RecordBatch.from_pydict(columns, COPY_PLACE_SCHEMA)
        if self.options.has_overlaps:
            return batch
        lie = mark_places(CopiedPassage.holds, copies.copy_starts, copies.copy_stops, _passages(rows))
        return batch.filter(arrow.array(~lie))


def _passages(rows: arrow.RecordBatch) -> list[list[CopiedPassage]]:
    """Return the copied passages of the document of each row."""
    column = rows.column("passages").to_pylist()
    return [[CopiedPassage(**passage) for passage in passages or ()] for passages in column]


def place_keepers(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Place what copies repeat in their keepers; yield all but what an edited copy endangers.

    Args:
        batches: rows of places, sorted by `keeper_rank`, before those of each keeper one with its text (`doc`, `host`,
            `text`, copied `passages`), which is carried to the next batch.
    """
    carry: list[arrow.RecordBatch] = []
    for batch in batches:
        if batch.num_rows:
            (rows,) = arrow.Table.from_batches([*carry, batch]).combine_chunks().to_batches()
            is_text = compute.is_valid(rows.column("text")).to_numpy(zero_copy_only=False)
            yield _place_keepers(rows, is_text)
            carry = [rows.slice(int(np.flatnonzero(is_text)[-1]), 1)]


def _place_keepers(rows: arrow.RecordBatch, is_text: NDArray[np.bool_]) -> arrow.RecordBatch:
    keepers = np.cumsum(is_text)[~is_text] - 1
    texts, copies = rows.filter(arrow.array(is_text)), rows.filter(arrow.array(~is_text))
    source = in_memory(to_texts(texts.column("text")), 0)
    result = places.place_keepers(_to_copy_places(copies, keepers), source.lengths, source.fetch)
    there = texts.select(["doc", "host", "passages"]).take(arrow.array(keepers))
    columns = {
        "keeper": there.column("doc"),
        "keeper_host": there.column("host"),
        "keeper_start": arrow.array(result.keeper_starts),
        "keeper_stop": arrow.array(result.keeper_stops),
        "state": arrow.array(origins.find_states(result), arrow.int64()),
        **{name: copies.column(name) for name in PLACE_SCHEMA.names[len(SPAN_KEY) + 1 :]},
    }
    batch = arrow.RecordBatch.from_pydict(columns, PLACE_SCHEMA)
    lose = mark_places(CopiedPassage.endangers, result.keeper_starts, result.keeper_stops, _passages(there))
    return batch.filter(arrow.array(~lose))


def _to_copy_places(rows: arrow.RecordBatch | arrow.Table, keepers: NDArray[np.int64]) -> CopyPlaces:
    """Read the columns of places; copies are not numbered."""
    column = _reader(rows)
    return CopyPlaces(
        copies=np.zeros(rows.num_rows, dtype=np.int64),
        copy_starts=column("copy_start"),
        copy_stops=column("copy_stop"),
        keepers=keepers,
        keeper_ink_starts=column("keeper_ink_start"),
        sizes=column("size"),
        is_whole=column("is_whole").astype(np.bool_),
        text_hashes=column("text_hash").astype(np.int64).view(np.uint64),
        shares=column("share"),
        is_quoted=column("is_quoted").astype(np.bool_),
        is_licence=column("is_licence").astype(np.bool_),
    )


def _reader(rows: arrow.RecordBatch | arrow.Table) -> Callable[[str], NDArray[Any]]:
    return lambda name: to_array(rows, name)


def encode_spans(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Encode spans as lines of JSON.

    Args:
        batches: places sorted by `SPAN_KEY`, then `copy` and `copy_start`; those of one span are in memory together.
    """
    for rows in whole_runs(batches, SPAN_KEY):
        columns = arrow.chunked_array([*rows.column("copy").chunks, *rows.column("keeper").chunks])
        encoded_names = columns.combine_chunks().dictionary_encode()
        ids = encoded_names.dictionary.to_pylist()
        copies, keepers = np.split(encoded_names.indices.to_numpy().astype(np.int64), 2)
        hosts = dict(zip(copies.tolist(), rows.column("copy_host").to_pylist(), strict=True))
        hosts |= dict(zip(keepers.tolist(), rows.column("keeper_host").to_pylist(), strict=True))
        names = Names(ids, keeper.id_order(ids), [hosts[number] or "" for number in range(len(ids))])
        table = tabulate(_to_places(rows, copies, keepers), names, MemoryColumns())
        lines = b"".join(table.encode()).removesuffix(b"\n").split(b"\n")
        yield arrow.RecordBatch.from_pydict({"value": lines, "places": table.sizes}, SPAN_SCHEMA)


def _to_places(rows: arrow.Table, copies: NDArray[np.int64], keepers: NDArray[np.int64]) -> Places:
    column = _reader(rows)
    return Places(
        copies=copies,
        copy_starts=column("copy_start"),
        copy_stops=column("copy_stop"),
        keepers=keepers,
        keeper_starts=column("keeper_start"),
        keeper_stops=column("keeper_stop"),
        is_whole=column("is_whole"),
        text_hashes=column("text_hash").view(np.uint64),
        sizes=column("size"),
        shares=column("share"),
        is_quoted=column("is_quoted"),
        is_licence=column("is_licence"),
    )


def list_cuts(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """List the places that dropping removes of spans that are lines of JSON (`value`)."""
    decoder = msgspec.json.Decoder(RepeatedSpan)
    for batch in batches:
        cuts = [place for line in batch.column("value").to_pylist() for place in decoder.decode(line).cuts]
        rows = [(cut.document, cut.span.start, cut.span.stop) for cut in cuts]
        yield arrow.RecordBatch.from_pylist([dict(zip(CUT_SCHEMA.names, row, strict=True)) for row in rows], CUT_SCHEMA)
