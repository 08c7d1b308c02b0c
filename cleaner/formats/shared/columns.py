"""Values of Arrow columns, whose texts may be no UTF-8, as nothing checks that when a table is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.decode.damage import Damage, decode_replacing, is_tolerable
from cleaner.decode.flags import flag_reading
from cleaner.decode.options import DecodeOptions
from cleaner.model import Flag


def read_values(column: Any) -> list[Any]:
    """Return the values of a column; a text that is no UTF-8 as bytes."""
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        return [_read_value(scalar) for scalar in column]
    return values


def _read_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes() if hasattr(scalar, "as_buffer") else None


def is_of_texts(column: Any) -> bool:
    """Whether the values of a column are texts by their type."""
    from pyarrow import types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def as_text(value: Any) -> Any:
    """Return a value of a column of texts; what is damaged in it as U+FFFD."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def mend_text(data: bytes, options: DecodeOptions) -> tuple[str, tuple[Flag, ...]] | None:
    """Decode a text that is no UTF-8 with U+FFFD for what is damaged, and flag it; None where it is to be refused."""
    text, damage = decode_replacing(data, "utf-8")
    if options.damaged == "refuse" or not is_tolerable(damage, len(data)):
        return None
    return text, flag_reading(len(text), [Damage(*item) for item in damage], {})


def take_rows(batch: Any, rows: Sequence[int]) -> Any:
    """Return some rows of a record batch, in rising order, as a table. Arrow takes no views, but cuts them."""
    import pyarrow as arrow

    if rows[-1] - rows[0] == len(rows) - 1:
        return arrow.Table.from_batches([batch.slice(rows[0], len(rows))])
    try:
        return arrow.Table.from_batches([batch.take(arrow.array(rows))])
    except arrow.ArrowNotImplementedError:
        return arrow.Table.from_batches([batch.slice(row, 1) for row in rows])
