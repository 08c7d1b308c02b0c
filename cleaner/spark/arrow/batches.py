"""Arrow record batches that stages take and give: as arrays, in parts, and in runs that are whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from cleaner.text.segments import run_starts

BATCH_CHARACTERS = 1 << 21
"""Characters of texts that are in memory at one time; Spark's own buffers take as much."""


def to_array(batch: arrow.RecordBatch | arrow.Table, name: str) -> NDArray[Any]:
    """Return a column as an array."""
    column: NDArray[Any] = batch.column(name).to_numpy(zero_copy_only=False)
    return column


def to_texts(column: arrow.Array) -> list[str]:
    """Decode a column of bytes, half surrogates included."""
    return [data.decode("utf-8", "surrogatepass") for data in column.to_pylist()]


def split_by_size(batch: arrow.RecordBatch, *texts: str) -> Iterator[arrow.RecordBatch]:
    """Cut a batch into parts whose texts, columns of bytes, have about `BATCH_CHARACTERS` together."""
    sizes = sum(compute.binary_length(batch.column(name)).fill_null(0).to_numpy() for name in texts)
    numbers = np.cumsum(sizes) // BATCH_CHARACTERS
    for start, stop in pairwise([*run_starts(numbers).tolist(), len(numbers)]):
        yield batch.slice(start, stop - start)


def whole_runs(batches: Iterable[arrow.RecordBatch], names: Sequence[str]) -> Iterator[arrow.Table]:
    """Join sorted batches to tables in which no run of rows that are equal in some columns is divided."""
    pending: list[arrow.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        last = _last_start(batch, names)
        if last or not (pending and _key(pending[-1], -1, names) == _key(batch, 0, names)):
            pending.append(batch.slice(0, last))
            table = arrow.Table.from_batches(pending)
            if table.num_rows:
                yield table
            pending = []
        pending.append(batch.slice(last))
    if pending:
        yield arrow.Table.from_batches(pending)


def _last_start(batch: arrow.RecordBatch, names: Sequence[str]) -> int:
    """Return the row at which the last run begins."""
    row: int = batch.num_rows - 1
    key = _key(batch, batch.num_rows - 1, names)
    while row and _key(batch, row - 1, names) == key:
        row -= 1
    return row


def _key(batch: arrow.RecordBatch, row: int, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(batch.column(name)[row].as_py() for name in names)
