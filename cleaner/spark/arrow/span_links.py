"""Stages that find what texts share: anchors, the anchors each is compared with, and matches.

Texts go by rank, the best keeper first, so a rank is the name of a text here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from cleaner import _kernels
from cleaner.dedup.spans import anchors, find, matches
from cleaner.dedup.spans.buckets import Buckets
from cleaner.dedup.spans.folds import fold_texts
from cleaner.dedup.spans.matches import Links
from cleaner.spark.arrow.batches import split_by_size, to_array, to_texts
from cleaner.text.segments import run_ids, run_start_mask

ANCHOR_SCHEMA = arrow.schema([("key", arrow.int64()), ("rank", arrow.int64()), ("position", arrow.int64())])
"""The position is in the text's ink."""
PARTNERS_TYPE = arrow.list_(arrow.struct([("keeper", arrow.int64()), ("keeper_position", arrow.int64())]))
LINK_SCHEMA = arrow.schema([("copy", arrow.int64()), ("copy_position", arrow.int64()), ("partners", PARTNERS_TYPE)])
"""Anchors with those they are compared with, one after the other until a match is deep."""
MATCH_SCHEMA = arrow.schema(
    [
        ("copy", arrow.int64()),
        ("copy_start", arrow.int64()),
        ("keeper", arrow.int64()),
        ("keeper_start", arrow.int64()),
        ("length", arrow.int64()),
        ("partners", PARTNERS_TYPE),
    ]
)
"""Matches; and where the length is 0, anchors, at `copy_start`, that are to be compared with other partners."""


@dataclass(frozen=True)
class AnchorStage:
    """Finds the anchors of texts (`rank`, `text`)."""

    min_span: int

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield an anchor a row."""
        _kernels.load()
        for batch in batches:
            for part in split_by_size(batch, "text"):
                keys, texts, positions = anchors.find_anchors(to_texts(part.column("text")), self.min_span)
                columns = (keys.view(np.int64), to_array(part, "rank")[texts], positions.astype(np.int64))
                yield arrow.RecordBatch.from_arrays(list(map(arrow.array, columns)), schema=ANCHOR_SCHEMA)


def link_anchors(batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
    """Link each anchor but the best of a bucket with the best and the few right before it.

    Args:
        batches: anchors sorted by `key`, `rank` and `position`; a few rows of a bucket are carried to the next batch.
    """
    carry = [np.empty(0, dtype=np.int64)] * len(ANCHOR_SCHEMA)
    for batch in batches:
        if not batch.num_rows:
            continue
        carry_size = len(carry[0])
        new_columns = (to_array(batch, name) for name in ANCHOR_SCHEMA.names)
        columns = [np.append(before, column) for before, column in zip(carry, new_columns, strict=True)]
        keys, ranks, positions = columns
        firsts = np.flatnonzero(run_start_mask(keys))[run_ids(keys)]
        rows = np.arange(len(keys))
        followers = rows[(rows >= carry_size) & (rows != firsts)]
        yield _link(Buckets(ranks, positions, firsts), followers)
        first = int(firsts[-1])
        carry_rows = [first, *range(max(first + 1, len(keys) - find.ATTEMPTS + 1), len(keys))]
        carry = [column[carry_rows] for column in columns]


def _link(buckets: Buckets, followers: NDArray[np.int64]) -> arrow.RecordBatch:
    partners = np.stack([buckets.partners(followers, attempt) for attempt in range(find.ATTEMPTS)], axis=1)
    is_partner = partners >= 0
    offsets = np.concatenate(([0], np.cumsum(is_partner.sum(axis=1)))).astype(np.int32)
    rows = partners[is_partner]
    columns = (buckets.texts[followers], buckets.positions[followers])
    lists = _partner_lists(offsets, buckets.texts[rows], buckets.positions[rows])
    return arrow.RecordBatch.from_arrays([*map(arrow.array, columns), lists], schema=LINK_SCHEMA)


def _partner_lists(offsets: NDArray[np.int32], keepers: NDArray[Any], positions: NDArray[Any]) -> arrow.Array:
    structs = arrow.StructArray.from_arrays(
        [arrow.array(keepers), arrow.array(positions)], fields=list(PARTNERS_TYPE.value_type)
    )
    return arrow.ListArray.from_arrays(arrow.array(offsets), structs, type=PARTNERS_TYPE)


@dataclass(frozen=True)
class CompareLinksStage:
    """Extends links to matches.

    A row is a pair of texts (`copy`, `keeper`, `copy_text`, `keeper_text`) with its `links`: a list of `copy_position`,
    `keeper_position` and the `partners` that are left.
    """

    min_span: int

    def __call__(self, batches: Iterable[arrow.RecordBatch]) -> Iterator[arrow.RecordBatch]:
        """Yield matches, and the anchors that need another partner and have one."""
        _kernels.load()
        for batch in batches:
            for part in split_by_size(batch, "copy_text", "keeper_text"):
                yield from self._compare(part)

    def _compare(self, batch: arrow.RecordBatch) -> Iterator[arrow.RecordBatch]:
        pairs = np.concatenate([to_array(batch, side) for side in ("copy", "keeper")])
        ranks, first, numbers = np.unique(pairs, return_index=True, return_inverse=True)
        columns = arrow.chunked_array([batch.column("copy_text"), batch.column("keeper_text")])
        ink = fold_texts(to_texts(columns.take(arrow.array(first))))
        copies, keepers = np.split(numbers.astype(np.int64), 2)
        owners = np.repeat(np.arange(len(copies)), batch.column("links").value_lengths().to_numpy())
        details = batch.column("links").flatten()
        copy_positions, keeper_positions = (
            details.field(f"{side}_position").to_numpy(zero_copy_only=False) for side in ("copy", "keeper")
        )
        links = Links(copies[owners], copy_positions, keepers[owners], keeper_positions)
        order = matches.sort_links(links)
        is_settled, results = find.compare_links(ink, links.select(order), self.min_span)
        results = results._replace(copies=ranks[results.copies], keepers=ranks[results.keepers])
        nothing = arrow.nulls(len(results.copies), PARTNERS_TYPE)
        yield arrow.RecordBatch.from_arrays([*map(arrow.array, results), nothing], schema=MATCH_SCHEMA)
        yield _open_links(ranks[links.copies], copy_positions, details.field("partners"), order[~is_settled])


def _open_links(
    copies: NDArray[np.int64], positions: NDArray[np.int64], partners: arrow.Array, rows: NDArray[np.int64]
) -> arrow.RecordBatch:
    """Return those of some links that have other partners."""
    has_partners = compute.greater(compute.list_value_length(partners), 0).to_numpy(zero_copy_only=False)
    rows = rows[has_partners[rows]]
    nothing = arrow.nulls(len(rows), arrow.int64())
    columns = [arrow.array(copies[rows]), arrow.array(positions[rows]), nothing, nothing]
    columns += [arrow.array(np.zeros(len(rows), dtype=np.int64)), partners.take(arrow.array(rows))]
    return arrow.RecordBatch.from_arrays(columns, schema=MATCH_SCHEMA)
