"""Lines that end in LF, CR LF or CR, as in tables that spreadsheets write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.formats.storage.streams import SEGMENT, FileLine, OpenStream, damage_errors, too_long_reason

_LINE = re.compile(rb"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_BREAKS = (b"\r", b"\n")


def lines_of_any_break(stream: OpenStream, limit: int) -> Iterator[FileLine]:
    """Yield all lines; one longer than `limit` bytes is passed over without being held, damage ends the stream."""
    number, offset, size = 1, 0, 0
    parts: list[bytes] = []
    try:
        for data in _line_parts(stream):
            size += len(data)
            parts.append(data)
            if size > limit + len(_BREAKS):
                parts.clear()
            if data.endswith(_BREAKS):
                yield _join(parts, size, limit, (number, offset, stream.place()))
                number, offset, size = number + 1, offset + size, 0
                parts.clear()
        if size:
            yield _join(parts, size, limit, (number, offset, stream.place()))
    except damage_errors() as error:
        yield FileLine(number, offset, stream.place(), b"", f"the file is damaged from here on: {error}")


def _line_parts(stream: OpenStream) -> Iterator[bytes]:
    """Yield lines, overlong ones in parts."""
    carry = b""
    while segment := stream.file.readline(SEGMENT):
        segment, carry = carry + segment, b""
        if segment.endswith(b"\r"):  # an LF may follow
            segment, carry = segment[:-1], b"\r"
        yield from _LINE.findall(segment)
    if carry:
        yield carry


def _join(parts: list[bytes], size: int, limit: int, place: tuple[int, int, int]) -> FileLine:
    data = b"".join(parts)
    if size and len(data) == size and len(data.rstrip(b"\r\n")) <= limit:
        return FileLine(*place, data)
    return FileLine(*place, b"", too_long_reason(size, limit))
