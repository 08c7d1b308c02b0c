"""Parquet, and the folders of Hugging Face datasets: row group by row group, all other columns untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.formats.records import Item, Reading, Record, Rejected, missing


class Parquet:
    """The format; `.arrow` files of a dataset folder are read the same way and written as Parquet."""

    suffixes = (".parquet", ".arrow")

    def shards(
        self, path: Path, reading: Reading, wanted: Callable[[int], bool]
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """A shard is a row group, in an Arrow file a record batch."""
        first = 1
        arrow = _arrow(path)
        try:
            for shard, (rows, table) in enumerate(_groups(path, arrow)):
                if wanted(shard):
                    yield shard, _records(path, table(), first, reading)
                first += rows
        except (arrow.ArrowException, OSError) as error:
            yield 0, iter([Rejected(str(path), 0, 0, f"not a whole Parquet or Arrow file: {error}")])

    def write(self, file: BinaryIO, records: Sequence[tuple[Record, str]], path: Path, reading: Reading) -> None:
        """A part with one row group."""
        if not records:
            return
        import pyarrow as arrow
        from pyarrow import parquet

        table = records[0][0].rest[0]
        rows = table.take([record.rest[1] for record, _ in records])
        at = table.schema.get_field_index(reading.text)
        column = arrow.array([text for _, text in records], type=table.schema.field(at).type)
        parquet.write_table(rows.set_column(at, table.schema.field(at), column), file)

    def join(self, parts: Sequence[Path], output: BinaryIO, path: Path) -> None:
        """All parts as row groups of one file."""
        from pyarrow import parquet

        whole = [part for part in parts if part.stat().st_size]
        if not whole:
            parquet.write_table(_empty(path), output)
            return
        with parquet.ParquetWriter(output, parquet.read_schema(whole[0])) as writer:
            for part in whole:
                writer.write_table(parquet.read_table(part))


FORMAT = Parquet()


def _arrow(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise missing("pyarrow", "formats", path) from None
    return pyarrow


def _groups(path: Path, arrow: Any) -> Iterator[tuple[int, Callable[[], Any]]]:
    """Rows and a way to read each group of a file."""
    if path.suffix == ".arrow":
        with arrow.memory_map(str(path)) as source:
            for batch in _batches(arrow, source):
                yield batch.num_rows, lambda batch=batch: arrow.Table.from_batches([batch])  # type: ignore[misc]
        return
    with arrow.parquet.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.metadata.row_group(group).num_rows, lambda group=group: file.read_row_group(group)  # type: ignore[misc]


def _batches(arrow: Any, source: Any) -> Iterator[Any]:
    """Record batches of the stream form, which datasets write, or of the file form."""
    try:
        yield from arrow.ipc.open_stream(source)
    except arrow.ArrowInvalid:
        source.seek(0)
        file = arrow.ipc.open_file(source)
        yield from (file.get_batch(number) for number in range(file.num_record_batches))


def _records(path: Path, table: Any, first: int, reading: Reading) -> Iterator[Item]:
    names = table.column_names
    if reading.text not in names:
        yield Rejected(str(path), first, 0, f"no column {reading.text!r}; there are {', '.join(names)} (--field)")
        return
    texts = table.column(reading.text).to_pylist()
    ids = table.column(reading.id).to_pylist() if reading.id in names else [None] * len(texts)
    for row, (text, key) in enumerate(zip(texts, ids, strict=True)):
        if not isinstance(text, str):
            yield Rejected(str(path), first + row, 0, f"row {first + row}: {reading.text!r} is {type(text).__name__}")
        elif len(text) > reading.limit:
            yield Rejected(str(path), first + row, 0, f"longer than the limit of {reading.limit:,} (--max-document)")
        else:
            name = f"{path.name}:{first + row}" if key is None else str(key)
            yield Record(name, text, first + row, 0, (table, row))


def _empty(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.read_schema(path).empty_table()
