"""Records in lines of JSON: their texts read, replaced and restored, all else byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import PurePath
from typing import Any

import msgspec

from cleaner.errors import RestoreError
from cleaner.formats.shared import field_paths, json_paths, json_values
from cleaner.formats.shared.json_paths import Slot
from cleaner.formats.shared.records import Item, Reading, Record, Rejection, find_page, find_pages
from cleaner.formats.storage import mended_lines
from cleaner.formats.storage.streams import FileLine
from cleaner.model import Span
from cleaner.text import seams
from cleaner.text.host import collect_addresses, find_host
from cleaner.text.printable import is_encodable

FORMAT = "jsonl"
"""The name of the format whose records these are, unless another one says so."""
ADDRESS_FIELDS = ("host", "domain", "url", "uri", "link", "source")

Fields = Mapping[str, msgspec.Raw]


def parse_line(file: str, line: FileLine, reading: Reading) -> Item:
    """Return the record in a line of a file; a blank one is a Rejection without a reason."""
    if line.reason or line.data.isspace():
        return _reject(file, line, line.reason)
    return mended_lines.parse(file, line, reading, _parse)


def _parse(file: str, line: FileLine, reading: Reading) -> Item:
    field, *others = reading.texts
    if reading.texts_only and not others and (record := _parse_text(file, line, reading)):
        return record
    fields: Fields = {}
    try:
        fields = json_values.decode_object(line.data)
        if (others or field not in fields) and field_paths.is_joined(reading.texts, fields):
            return _parse_texts(file, line, reading, fields)
        raw = bytes(fields[field])
        text = json_values.decode_string(raw)
    except KeyError:
        return _reject(file, line, f"no field {field!r}; name the text's field with --field", lacks_text=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        lacks_text = bytes(fields.get(field, b"")) == json_values.NULL
        reason = f"not a JSON object with a string under {field!r}: {error}"
        return _reject(file, line, reason, lacks_text=lacks_text)
    encoding, is_exact = json_values.detect_encoding(raw, text)
    return _record(
        file,
        line,
        fields,
        reading,
        text,
        encoding=encoding,
        exact=is_exact,
        rest=json_values.find_value(line.data, raw, field),
        pages=find_page(text, reading),
    )


def _record(file: str, line: FileLine, fields: Fields, reading: Reading, text: str, **others: Any) -> Record:
    """Return a record with what all have in common."""
    key = _id(fields, reading, file, line)
    addresses = collect_addresses([json_values.decode(fields[name]) for name in ADDRESS_FIELDS if name in fields])
    place = file, line.number, line.offset, line.stored_offset
    return Record(key, *place, text, line.data, host=find_host(key, addresses), format=FORMAT, **others)


def _parse_texts(file: str, line: FileLine, reading: Reading, fields: Fields) -> Item:
    """Return the record with all strings that the paths of its fields lead to."""
    slots = _find_slots(line.data, reading.texts, fields)
    strings = [slot for slot in slots if line.data[slot.start : slot.start + 1] == json_values.QUOTE]
    if refusal := _refuse(line.data, slots, strings, reading, fields):
        return _reject(file, line, refusal, lacks_text=not slots)
    raws = [line.data[slot.start : slot.stop] for slot in strings]
    texts = [json_values.decode_string(raw) for raw in raws]
    encodings = [json_values.detect_encoding(raw, text) for raw, text in zip(raws, texts, strict=True)]
    encoding = next((name for name, _ in encodings if name != json_values.JSON), json_values.JSON)
    seam = seams.choose(texts)
    return _record(
        file,
        line,
        fields,
        reading,
        seam.join(texts),
        encoding=encoding,
        exact=seam == seams.SEAM
        and all(raw == json_values.encode_string(text, encoding) for raw, text in zip(raws, texts, strict=True)),
        rest=tuple((slot.start, slot.stop) for slot in strings),
        seam=seam,
        paths=tuple(field_paths.describe(slot.steps) for slot in strings),
        pages=find_pages(texts, reading),
    )


def _find_slots(line: bytes, texts: Sequence[str], fields: Fields) -> list[Slot]:
    """Find the values that the fields lead to; null counts as none."""
    slots = json_paths.find_values(line, field_paths.resolve(texts, fields))
    return [slot for slot in slots if line[slot.start : slot.stop] != json_values.NULL]


def _refuse(line: bytes, slots: Sequence[Slot], strings: Sequence[Slot], reading: Reading, fields: Fields) -> str:
    """Say why a record has no text; empty where it has, or only an empty list of them."""
    names = " or ".join(map(repr, reading.texts))
    if not field_paths.resolve(reading.texts, fields):
        return f"no field {names}; name the text's field with --field"
    if slots and not strings:
        kind = type(json_values.decode(line[slots[0].start : slots[0].stop])).__name__
        return f"no string at {names}, but {kind} at {field_paths.describe(slots[0].steps)}"
    return ""


def _parse_text(file: str, line: FileLine, reading: Reading) -> Record | None:
    """Return the record in a line without what writing needs; None where the full way must tell what it is."""
    try:
        values = json_values.decode_values(line.data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    text, key = values.get(reading.text), _plain_id(values.get(reading.id), file, line)
    if not isinstance(text, str) or key is None:
        return None
    host = find_host(key, collect_addresses([values[name] for name in ADDRESS_FIELDS if name in values]))
    place = line.number, line.offset, line.stored_offset
    return Record(key, file, *place, text, line.data, host=host, pages=find_page(text, reading))


def _reject(file: str, line: FileLine, reason: str, *, lacks_text: bool = False) -> Rejection:
    return Rejection(file, line.number, line.offset, reason, line.stored_offset, line.data, lacks_text)


def _id(fields: Fields, reading: Reading, file: str, line: FileLine) -> str:
    raw = fields.get(reading.id)
    if raw is None or bytes(raw) == json_values.NULL:
        return _file_and_line(file, line)
    value = json_values.decode(raw)
    return value if isinstance(value, str) and is_encodable(value) else bytes(raw).decode().strip('"')


def _plain_id(value: Any, file: str, line: FileLine) -> str | None:
    """Return a decoded id as it is written; None for values that may be written in several ways, 0 as -0 among them."""
    if value is None:
        return _file_and_line(file, line)
    if isinstance(value, str):
        return value if is_encodable(value) else None
    return str(value) if type(value) is int and value else None


def _file_and_line(file: str, line: FileLine) -> str:
    """Name a record that has no id."""
    return f"{PurePath(file).name}:{line.number}"


def spans_of(record: Record) -> Sequence[tuple[int, int]]:
    """Return where the value of each text begins and ends in the line."""
    return record.rest if record.seam else [record.rest]


def replace_in_line(record: Record, text: str) -> bytes:
    """Return a record's line with another text; a text that stays keeps its bytes."""
    if not record.seam:
        start, stop = record.rest
        if text == record.text:
            return record.data
        return record.data[:start] + json_values.encode_string(text, record.encoding) + record.data[stop:]
    changes = []
    for span, before, after in zip(spans_of(record), record.split(record.text), record.split(text), strict=True):
        if after != before:
            raw = record.data[slice(*span)]
            encoding, _ = json_values.detect_encoding(raw, before)
            changes.append((*span, json_values.encode_string(after, encoding)))
    return _put(record.data, changes)


