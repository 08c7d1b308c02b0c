"""CSV and TSV, plain or compressed: the first row names the columns; rows are written in UTF-8, else as they were."""

from __future__ import annotations

import codecs
import csv
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from cleaner.decode.damage import Damage, decode_replacing, is_tolerable
from cleaner.decode.flags import flag_reading
from cleaner.formats.base import Add, Format, Item, Reading, Record, Rejection, ShardFilter, Source, every_shard
from cleaner.formats.shared import missing_fields
from cleaner.formats.shared.places import Place
from cleaner.formats.shared.records import find_pages
from cleaner.formats.shared.row_texts import RowTexts
from cleaner.formats.storage import dialects, files, streams
from cleaner.formats.storage.dialects import Dialect
from cleaner.formats.storage.line_breaks import lines_of_any_break
from cleaner.formats.storage.streams import COMPRESSIONS, FileLine
from cleaner.model import Span
from cleaner.text import seams
from cleaner.text.host import find_host

if TYPE_CHECKING:
    from cleaner.decode import DecodedText

ROWS = 4096
"""Rows of one shard."""


class DelimitedFiles(Format):
    """Rows with named columns, the delimiter and the encoding told by the first lines."""

    name = "csv"
    suffixes = (".csv", ".tsv")
    compressions = COMPRESSIONS
    has_lines = True
    is_typed = False
    editable = True

    def shards(
        self, source: Source, reading: Reading, is_wanted: ShardFilter = every_shard
    ) -> Iterator[tuple[int, Iterator[Item]]]:
        """Yield runs of rows of a fixed number; the file is read through from its beginning."""
        with streams.open_stream(source.path) as stream:
            rows = _RowReader(source.path, stream, reading).items()
            for shard, items in groupby(rows, key=lambda item: max(item.line - 1, 0) // ROWS):
                if is_wanted(shard):
                    yield shard, items

    def refuse_file(self, source: Source, reading: Reading) -> str:
        """Say why the head names no column of texts."""
        with streams.open_stream(source.path) as stream:
            return _RowReader(source.path, stream, reading).read_head().refusal

    @contextmanager
    def writer(self, file: BinaryIO, source: Source, reading: Reading) -> Iterator[Add]:
        """Write rows without the head, which `join` writes."""
        encoder = _detect_dialect(source.path, reading).encoder(is_safe=reading.csv_safe)
        with streams.compressor(file, source.target) as out:

            def add(record: Record, text: str) -> bytes:
                out.write(encoder.encode(_replace_in_row(record, text, reading)))
                return text.encode("utf-8", "surrogatepass")

            yield add

    def join(self, parts: Sequence[Path], folder: Path, source: Source, reading: Reading) -> Iterable[Rejection]:
        """Write the head of the file that was read, then all parts."""
        with files.atomic_writer(folder / source.target) as output:
            with streams.open_stream(source.path) as stream, streams.compressor(output, source.target) as out:
                reader = _RowReader(source.path, stream, reading)
                if names := reader.read_head().names:
                    out.write(codecs.BOM_UTF8 if reader.dialect.has_mark else b"")
                    out.write(reader.dialect.head_encoder(is_safe=reading.csv_safe).encode(names))
            streams.concatenate(parts, output)
        return ()

    def fields(self, record: Record) -> Mapping[str, Any]:
        """Return the columns as strings."""
        return dict(zip(*record.rest, strict=True))

    def clean_fields(self, record: Record, text: str, reading: Reading) -> Mapping[str, Any]:
        """Return the columns as strings, with another text."""
        return dict(zip(record.rest[0], _replace_in_row(record, text, reading), strict=True))

    def locate(self, record: Record, document: DecodedText, spans: Sequence[Span]) -> list[Place]:
        """Return lines of the file, with columns of the text; of a page in a column, the line that it begins on."""
        path = Path(record.file)
        breaks = streams.line_breaks(path, path.stat().st_mtime_ns)
        last = bisect_left(breaks, record.offset) + 1
        texts = RowTexts(record, document.text)
        return [texts.place(span, last) for span in spans]


FORMAT = DelimitedFiles()


def _replace_in_row(record: Record, text: str, reading: Reading) -> list[str]:
    """Return the values of a row with another text."""
    names, row = record.rest
    new = dict(zip(record.paths or (reading.text,), record.split(text), strict=True))
    return [new.get(name, value) for name, value in zip(names, row, strict=True)]


def _detect_dialect(path: Path, reading: Reading) -> Dialect:
    return dialects.detect(path, reading.texts, reading.decoding.encoding_of(str(path)))


class _Head(NamedTuple):
    """The names of columns, or the reason why none of them holds texts. Neither of an empty file."""

    names: list[str]
    refusal: str = ""


class _RowReader:
    """The rows of a file; what cannot be read is noted, and reading goes on with the next row."""

    def __init__(self, path: Path, stream: streams.OpenStream, reading: Reading) -> None:
        self._path, self._reading = path, reading
        self._damage: list[Damage] = []
        self._bad_lines: list[tuple[str, FileLine]] = []
        self._last = FileLine(0, 0, 0, b"")
        self._lines_of_row, self._lacks_line = 0, False
        csv.field_size_limit(reading.limit)
        self.dialect = _detect_dialect(path, reading)
        if dialects.is_wide(self.dialect.encoding):
            stream = stream._replace(file=dialects.as_utf_8(stream.file, self.dialect.encoding))
        lines = self._decode_lines(lines_of_any_break(stream, reading.limit))
        self._rows = csv.reader(lines, delimiter=self.dialect.delimiter, strict=True)

    def _decode_lines(self, lines: Iterator[FileLine]) -> Iterator[str]:
        for line in lines:
            self._last = line
            text = self._decode_line(line)
            if text is None:
                self._lacks_line |= self._lines_of_row > 0
                continue
            self._lines_of_row += 1
            yield text

    def _decode_line(self, line: FileLine) -> str | None:
        """Return a line as text; None where it cannot be read, which is noted."""
        if line.reason:
            self._bad_lines.append((line.reason, line))
            return None
        encoding = dialects.UTF_8 if dialects.is_wide(self.dialect.encoding) else self.dialect.encoding
        encoding = encoding if line.number == 1 else encoding.removesuffix("-sig")
        try:
            return line.data.decode(encoding)
        except UnicodeDecodeError as error:
            encoding = encoding.removesuffix("-sig")
            text, damage = decode_replacing(line.data, encoding)
            if self._reading.decoding.damaged == "replace" and is_tolerable(damage, len(line.data)):
                self._damage += [Damage(line.offset + item.offset, item.data) for item in damage]
                return text
            self._bad_lines.append((f"not {encoding} ({error.reason}); see --encoding", line))
            return None

    def read_head(self) -> _Head:
        """Read the first row."""
        try:
            names = next(self._rows, None)
        except csv.Error as error:
            return _Head([], f"the head cannot be read: {error}; {streams.NO_CHANGE}")
        if names and not set(names).isdisjoint(self._reading.texts):
            return _Head(names)
        if self._bad_lines:
            reason, line = self._bad_lines[0]
            return _Head([], f"line {line.number}: {reason}; {streams.NO_CHANGE}")
        if names is None:
            return _Head([])
        return _Head([], missing_fields.missing_reason(self._reading.texts, names))

    def items(self) -> Iterator[Item]:
        """Yield records from the second row on, counted from 1."""
        head = self.read_head()
        if head.refusal:
            yield Rejection(
                str(self._path), 0, 0, head.refusal, lacks_text=missing_fields.is_missing_reason(head.refusal)
            )
            return
        number = 0
        row: list[str] | None = []
        while row is not None:
            number += 1
            item: Item | None = None
            self._damage.clear()
            self._lines_of_row, self._lacks_line = 0, False
            try:
                row = next(self._rows)
                # a row with a line that cannot be read would lose a part of its text
                item = self._record(head.names, row, number) if row and not self._lacks_line else None
            except StopIteration:
                row = None
            except csv.Error as error:
                item = self._reject(number, f"row {number}: {error}")
            if item:
                yield item
            for reason, line in self._bad_lines:
                reason = f"line {line.number}: {reason}"
                yield Rejection(str(self._path), number, line.offset, reason, line.stored_offset)
            self._bad_lines.clear()

    def _reject(self, number: int, reason: str) -> Rejection:
        return Rejection(str(self._path), number, self._last.offset, reason, self._last.stored_offset)

    def _record(self, names: list[str], row: list[str], number: int) -> Item:
        if len(row) != len(names):
            return self._reject(number, f"row {number} has {len(row)} columns, the head {len(names)}")
        fields = dict(zip(names, row, strict=True))
        key = fields.get(self._reading.id) or f"{self._path.name}:{number}"
        paths = tuple(dict.fromkeys(name for name in self._reading.texts if name in fields))
        texts = [fields[name] for name in paths]
        seam = seams.choose(texts) if len(self._reading.texts) > 1 else ""
        text = seam.join(texts)
        return Record(
            key,
            str(self._path),
            number,
            self._last.offset,
            self._last.stored_offset,
            text,
            host=find_host(key, fields),
            rest=(names, row),
            format=FORMAT.name,
            flags=flag_reading(len(text), self._damage, {}) if self._damage else (),
            seam=seam,
            paths=paths if seam else (),
            pages=find_pages(texts, self._reading),
        )
