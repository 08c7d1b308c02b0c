"""Cut a stream of JSON into the records of its array, or those that follow each other, without decoding it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.formats.storage import streams
from cleaner.formats.storage.streams import OpenStream

BLOCK = 1 << 20
"""Bytes that are read at one time."""
ARRAY, SEPARATOR, END = b"[", b",", b"]"
BOM, SPACE = codecs.BOM_UTF8, b" \t\r\n"
END_OF_ARRAY, END_OF_RECORDS = re.compile(rb"\s*,?\s*\]\s*\Z"), re.compile(rb"\s*\Z")

GLUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[,]?\s*")
"""What may stand before a record."""
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[?\s*")
_NEXT = {True: re.compile(rb"\s*,?\s*"), False: re.compile(rb"\s*")}
_TAIL = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[,]?\s*\]?\s*")
_TOKEN = re.compile(rb'[{}\[\]"]')
_SCALAR = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[^\s,\[\]{}"]+|.', re.DOTALL)
QUOTE, ESCAPE, _OPENERS = b'"', b"\\", b"{["


class Unit(NamedTuple):
    """A record with the bytes before it, or the reason why it cannot be read; the last only ends the file.

    `number` counts from 1, `offset` bytes of the decompressed stream, `stored_offset` bytes of the file as stored.
    `glue`: how many of the bytes come before the record.
    """

    number: int
    offset: int
    stored_offset: int
    data: bytes
    glue: int
    reason: str = ""

    @property
    def is_end(self) -> bool:
        """Whether it holds no record."""
        return self.glue == len(self.data) and not self.reason

    @property
    def is_too_long(self) -> bool:
        """Whether others may follow though this one cannot be read."""
        return self.reason.startswith(streams.TOO_LONG)


def read_units(stream: OpenStream, limit: int) -> Iterator[Unit]:
    """Yield all records, then what ends the file; one of more than `limit` bytes is never held, damage ends it."""
    return _Scanner(stream, limit).units()


class _DamageError(OSError):
    """A reason why the rest of a file cannot be read."""


class _Scanner:
    """A window on the stream, which begins with the unit at hand at `_start`; positions are counted from there.

    `_dropped`: bytes of a unit that are not held, as it is too long.
    """

    def __init__(self, stream: OpenStream, limit: int) -> None:
        self._file, self._place = stream
        self._limit = limit
        self._buffer, self._start, self._offset, self._dropped = b"", 0, 0, 0

    def units(self) -> Iterator[Unit]:
        """Yield units to the end, or to the damage."""
        number = 1
        try:
            first = self._skip(_BEGIN)
            is_array = ARRAY in self._slice(first)
            while (head := self._byte(first)) and not (is_array and head == END):
                if not is_array and head not in _OPENERS:
                    raise _DamageError("neither an object nor an array of objects")
                if is_array and number > 1 and SEPARATOR not in self._slice(first):
                    raise _DamageError("neither a comma nor the end of the array follows a record")
                yield self._unit(number, first, self._end_of_value(first))
                number += 1
                first = self._skip(_NEXT[is_array])
            yield from self._last_unit(number, is_array=is_array)
        except streams.damage_errors() as error:
            reason = f"the file is damaged from here on: {error}"
            yield Unit(number, self._offset, self._place(), self._rest(), 0, reason)

    def _slice(self, end: int) -> bytes:
        return self._buffer[self._start : self._start + end]

    def _byte(self, position: int) -> bytes:
        return self._buffer[self._start + position : self._start + position + 1]

    def _fill(self) -> bool:
        """Read on, at least as much again as is held; whether there was anything."""
        held = self._buffer[self._start :]
        block = self._file.read(max(BLOCK, len(held)))
        self._buffer, self._start = held + block, 0
        return bool(block)

    def _rest(self) -> bytes:
        """Return the bytes to the end of the file; none where they are damaged, or too many to hold."""
        try:
            while not self._dropped and len(self._buffer) - self._start <= self._limit and self._fill():
                pass
        except streams.damage_errors():
            return b""
        rest = self._buffer[self._start :]
        return b"" if self._dropped or len(rest) > self._limit else rest

    def _skip(self, pattern: re.Pattern[bytes], begin: int = 0) -> int:
        """Find the end of what may stand before or behind records, or of a value that is none."""
        while True:
            match = pattern.match(self._buffer, self._start + begin)
            end = match.end() - self._start if match else 0
            if self._byte(end) or end > self._limit or not self._fill():
                return end

    def _end_of_value(self, first: int) -> int:
        """Find the end of the value that begins at `first`."""
        if self._byte(first) not in _OPENERS:
            return self._skip(_SCALAR, first)
        depth, position = 0, first
        while (position := self._find_token(position)) >= 0:
            kind = self._byte(position)
            if kind == QUOTE:
                position = self._end_of_string(position)
                continue
            position += 1
            depth += 1 if kind in _OPENERS else -1
            if not depth:
                return position
        raise _DamageError("it ends inside a record")

    def _read_on(self, tail: bytes, position: int) -> int:
        """Read on from `position`; return where it is then. A unit that is too long is let go of, but for `tail`."""
        if self._dropped or len(self._buffer) - self._start > self._limit:
            self._dropped += len(self._buffer) - self._start - len(tail)
            self._buffer, self._start = tail, 0
            position = 0
        if not self._fill():
            raise _DamageError("it ends inside a record")
        return position

    def _find_token(self, position: int) -> int:
        """Find the next bracket or quote."""
        while not (token := _TOKEN.search(self._buffer, self._start + position)):
            position = self._read_on(b"", len(self._buffer) - self._start)
        return token.start() - self._start

    def _end_of_string(self, position: int) -> int:
        """Find the end of the string that begins at `position`."""
        position += 1
        while True:
            quote = self._buffer.find(QUOTE, self._start + position)
            end = quote if quote >= 0 else len(self._buffer)
            escapes = self._count_escapes(self._start + position, end)
            if quote < 0:
                tail = ESCAPE * (escapes % 2)
                position = self._read_on(tail, end - len(tail) - self._start)
            elif escapes % 2:
                position = quote + 1 - self._start
            else:
                return quote + 1 - self._start

    def _count_escapes(self, start: int, end: int) -> int:
        """Count the backslashes right before `end`."""
        return end - start - len(self._buffer[start:end].rstrip(ESCAPE))

    def _unit(self, number: int, first: int, end: int) -> Unit:
        """Return the unit up to `end` and go behind it."""
        size, place = self._dropped + end, self._place()
        if size > self._limit:
            unit = Unit(number, self._offset, place, b"", 0, streams.too_long_reason(size, self._limit))
        else:
            unit = Unit(number, self._offset, place, self._slice(end), first)
        self._start += end
        self._offset += size
        self._dropped = 0
        return unit

    def _last_unit(self, number: int, *, is_array: bool) -> Iterator[Unit]:
        end = self._skip(_TAIL if is_array else _NEXT[False])
        data = self._slice(end)
        if self._byte(end):
            raise _DamageError("something follows the end of the array")
        if is_array and END not in data:
            raise _DamageError("the array has no end")
        if data:
            yield Unit(number, self._offset, self._place(), data, end)
