"""Lines that are read for their texts only give the texts, ids and hosts of lines that are read in full."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.formats import jsonl
from cleaner.formats.base import Item, Reading, Record, RecordKey, Rejection
from cleaner.formats.registry import source_of
from cleaner.formats.shared import json_records
from cleaner.formats.storage.streams import FileLine

LINES = [
    b'{"id": "a", "text": "\xe4\xb8\x80\\n\xe4\xba\x8c", "url": "http://www.example.com/1"}\n',
    b'{"text": "one", "id": 7, "domain": "example.org"}\n',
    b'{"text": "one", "id": 7.50}\n',
    b'{"text": "one", "id": -0}\n',
    b'{"text": "one", "id": true}\n',
    b'{"text": "one", "id": 123456789012345678901234567890}\n',
    b'{"text": "one", "id": null, "host": "example.net", "link": "https://other.example/2"}\n',
    b'{"text": "one"}\n',
    b'{"text": "one", "text": "two", "id": "http://mirror.example/www.example.com/x"}\n',
    b'\xef\xbb\xbf{"text": "mark", "id": "b"}\n',
    b'{"text": "half \\ud83d surrogate", "id": "c"}\n',
    b'{"text": 5, "id": "d"}\n',
    b'{"id": "e"}\n',
    b'["text"]\n',
    b"no JSON\n",
    b'{"text": "\xff"}\n',
    b"\n",
]


def outcome(item: Item) -> tuple[object, ...]:
    """What reading a line gives, but for what only writing needs."""
    if isinstance(item, Rejection):
        return (item.file, item.line, item.offset, item.reason, item.data)
    return (item.id, item.file, item.line, item.offset, item.text, item.data, item.host)


@pytest.mark.parametrize("data", LINES)
def test_a_line_gives_the_same_either_way(data: bytes) -> None:
    line = FileLine(3, 40, 40, data)
    full, texts = (json_records.parse_line("in/x.jsonl", line, Reading(texts_only=only)) for only in (False, True))
    assert outcome(texts) == outcome(full)


@pytest.mark.parametrize("field", [b"url", b"id"])
def test_another_field_in_another_encoding_costs_no_line(field: bytes) -> None:
    line = FileLine(1, 0, 0, b'{"text": "one", "%s": "http://\xb4\xef.example/"}\n' % field)
    for only in (False, True):
        item = json_records.parse_line("x.jsonl", line, Reading(texts_only=only))
        assert isinstance(item, Record)
        assert item.text == "one"


def test_lines_of_a_plain_file_are_fetched_by_their_offsets(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"text": f"text {i}" * i}) + "\n" for i in range(9)), encoding="utf-8")
    source, reading = source_of(path), Reading(texts_only=True)
    assert jsonl.FORMAT.fetches_by_offset(source)
    records = [item for _, items in jsonl.FORMAT.shards(source, reading) for item in items]
    some = [record for record in records if isinstance(record, Record)][2::3]
    keys = [RecordKey(0, 0, record.line, record.offset, len(record.data)) for record in some]
    assert list(map(outcome, jsonl.FORMAT.fetch(source, reading, keys))) == list(map(outcome, some))
