"""Lines of records that are in another encoding than UTF-8, or damaged: read as if they were not."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cleaner import decode
from cleaner.errors import DecodeError
from cleaner.formats.shared.records import Item, Reading, Record, Rejection
from cleaner.formats.storage.streams import FileLine

Parse = Callable[[str, FileLine, Reading], Item]


def parse(file: str, line: FileLine, reading: Reading, parse_utf8: Parse) -> Item:
    """Parse a line as it stands in UTF-8; the record keeps the bytes that it was read from."""
    encoding = reading.decoding.encoding_of(file)
    if not encoding and _is_utf8(line.data):
        return parse_utf8(file, line, reading)
    try:
        decoded = decode.decode(line.data, encoding=encoding or "utf-8", damaged=reading.decoding.damaged)
    except DecodeError as error:
        return Rejection(file, line.number, line.offset, str(error), line.stored_offset, line.data)
    data = decode.encode(decoded.text, "utf-8", newline=decoded.newline)
    item = parse_utf8(file, line._replace(data=data), reading)
    if data == line.data:
        return item
    if isinstance(item, Rejection):
        return msgspec.structs.replace(item, data=line.data)
    return msgspec.structs.replace(item, original=line.data, exact=False, flags=decoded.flags)


def encode(record: Record, line: bytes, reading: Reading) -> bytes:
    """Return a line in UTF-8 as it is to stand in the file of a record."""
    encoding = reading.decoding.encoding_of(record.file)
    return decode.encode(line.decode(), encoding) if encoding else line


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
