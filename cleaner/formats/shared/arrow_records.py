"""Rows of Arrow record batches as records: their texts read and replaced, in nested columns too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any, NamedTuple

from cleaner.errors import UsageError
from cleaner.formats.shared import columns, field_paths, missing_fields
from cleaner.formats.shared.field_paths import Steps
from cleaner.formats.shared.records import Item, Reading, Record, Rejection, find_page, find_pages
from cleaner.formats.storage import streams
from cleaner.text import seams
from cleaner.text.host import HOST_FIELDS, find_host

FORMAT = "parquet"


class Row(NamedTuple):
    """A row of a batch; where its texts are, by column and steps, where there are several."""

    batch: Any
    number: int
    places: tuple[Steps, ...] = ()


def refuse_schema(schema: Any, reading: Reading) -> str:
    """Say why no column of a schema holds texts; empty where one may."""
    texts, names = reading.texts, schema.names
    paths = field_paths.resolve(texts, names)
    if not paths:
        return missing_fields.missing_reason(texts, names)
    wanted = (*(steps[0] for steps in paths), reading.id)
    if twice := next((name for name in wanted if names.count(name) > 1), ""):
        return f"two columns are named {twice!r}: rename one; {streams.NO_CHANGE}"
    if any(_leads_to_text(schema.field(steps[0]).type, steps[1:]) for steps in paths):
        return ""
    kinds = ", ".join(f"{steps[0]} is {schema.field(steps[0]).type}" for steps in paths)
    return f"no text at {' or '.join(map(repr, texts))}; {kinds}: name one with --field, else {streams.NO_CHANGE}"


def _leads_to_text(kind: Any, steps: Sequence[Any]) -> bool:
    """Whether steps lead to a value in a column of a type; a plain column is told by its values."""
    for step in steps:
        if isinstance(step, str):
            names = [kind.field(index).name for index in range(kind.num_fields)] if _is_struct(kind) else []
            if step not in names:
                return False
            kind = kind.field(names.index(step)).type
        elif not _is_list(kind):
            return False
        else:
            kind = kind.value_type
    return True


def _is_struct(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_struct(kind))


def _is_list(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def records_of_batch(file: str, batch: Any, first: int, reading: Reading, stored_offset: int = 0) -> Iterator[Item]:
    """Yield the records of a batch whose first row has the number `first` in its file."""
    if refusal := refuse_schema(batch.schema, reading):
        yield Rejection(file, first, 0, refusal, stored_offset, lacks_text=missing_fields.is_missing_reason(refusal))
        return
    names = batch.schema.names
    is_joined = field_paths.is_joined(reading.texts, names)
    paths = field_paths.resolve(reading.texts, names)
    wanted = {reading.id, *HOST_FIELDS, *(steps[0] for steps in paths)}
    values = {name: columns.read_values(batch.column(name)) for name in names if name in wanted}
    for index in range(batch.num_rows):
        fields = {name: column[index] for name, column in values.items()}
        place = _Place(file, first + index, stored_offset)
        row = Row(batch, index)
        yield _join(fields, row, place, paths, reading) if is_joined else _read(fields, row, place, reading)


class _Place(NamedTuple):
    """Where a row is: its file, its number from 1, and about where the file has it."""

    file: str
    number: int
    stored_offset: int

    def reject(self, reason: str, *, lacks_text: bool = False) -> Rejection:
        return Rejection(self.file, self.number, 0, f"row {self.number}: {reason}", self.stored_offset, b"", lacks_text)

    def record(self, text: str, row: Row, fields: dict[str, Any], reading: Reading, **joint: Any) -> Record:
        fields = {name: columns.as_text(value) for name, value in fields.items()}
        field_id = fields.get(reading.id)
        key = f"{PurePath(self.file).name}:{self.number}" if field_id is None else str(field_id)
        host = find_host(key, fields)
        place = self.file, self.number, 0, self.stored_offset
        return Record(key, *place, text, host=host, rest=row, format=FORMAT, **joint)


def _read(fields: dict[str, Any], row: Row, place: _Place, reading: Reading) -> Item:
    """Return the record of a row whose text is a column."""
    value = fields[reading.text]
    is_text = isinstance(value, bytes) and columns.is_of_texts(row.batch.column(reading.text))
    text, flags = (is_text and columns.mend_text(value, reading.decoding)) or (value, ())
    if is_text and isinstance(text, bytes):
        return place.reject(f"{reading.text!r} is not UTF-8")
    if not isinstance(text, str):
        return place.reject(f"{reading.text!r} is {type(text).__name__}, not text", lacks_text=text is None)
    if reason := _refuse_size(len(text), reading):
        return place.reject(reason)
    return place.record(text, row, fields, reading, pages=find_page(text, reading), flags=flags)


def _join(fields: dict[str, Any], row: Row, place: _Place, paths: Iterable[Steps], reading: Reading) -> Item:
    """Return the record of a row with all texts that paths lead to."""
    values = {steps: value for path in paths for steps, value in field_paths.locate(fields, path) if value is not None}
    texts = {steps: value for steps, value in values.items() if isinstance(value, str)}
    if values and not texts:
        steps, value = next(iter(values.items()))
        return place.reject(f"{field_paths.describe(steps)} is {type(value).__name__}, not text")
    if reason := _refuse_size(sum(map(len, texts.values())), reading):
        return place.reject(reason)
    contents = list(texts.values())
    return place.record(
        (seam := seams.choose(contents)).join(contents),
        row._replace(places=tuple(texts)),
        fields,
        reading,
        seam=seam,
        paths=tuple(map(field_paths.describe, texts)),
        pages=find_pages(contents, reading),
    )


def _refuse_size(size: int, reading: Reading) -> str:
    return f"longer than the limit of {reading.limit:,}: {size:,}; see --max-document" if size > reading.limit else ""


def make_table(records: Sequence[tuple[Record, str]], reading: Reading) -> Any:
    """Return rows as they were read, but for other texts. UsageError where a column cannot be written."""
    import pyarrow as arrow

    tables = []
    for _, group in groupby(records, key=lambda pair: id(pair[0].rest.batch)):
        pairs = list(group)
        rows = columns.take_rows(pairs[0][0].rest.batch, [record.rest.number for record, _ in pairs])
        for name, values in _new_columns(pairs, rows, reading).items():
            column = rows.schema.get_field_index(name)
            field = rows.schema.field(column)
            rows = rows.set_column(column, field, _array(values, field, arrow))
        tables.append(rows)
    return arrow.concat_tables(tables)


def _new_columns(pairs: Sequence[tuple[Record, str]], rows: Any, reading: Reading) -> dict[str, list[Any]]:
    """Return the columns that change, with their values; records of one file are all joined or none is."""
    if not pairs[0][0].seam:
        return {reading.text: [text for _, text in pairs]}
    names = {str(steps[0]) for record, _ in pairs for steps in record.rest.places}
    values = {name: columns.read_values(rows.column(name)) for name in names}
    for index, (record, text) in enumerate(pairs):
        for (name, *way), new in zip(record.rest.places, record.split(text), strict=True):
            field_paths.put(values[name], (index, *way), new)
    return values


def _array(values: list[Any], field: Any, arrow: Any) -> Any:
    try:
        if any(isinstance(value, str) for value in values):
            return arrow.array(values, type=arrow.large_string()).cast(field.type)
        return arrow.array(values, type=field.type)
    except arrow.ArrowException as error:
        raise UsageError(
            f"column {field.name!r} of {field.type} cannot be written with other texts: {error}"
        ) from error