def add_metadata(line: bytes, record: Record, reading: Reading) -> bytes:
    """Add to a line what a page in its record says of itself, where that is asked for."""
    if not reading.metadata:
        return line
    from cleaner.formats.metadata import records

    return records.add_fields(line, record, reading)


def _put(line: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Replace slices of a line."""
    for start, stop, new in sorted(changes, key=itemgetter(0), reverse=True):
        line = line[:start] + new + line[stop:]
    return line


def other_fields(record: Record) -> Mapping[str, msgspec.Raw]:
    """Return the values of a line that are not null and hold no text of the record."""
    line = _put(record.data, [(start, stop, json_values.NULL) for start, stop in spans_of(record)])
    fields = json_values.decode_object(line)
    return {name: value for name, value in fields.items() if bytes(value) != json_values.NULL}


def value_starts(record: Record, text: str, spans: Sequence[Span]) -> list[int]:
    """Return where the value begins in the line that holds each of some spans of the text."""
    starts = [start for start, _ in spans_of(record)] or [0]
    numbers = (text.count(record.seam, 0, span.start) if record.seam else 0 for span in spans)
    return [starts[min(number, len(starts) - 1)] for number in numbers]


def restore_line(line: bytes, texts: Sequence[str], undo: Callable[[str], str], encoding: str) -> bytes:
    """Put the original texts into a line, see `Jsonl.restore_line`."""
    fields = json_values.decode_object(line)
    if not field_paths.is_joined(texts, fields):
        raw = bytes(fields[texts[0]])
        start, stop = json_values.find_value(line, raw, texts[0])
        return _put(line, [(start, stop, json_values.encode_string(undo(json_values.decode_string(raw)), encoding))])
    slots = _find_slots(line, texts, fields)
    spans = [slot[:2] for slot in slots if line[slot.start : slot.start + 1] == json_values.QUOTE]
    clean_texts = [json_values.decode_string(line[start:stop]) for start, stop in spans]
    originals = undo(seams.SEAM.join(clean_texts)).split(seams.SEAM) if spans else []
    if len(originals) != len(spans):
        raise RestoreError(f"{len(spans)} texts instead of {len(originals)}")
    changes = [
        (*span, json_values.encode_string(text, encoding))
        for span, text, clean_text in zip(spans, originals, clean_texts, strict=True)
        if text != clean_text
    ]
    return _put(line, changes)
