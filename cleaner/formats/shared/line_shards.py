"""Cut files of lines into shards that do not depend on who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO

from cleaner.formats.base import Item, Reading, Rejection, ShardFilter
from cleaner.formats.shared import missing_fields
from cleaner.formats.storage import streams
from cleaner.formats.storage.streams import FileLine, OpenStream

READ_SIZE = 1 << 20
"""Bytes that are read at one time to count lines."""


def seek_shards(
    path: Path, stream: OpenStream, reading: Reading, is_wanted: ShardFilter
) -> Iterator[tuple[int, Iterator[FileLine]]]:
    """Jump to the first line that begins in each shard of a plain file, counting lines on the way."""
    size, file = path.stat().st_size, stream.file
    start, number, offset = 0, 1, 0
    for shard in filter(is_wanted, range(-(-size // reading.shard))):
        if shard * reading.shard > offset:  # else a line is so long that no other begins before `offset`
            offset = streams.line_start(file, shard * reading.shard)
        number += _count_breaks(file, start, offset)
        start = offset
        file.seek(offset)
        yield shard, _take_until(streams.lines(stream, reading.limit, offset, number), (shard + 1) * reading.shard)


def _take_until(lines: Iterator[FileLine], stop: int) -> Iterator[FileLine]:
    for line in lines:
        if line.offset >= stop:
            return
        yield line


def _count_breaks(file: IO[bytes], start: int, stop: int) -> int:
    file.seek(start)
    count = 0
    while start < stop and (block := file.read(min(READ_SIZE, stop - start))):
        count += block.count(b"\n")
        start += len(block)
    return count


def stream_shards(
    stream: OpenStream, reading: Reading, is_wanted: ShardFilter
) -> Iterator[tuple[int, Iterator[FileLine]]]:
    """Read a compressed file through from its beginning."""
    for shard, lines in groupby(streams.lines(stream, reading.limit), key=lambda line: line.offset // reading.shard):
        if is_wanted(shard):
            yield shard, lines


def refused_shards(path: Path, reason: str, is_wanted: ShardFilter) -> Iterator[tuple[int, Iterator[Item]]]:
    """Yield the one shard of a file of which no row has a text, if it is wanted."""
    if is_wanted(0):
        yield 0, iter([Rejection(str(path), 0, 0, reason, lacks_text=missing_fields.is_missing_reason(reason))])
