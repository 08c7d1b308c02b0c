"""Metadata of the pages of records, as fields of a record or as the front matter of Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cleaner import decode
from cleaner.formats import html
from cleaner.formats.metadata.model import as_fields, as_plain
from cleaner.formats.shared import json_values

if TYPE_CHECKING:
    from cleaner.formats.metadata.model import Metadata
    from cleaner.formats.shared.records import Reading, Record

_FENCE = "---\n"


def page_fields(record: Record, reading: Reading) -> dict[str, Any]:
    """Return what the first page of a record says of itself, as fields; none where no page is in it."""
    return as_fields(_read(record, reading))


def front_matter(record: Record, reading: Reading) -> str:
    """Return what a page says of itself as YAML, whose values are JSON; "" where nothing is known."""
    values = as_plain(_read(record, reading))
    if not values:
        return ""
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())
    return f"{_FENCE}{''.join(lines)}{_FENCE}\n"


def add_fields(line: bytes, record: Record, reading: Reading) -> bytes:
    """Add to a line of JSON what its first page says of itself, under names that it does not have."""
    names = json_values.decode_object(line)
    fields = {name: value for name, value in page_fields(record, reading).items() if name not in names}
    if not fields:
        return line
    place = line.rindex(b"}")
    return line[:place].rstrip() + b", " + json_values.encode_line(fields).strip()[1:] + line[place + 1 :]


def _read(record: Record, reading: Reading) -> Metadata:
    address = record.id if "://" in record.id else ""
    if record.kind == html.FORMAT.name:
        options = reading.decoding
        encoding = options.encoding_of(record.file)
        markup = decode.decode(record.data, record.charset or None, encoding, options.damaged).text
        return html.read_metadata(markup, address)
    return html.read_metadata(record.split(record.text)[record.pages[0]], address) if record.pages else {}
