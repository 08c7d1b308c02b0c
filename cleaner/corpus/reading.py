"""Read records as texts, before anything is done to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import msgspec
from msgspec import Struct

from cleaner.decode import DETECTED, DecodedText, DecodeOptions
from cleaner.errors import CleanerError, UsageError
from cleaner.features import markup
from cleaner.formats import html, registry
from cleaner.formats.base import Item, Reading, Record, Rejection, Source
from cleaner.formats.shared.records import HOST_FOLDER
from cleaner.model import Document
from cleaner.pipeline import PageHints
from cleaner.text.host import host_of_value


class ReadRecord(Struct, frozen=True):
    """One record as text, before cleaning.

    `hints`: what the markup of a page says about its lines; of a record of several texts, one for each.
    """

    record: Record
    decoded: DecodedText
    document: Document
    hints: PageHints = None


def hints_of(read: ReadRecord) -> markup.Hints | None:
    """Return what the markup of a record says of its lines; None where it has several texts, or none is a page."""
    return read.hints if isinstance(read.hints, markup.Hints) else None


def read_record(item: Item, options: DecodeOptions = DETECTED, *, with_islands: bool = True) -> ReadRecord | Rejection:
    """Read a record as text; what cannot be decoded is a Rejection with the reason.

    Args:
        item: the record.
        options: how bytes are decoded.
        with_islands: whether to look for what cleaning leaves as it is, which takes time.
    """
    if isinstance(item, Rejection):
        return item
    try:
        decoded, hints = _decode(item, options)
    except UsageError:
        raise
    except CleanerError as error:
        return reject_record(item, str(error))
    islands = registry.BY_NAME[item.kind].islands(decoded.text) if with_islands and item.kind else ()
    document = Document(
        item.id,
        decoded.text,
        item.file,
        decoded.encoding,
        islands=islands,
        flags=(*item.flags, *decoded.flags),
        seam=item.seam,
        host=item.host,
    )
    return ReadRecord(item, decoded, document, hints)


def name_host(item: Item, reading: Reading) -> Item:
    """Give a record the host that the options of reading say; without any it has that of the usual fields."""
    if not reading.host_from or isinstance(item, Rejection):
        return item
    if reading.host_from == HOST_FOLDER:
        folder, slash, _ = item.id.partition("/")
        host = folder if slash else PurePath(item.file).parent.name
    else:
        host = host_of_value(registry.record_format(item).value(item, reading.host_from))
    return msgspec.structs.replace(item, host=host.lower())


def read_source(source: Source, reading: Reading) -> Iterator[ReadRecord | Rejection]:
    """Read all records of a file, but for blank lines."""
    for item in _items(source, reading):
        if isinstance(item, Record) or item.reason:
            yield read_record(item, reading.decoding)


def _items(source: Source, reading: Reading) -> Iterator[Item]:
    format_ = registry.BY_NAME[source.files[0].kind]
    return (name_host(item, reading) for _, items in format_.shards(source, reading) for item in items)


def find_record(source: Source, reading: Reading, number: int = 0, key: str = "") -> ReadRecord | Rejection | None:
    """Read one record of a file, by its line or number or else by its id; None where there is none.

    Without either it is the only one; UsageError where there are several.
    """
    records: list[Item] = []
    for item in _items(source, reading):
        is_wanted = item.line in (0, number) if number else not key or (isinstance(item, Record) and item.id == key)
        if is_wanted and (isinstance(item, Record) or item.reason):
            records.append(item)
            if number or key:
                break
            if len(records) > 1:
                raise UsageError(
                    f"{source.path}: holds several records; name one as {source.path}:{item.line} or --record ID"
                )
    return read_record(records[0], reading.decoding) if records else None


def _decode(record: Record, options: DecodeOptions) -> tuple[DecodedText, PageHints]:
    if record.kind:
        return registry.BY_NAME[record.kind].decode(record, options)
    if record.pages:
        return html.read_fields(record, options)
    return DecodedText(record.text, record.encoding, exact=record.exact), None


def reject_record(record: Record, reason: str) -> Rejection:
    """Return a record as refused."""
    data = b"" if record.kind else record.stored_data
    return Rejection(record.file, record.line, record.offset, reason, record.stored_offset, data)


def location(item: Rejection) -> str:
    """Say where something was refused."""
    return f"{item.file}:{item.line}" if item.line else item.file
