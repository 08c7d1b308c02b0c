"""Parquet, and the Arrow files of Hugging Face datasets: by row groups, in small batches; other columns stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, ShardFilter, Source, every_shard
from cleaner.formats.shared import arrow_records, columns, missing_fields, row_bounds
from cleaner.formats.shared.json_values import plain_value
from cleaner.formats.storage import files, sniffing, streams

ROW_GROUP = 32 << 20
"""Characters that make one row group of an output."""


class Parquet(Format):
    """Rows of Parquet files."""

    name = "parquet"
    suffixes: tuple[str, ...] = (".parquet",)
    output_suffix = ".parquet"
    extras, libraries = ("formats",), ("pyarrow",)
    is_stream = False
    editable = True

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield row groups, or record batches of an Arrow file."""
        path = source.path
        arrow = _arrow(path)
        reason = self.refuse_file(source, reading)
        try:
            with _open_groups(path, arrow) as groups:
                first = 1
                for shard, (rows, batches) in enumerate(() if reason else groups):
                    if is_wanted(shard):
                        offset = source.size * shard // len(groups)
                        yield shard, _records(_Group(path, batches, first, offset), reading, arrow)
                    first += rows
        except (arrow.ArrowException, OSError) as error:
            reason = f"not a whole Parquet or Arrow file: {error}"
        if reason and is_wanted(0):
            yield 0, iter([Rejection(str(path), 0, 0, reason, lacks_text=missing_fields.is_missing_reason(reason))])

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say that the schema has no column of texts; empty too where the file cannot be read."""
        arrow = _arrow(source.path)
        with suppress(arrow.ArrowException, OSError):
            try:
                return arrow_records.refuse_schema(_schema(source.path, arrow), reading)
            except UnicodeDecodeError:
                return f"its schema holds a name that is not UTF-8: rename that column; {streams.NO_CHANGE}"
        return ""

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write row groups of about ROW_GROUP characters; nothing for no record, as the source may not be readable."""
        import pyarrow as arrow
        from pyarrow import parquet

        pending: list[tuple[Record, str]] = []
        size = 0
        with ExitStack() as stack:

            @cache
            def out() -> Any:
                schema, codec = _schema(source.path, arrow), _codec(source.path, arrow)
                return stack.enter_context(parquet.ParquetWriter(file, schema, compression=codec))

            def add(record: Record, text: str) -> bytes:
                nonlocal size
                pending.append((record, text))
                size += len(text)
                if size >= ROW_GROUP:
                    out().write_table(arrow_records.make_table(pending, reading))
                    pending.clear()
                    size = 0
                return text.encode("utf-8", "surrogatepass")

            yield add
            if pending:
                out().write_table(arrow_records.make_table(pending, reading))

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Write all parts as row groups of one file. A file that could not be read gives none."""
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
        """Return values of the other columns, bytes and dates as text."""
        return {name: self.value(record, name) for name in record.rest[0].schema.names}

    def clean_fields(self, record: Record, text: str, reading: Reading) -> Mapping[str, Any]:
        """Return values of all columns with another text."""
        table = arrow_records.make_table([(record, text)], reading)
        return {name: plain_value(columns.read_values(table.column(name))[0]) for name in table.schema.names}

    def value(self, record: Record, field: str) -> Any:
        """Return the value of a column."""
        batch, row, _ = record.rest
        if field not in batch.schema.names:
            return None
        return plain_value(columns.read_values(batch.column(field).slice(row, 1))[0])


class Arrow(Parquet):
    """Record batches of the Arrow files that Hugging Face datasets write; written as Parquet."""

    name = "arrow"
    suffixes = (".arrow",)
    editable = False


FORMAT = Parquet()
ARROW = Arrow()


def _arrow(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise streams.missing_library("pyarrow", path) from None
    return pyarrow


Groups = list[tuple[int, Callable[[], Iterable[Any]]]]
"""The number of rows of each group, and a function that reads its record batches."""


def _is_arrow(path: Path) -> bool:
    """Whether a file is one of Arrow by its content, or by its name where that does not tell."""
    name = sniffing.sniff(path)
    return name == ARROW.name if name in (FORMAT.name, ARROW.name) else path.suffix.lower() in ARROW.suffixes


@contextmanager
def _open_groups(path: Path, arrow: Any) -> Iterator[Groups]:
    if _is_arrow(path):
        with arrow.memory_map(str(path)) as file:
            yield [(batch.num_rows, partial(iter, (batch,))) for batch in _batches(arrow, file)]
    else:
        with arrow.parquet.ParquetFile(path, memory_map=True) as file:
            groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
            yield [
                (group.num_rows, partial(file.iter_batches, row_bounds.rows_at_once(group), row_groups=[number]))
                for number, group in enumerate(groups)
            ]


def _ipc_reader(arrow: Any, file: Any) -> Any:
    """Open the stream form that datasets write, or the file form."""
    try:
        return arrow.ipc.open_stream(file)
    except arrow.ArrowInvalid:
        file.seek(0)
        return arrow.ipc.open_file(file)


def _batches(arrow: Any, file: Any) -> list[Any]:
    """Map record batches, without reading them."""
    reader = _ipc_reader(arrow, file)
    count = getattr(reader, "num_record_batches", None)
    return list(reader) if count is None else [reader.get_batch(number) for number in range(count)]


def _schema(path: Path, arrow: Any) -> Any:
    if not _is_arrow(path):
        return arrow.parquet.read_schema(path)
    with arrow.memory_map(str(path)) as file:
        return _ipc_reader(arrow, file).schema


def _codec(path: Path, arrow: Any) -> str:
    """Return the compression of a file, to write its output with."""
    if _is_arrow(path):
        return "zstd"
    metadata = arrow.parquet.read_metadata(path)
    codec = str(metadata.row_group(0).column(0).compression) if metadata.num_row_groups else "SNAPPY"
    return "none" if codec == "UNCOMPRESSED" else codec.lower()


class _Group(NamedTuple):
    """A row group to read: its batches, the number of its first row, where in the file it is about."""

    path: Path
    batches: Callable[[], Iterable[Any]]
    first: int
    offset: int


def _records(group: _Group, reading: Reading, arrow: Any) -> Iterator[Item]:
    first = group.first
    try:
        for batch in group.batches():
            yield from arrow_records.records_of_batch(str(group.path), batch, first, reading, group.offset)
            first += batch.num_rows
    except (arrow.ArrowException, OSError) as error:
        reason = f"from row {first} on the row group cannot be read: {error}"
        yield Rejection(str(group.path), first, 0, reason, group.offset)
