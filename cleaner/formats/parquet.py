"""Parquet, and the Arrow files of Hugging Face datasets: by row groups, in small batches; other columns stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from cleaner.formats import files
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, Source, missing_library
from cleaner.text.host import HOST_FIELDS, find_host

ROWS = 512
"""Rows read at one time."""
HELD = 32 << 20
"""Characters that are held before they are written as a row group."""


class Parquet:
    """The format; `.arrow` files are read the same way and written as Parquet."""

    suffixes = (".parquet", ".arrow")
    suffix = ".parquet"

    def shards(
        self, source: Source, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard is a row group, in an Arrow file a record batch."""
        path = source.path
        arrow = _arrow(path)
        try:
            with _opened(path, arrow) as groups:
                first = 1
                for shard, (rows, batches) in enumerate(groups):
                    if wanted(shard):
                        at = source.size * shard // len(groups)
                        yield shard, _records(path, batches, first, at, reading, arrow)
                    first += rows
        except (arrow.ArrowException, OSError) as error:
            if wanted(0):
                yield 0, iter([Rejection(str(path), 0, 0, f"not a whole Parquet or Arrow file: {error}")])

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Row groups of about `HELD` characters; nothing at all for no record, as the source may not be readable."""
        import pyarrow as arrow
        from pyarrow import parquet

        held: list[tuple[Record, str]] = []
        size = 0
        with ExitStack() as stack:

            @cache
            def out() -> Any:
                schema, codec = _schema(source.path, arrow), _codec(source.path, arrow)
                return stack.enter_context(parquet.ParquetWriter(file, schema, compression=codec))

            def add(record: Record, text: str) -> bytes:
                nonlocal size
                held.append((record, text))
                size += len(text)
                if size >= HELD:
                    out().write_table(_table(held, reading, arrow))
                    held.clear()
                    size = 0
                return text.encode("utf-8", "surrogatepass")

            yield add
            if held:
                out().write_table(_table(held, reading, arrow))

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """All parts as row groups of one file. A file that could not be read gives none."""
        import pyarrow as arrow
        from pyarrow import parquet

        try:
            schema, codec = _schema(source.path, arrow), _codec(source.path, arrow)
        except (arrow.ArrowException, OSError):
            return ()
        with (
            files.atomic_writer(folder / source.target) as output,
            parquet.ParquetWriter(output, schema, compression=codec) as out,
        ):
            for part in (part for part in parts if part.stat().st_size):
                with parquet.ParquetFile(part) as file:
                    for group in range(file.num_row_groups):
                        out.write_table(file.read_row_group(group).cast(schema))
        return ()

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Values of the other columns, bytes and dates as text."""
        batch, row = record.rest
        return {name: _plain(batch.column(name)[row].as_py()) for name in batch.schema.names}


FORMAT: Format = Parquet()


def _arrow(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise missing_library("pyarrow", path) from None
    return pyarrow


Groups = list[tuple[int, Callable[[], Iterable[Any]]]]
"""Rows of each group and a way to its record batches."""


@contextmanager
def _opened(path: Path, arrow: Any) -> Iterator[Groups]:
    if path.suffix == ".arrow":
        with arrow.memory_map(str(path)) as file:
            yield [(batch.num_rows, partial(iter, (batch,))) for batch in _batches(arrow, file)]
    else:
        with arrow.parquet.ParquetFile(path, memory_map=True) as file:
            rows = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
            yield [(count, partial(file.iter_batches, ROWS, row_groups=[n])) for n, count in enumerate(rows)]


def _batches(arrow: Any, file: Any) -> list[Any]:
    """Record batches, mapped and not read, of the stream form that datasets write or of the file form."""
    try:
        return list(arrow.ipc.open_stream(file))
    except arrow.ArrowInvalid:
        file.seek(0)
        found = arrow.ipc.open_file(file)
        return [found.get_batch(number) for number in range(found.num_record_batches)]


def _schema(path: Path, arrow: Any) -> Any:
    if path.suffix != ".arrow":
        return arrow.parquet.read_schema(path)
    with arrow.memory_map(str(path)) as file:
        try:
            return arrow.ipc.open_stream(file).schema
        except arrow.ArrowInvalid:
            file.seek(0)
            return arrow.ipc.open_file(file).schema


def _codec(path: Path, arrow: Any) -> str:
    """The compression that the file has, for what is written."""
    if path.suffix == ".arrow":
        return "zstd"
    metadata = arrow.parquet.read_metadata(path)
    found = str(metadata.row_group(0).column(0).compression) if metadata.num_row_groups else "SNAPPY"
    return "none" if found == "UNCOMPRESSED" else found.lower()


def _records(
    path: Path, batches: Callable[[], Iterable[Any]], first: int, at: int, reading: Reading, arrow: Any
) -> Iterator[Item]:
    try:
        for batch in batches():
            yield from records_of_batch(str(path), batch, first, at, reading)
            first += batch.num_rows
    except (arrow.ArrowException, OSError) as error:
        yield Rejection(str(path), first, 0, f"from row {first} on the row group cannot be read: {error}", at)


def records_of_batch(file: str, batch: Any, first: int, at: int, reading: Reading) -> Iterator[Item]:
    """The records of a batch whose first row has the number `first` in its file."""
    names = batch.schema.names
    if reading.text not in names:
        listed = ", ".join(names)
        reason = f"no column {reading.text!r}; there are {listed}: name one with --field"
        yield Rejection(file, first, 0, reason, at)
        return
    known = [name for name in (reading.id, *HOST_FIELDS) if name in names]
    columns = {name: batch.column(name).to_pylist() for name in known}
    for row, text in enumerate(batch.column(reading.text).to_pylist()):
        number = first + row
        if not isinstance(text, str):
            yield Rejection(file, number, 0, f"row {number}: {reading.text!r} is {type(text).__name__}, not text", at)
        elif len(text) > reading.limit:
            reason = f"row {number}: longer than the limit of {reading.limit:,}: {len(text):,}; see --max-document"
            yield Rejection(file, number, 0, reason, at)
        else:
            fields = {name: values[row] for name, values in columns.items()}
            given = fields.get(reading.id)
            key = f"{PurePath(file).name}:{number}" if given is None else str(given)
            yield Record(key, file, number, 0, at, text, host=find_host(key, fields), rest=(batch, row))


def _table(held: list[tuple[Record, str]], reading: Reading, arrow: Any) -> Any:
    """Rows of the batches they were read in, with other texts."""
    tables = []
    for _, group in groupby(held, key=lambda item: id(item[0].rest[0])):
        items = list(group)
        rows = items[0][0].rest[0].take(arrow.array([record.rest[1] for record, _ in items]))
        at = rows.schema.get_field_index(reading.text)
        field = rows.schema.field(at)
        texts = arrow.array([text for _, text in items], type=arrow.large_string()).cast(field.type)
        tables.append(arrow.Table.from_batches([rows]).set_column(at, field, texts))
    return arrow.concat_tables(tables)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
